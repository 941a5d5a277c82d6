import { Fieldset, NativeSelect, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JiraField } from '../../../../contract/sync/jira-form.ts'
import { jiraFieldsQuery, jiraProjectsQuery, jiraTypesQuery } from '../../../api/tracker-routes.ts'
import { fieldError } from '../../../ui/form.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { JiraFieldInput } from './jira-field-input.tsx'
import { splitFields } from './jira-field-values.ts'
import type { SettingValues } from './settings-form.ts'

/** Settings this form draws; the others are drawn as for every tracker. */
export const jiraSettings: ReadonlySet<string> = new Set(['project', 'issueType', 'fields'])

type JiraFieldsProps = {
  readonly connectionId: string
  readonly values: SettingValues
  readonly onChange: (values: SettingValues) => void
  readonly error: unknown
}

/** Project, issue type, and the fields Jira has for it. */
export function JiraFields(props: JiraFieldsProps) {
  const { connectionId, values, onChange } = props
  const project = toName(values['project'])
  const issueType = toName(values['issueType'])
  if (connectionId === '')
    return (
      <Text size="sm" c="dimmed">
        Choose the connection: its projects, issue types and fields are then offered here.
      </Text>
    )
  return (
    <>
      <ProjectSelect {...props} project={project} />
      {project !== '' && (
        <TypeSelect
          // Another project's types are others.
          key={project}
          place={{ connectionId, project }}
          value={issueType}
          onChange={(next) => onChange({ ...values, issueType: next, fields: {} })}
        />
      )}
      {project !== '' && issueType !== '' && <TypeFields {...props} place={{ connectionId, project, issueType }} />}
    </>
  )
}

const searchAfterMs = 250

function ProjectSelect({
  connectionId,
  values,
  onChange,
  error,
  project,
}: JiraFieldsProps & { readonly project: string }) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, searchAfterMs)
  const wanted = q.includes(' · ') ? '' : q
  const found = useQuery({ ...jiraProjectsQuery(connectionId, wanted), placeholderData: keepPreviousData })
  const listed = (found.data?.items ?? []).map(({ id, key, name }) => ({ value: id, label: `${key} · ${name}`, key }))
  // A route made by hand may name a project by its key.
  const current = listed.find((one) => one.value === project || one.key === project)?.value ?? project
  const choices = listed.map(({ value, label }) => ({ value, label }))
  const isListed = current === '' || choices.some(({ value }) => value === current)
  return (
    <>
      <Select
        label="Project"
        withAsterisk
        searchable
        nothingFoundMessage="No project is called that"
        error={fieldError(error, 'settings.project')}
        data={isListed ? choices : [{ value: current, label: current }, ...choices]}
        value={current === '' ? null : current}
        onSearchChange={setTyped}
        onChange={(next) => next !== null && onChange({ ...values, project: next, issueType: '', fields: {} })}
      />
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
    </>
  )
}

type TypeProps = {
  readonly place: { readonly connectionId: string; readonly project: string }
  readonly value: string
  readonly onChange: (issueType: string) => void
}

function TypeSelect({ place: { connectionId, project }, value, onChange }: TypeProps) {
  const types = useQuery(jiraTypesQuery(connectionId, project))
  const choices = (types.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      <NativeSelect
        label="Issue type"
        withAsterisk
        disabled={types.isPending}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[{ value: '', label: 'Not chosen' }, ...choices]}
      />
      {types.isError && <ProblemNote error={types.error} onRetry={() => void types.refetch()} />}
    </>
  )
}

type TypeFieldsProps = JiraFieldsProps & {
  readonly place: { readonly connectionId: string; readonly project: string; readonly issueType: string }
}

function TypeFields({ place, values, onChange, error }: TypeFieldsProps) {
  const fields = useQuery(jiraFieldsQuery(place.connectionId, place))
  if (fields.isError) return <ProblemNote error={fields.error} onRetry={() => void fields.refetch()} />
  if (fields.isPending) return <LoadingRows rows={2} />
  const { required, others } = splitFields(fields.data.items)
  const given = toFields(values['fields'])
  const change = (id: string) => (next: unknown) => {
    const { [id]: _before, ...rest } = given
    onChange({ ...values, fields: next === undefined || next === '' ? rest : { ...rest, [id]: next } })
  }
  const draw = (field: JiraField) => (
    <JiraFieldInput
      key={field.id}
      field={field}
      value={given[field.id]}
      error={fieldError(error, `settings.fields.${field.id}`)}
      onChange={change(field.id)}
      place={place}
    />
  )
  return (
    <>
      {required.length > 0 && (
        <Fieldset legend="What Jira asks for">
          <Stack gap="sm">{required.map(draw)}</Stack>
        </Fieldset>
      )}
      {others.length > 0 && (
        <details>
          <summary>{`More fields of this issue type (${others.length})`}</summary>
          <Stack gap="sm" mt="sm">
            {others.map(draw)}
          </Stack>
        </details>
      )}
    </>
  )
}

function toName(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function toFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
