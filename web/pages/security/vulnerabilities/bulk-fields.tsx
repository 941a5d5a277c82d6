import { NativeSelect, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Change } from '../../../../contract/security/bulk-changes.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { membersQuery } from '../../../api/members.ts'
import { severityWords } from '../../../ui/words.ts'

type FieldsProps = {
  readonly change: Change
  readonly onChange: (change: Change) => void
  readonly needs: readonly string[]
}

/** What has to be said with a change. */
export function BulkFields({ change, onChange, needs }: FieldsProps) {
  switch (change.kind) {
    case 'move':
      return <MoveFields needs={needs} />
    case 'assign':
      return (
        <AssigneeField
          value={change.assignee_id}
          onChange={(assignee_id) => onChange({ kind: 'assign', assignee_id })}
        />
      )
    case 'tags':
      return (
        <>
          <TagsInput
            label="Add"
            placeholder="Type a tag, then Enter"
            maxTags={20}
            value={change.add}
            onChange={(add) => onChange({ ...change, add })}
            data-autofocus
          />
          <TagsInput
            label="Remove"
            placeholder="Type a tag, then Enter"
            maxTags={20}
            value={change.remove}
            onChange={(remove) => onChange({ ...change, remove })}
          />
        </>
      )
    case 'severity':
      return (
        <>
          <NativeSelect
            label="Severity"
            data={severities.map((value) => ({ value, label: severityWords[value] }))}
            value={change.severity}
            onChange={(event) => {
              const severity = severities.find((one) => one === event.currentTarget.value)
              if (severity !== undefined) onChange({ ...change, severity })
            }}
            data-autofocus
          />
          <Reason />
        </>
      )
    case 'send':
      return null
  }
}

function MoveFields({ needs }: { readonly needs: readonly string[] }) {
  const [tomorrow] = useState(() => new Date(Date.now() + 24 * 3600 * 1000).toISOString().slice(0, 10))
  return (
    <>
      {needs.includes('reason') && <Reason isFirst />}
      {needs.includes('accepted_until') && (
        <TextInput type="date" name="accepted_until" label="Look at them again on" required min={tomorrow} />
      )}
    </>
  )
}

function Reason({ isFirst = false }: { readonly isFirst?: boolean }) {
  return (
    <Textarea
      name="reason"
      label="Reason"
      description="Stays in the history of each."
      required
      autosize
      minRows={3}
      maxRows={10}
      maxLength={2000}
      {...(isFirst && { 'data-autofocus': true })}
    />
  )
}

type AssigneeProps = { readonly value: string | null; readonly onChange: (id: string | null) => void }

function AssigneeField({ value, onChange }: AssigneeProps) {
  const members = useQuery(membersQuery)
  const active = (members.data?.items ?? []).filter((member) => member.disabled_at === null)
  return (
    <NativeSelect
      label="Assignee"
      data={[{ value: '', label: 'Nobody' }, ...active.map(({ id, name }) => ({ value: id, label: name }))]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      data-autofocus
    />
  )
}
