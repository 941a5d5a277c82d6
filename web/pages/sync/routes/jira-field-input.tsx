import {
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Select,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JiraField } from '../../../../contract/sync/jira-form.ts'
import { jiraPeopleQuery } from '../../../api/tracker-routes.ts'
import {
  fromCascade,
  fromLocalMoment,
  toCascade,
  toId,
  toIds,
  toLocalMoment,
  toPlainText,
  toText,
  toWordList,
} from './jira-field-values.ts'

type InputProps = {
  readonly field: JiraField
  readonly value: unknown
  readonly error: string | undefined
  readonly onChange: (value: unknown) => void
  /** Where people are searched. */
  readonly place: { readonly connectionId: string; readonly project: string }
}

/** One field of an issue type, drawn by its kind. */
export function JiraFieldInput({ field, value, error, onChange, place }: InputProps) {
  const words = { label: field.name, withAsterisk: field.is_required, error }
  switch (field.kind) {
    case 'text':
      return (
        <TextInput
          {...words}
          maxLength={255}
          value={toText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'long_text':
      return (
        <Textarea
          {...words}
          autosize
          minRows={2}
          value={toPlainText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...words}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? undefined : Number(next))}
        />
      )
    case 'date':
      return (
        <TextInput
          {...words}
          type="date"
          value={toText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'moment':
      return (
        <TextInput
          {...words}
          type="datetime-local"
          value={toLocalMoment(value)}
          onChange={(event) => onChange(fromLocalMoment(event.currentTarget.value))}
        />
      )
    case 'choice':
      return (
        <NativeSelect
          {...words}
          data={listChoices(field.choices)}
          value={toId(value)}
          onChange={({ currentTarget: { value: id } }) => onChange(id === '' ? undefined : { id })}
        />
      )
    case 'choices':
      return (
        <MultiSelect
          {...words}
          searchable
          data={field.choices.map(({ id, label }) => ({ value: id, label }))}
          value={toIds(value)}
          onChange={(ids) => onChange(ids.length === 0 ? undefined : ids.map((id) => ({ id })))}
        />
      )
    case 'cascade':
      return <CascadeInput field={field} value={value} error={error} onChange={onChange} />
    case 'person':
    case 'people':
      return <PeopleInput field={field} value={value} error={error} onChange={onChange} place={place} />
    case 'labels':
      return (
        <TagsInput
          {...words}
          value={toWordList(value)}
          onChange={(labels) => onChange(labels.length === 0 ? undefined : labels)}
        />
      )
    case 'other':
      return (
        <Text size="sm" c="var(--bad-fg)" className="break">
          {`${field.name} is required in Jira, and Weir has no way to fill it: nothing can be sent until Jira gives it a default or asks for it no more.`}
        </Text>
      )
    default:
      return field.kind satisfies never
  }
}

function listChoices(choices: readonly { readonly id: string; readonly label: string }[]) {
  return [{ value: '', label: 'Not chosen' }, ...choices.map(({ id, label }) => ({ value: id, label }))]
}

function CascadeInput({ field, value, error, onChange }: Omit<InputProps, 'place'>) {
  const { above, below } = toCascade(value)
  const parent = field.choices.find(({ id }) => id === above)
  return (
    <Group grow align="flex-start" gap="sm">
      <NativeSelect
        label={field.name}
        withAsterisk={field.is_required}
        error={error}
        data={listChoices(field.choices)}
        value={above}
        onChange={(event) => onChange(fromCascade({ above: event.currentTarget.value, below: '' }))}
      />
      {parent !== undefined && parent.children.length > 0 && (
        <NativeSelect
          label={`${field.name}: ${parent.label}`}
          data={listChoices(parent.children)}
          value={below}
          onChange={(event) => onChange(fromCascade({ above, below: event.currentTarget.value }))}
        />
      )}
    </Group>
  )
}

const searchAfterMs = 250

function PeopleInput({ field, value, error, onChange, place: { connectionId, project } }: InputProps) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, searchAfterMs)
  const found = useQuery(jiraPeopleQuery(connectionId, { project, q }))
  const chosen = field.kind === 'people' ? toIds(value) : [toId(value)].filter((id) => id !== '')
  const listed = (found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const missing = chosen.filter((id) => listed.every((one) => one.value !== id))
  const common = {
    label: field.name,
    withAsterisk: field.is_required,
    error,
    searchable: true,
    clearable: true,
    nothingFoundMessage: 'Nobody is called that',
    onSearchChange: setTyped,
    data: [...listed, ...missing.map((id) => ({ value: id, label: id }))],
  }
  return field.kind === 'people' ? (
    <MultiSelect
      {...common}
      value={chosen}
      onChange={(ids) => onChange(ids.length === 0 ? undefined : ids.map((accountId) => ({ accountId })))}
    />
  ) : (
    <Select
      {...common}
      value={chosen[0] ?? null}
      onChange={(accountId) => onChange(accountId === null ? undefined : { accountId })}
    />
  )
}
