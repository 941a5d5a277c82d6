import { Fieldset, Group, JsonInput, NativeSelect, NumberInput, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { toWords } from '../../../ui/words.ts'
import type { SettingField, SettingValues } from './settings-form.ts'

type SettingsFieldsProps = {
  readonly fields: readonly SettingField[]
  readonly values: SettingValues
  readonly onChange: (values: SettingValues) => void
}

/** The settings of a tracker as it declares them; an emptied field is left out, so that the tracker's default holds. */
export function SettingsFields({ fields, values, onChange }: SettingsFieldsProps) {
  const change = (name: string) => (value: unknown) => {
    const { [name]: _before, ...others } = values
    onChange(value === undefined || value === '' ? others : { ...others, [name]: value })
  }
  return fields.map((field) => (
    <SettingInput key={field.name} field={field} value={values[field.name]} onChange={change(field.name)} />
  ))
}

type InputProps = {
  readonly field: SettingField
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function SettingInput({ field, value, onChange }: InputProps) {
  const words = { label: field.label, description: field.hint }
  switch (field.kind) {
    case 'text':
      return <TextInput {...words} value={toText(value)} onChange={(event) => onChange(event.currentTarget.value)} />
    case 'number':
      return <NumberInput {...words} value={typeof value === 'number' ? value : ''} onChange={onChange} />
    case 'switch':
      return <Switch {...words} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    case 'list':
      return <TagsInput {...words} value={toList(value)} onChange={onChange} />
    case 'choice':
      return (
        <NativeSelect
          {...words}
          value={toText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
          data={toChoices(field.choices, value === undefined || !field.isRequired)}
        />
      )
    case 'map':
      return <MapInput field={field} value={value} onChange={onChange} />
    case 'json':
      return <JsonSetting field={field} value={value} onChange={onChange} />
    default:
      return field satisfies never
  }
}

function MapInput({ field, value, onChange }: InputProps & { readonly field: SettingField & { kind: 'map' } }) {
  const present = toEntries(value)
  const change = (key: string, next: string) => {
    const { [key]: _before, ...others } = present
    onChange(next === '' ? others : { ...others, [key]: next })
  }
  return (
    <Fieldset legend={field.label}>
      <Group gap="sm" align="flex-end">
        {field.keys.map((key) => {
          const words = { label: toWords(key), value: toText(present[key]) }
          return field.choices.length === 0 ? (
            <TextInput key={key} {...words} onChange={(event) => change(key, event.currentTarget.value)} />
          ) : (
            <NativeSelect
              key={key}
              {...words}
              onChange={(event) => change(key, event.currentTarget.value)}
              data={toChoices(field.choices, present[key] === undefined)}
            />
          )
        })}
      </Group>
    </Fieldset>
  )
}

/** Keeps what is being typed, and hands on what can be read. */
function JsonSetting({ field, value, onChange }: InputProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const type = (next: string) => {
    setText(next)
    if (next.trim() === '') return onChange(undefined)
    try {
      onChange(JSON.parse(next))
    } catch {
      // It is not finished: the field says so when it is left.
    }
  }
  return (
    <JsonInput
      label={field.label}
      description={field.hint ?? 'As JSON.'}
      validationError="This is no JSON yet."
      autosize
      minRows={2}
      value={text}
      onChange={type}
    />
  )
}

function toChoices(choices: readonly string[], withNone: boolean) {
  const none = withNone ? [{ value: '', label: 'Not chosen' }] : []
  return [...none, ...choices.map((value) => ({ value, label: toWords(value) }))]
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function toEntries(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
