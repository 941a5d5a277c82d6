import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Change } from '../../../../contract/security/bulk-changes.ts'
import { type BulkTarget, bulkPreviewQuery, toBody, useCreateBulkChange } from '../../../api/bulk-changes.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useFollow } from '../../../shell/followed-changes.tsx'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormProblem, ProblemNote } from '../../../ui/states.tsx'
import { count, formatNumber, statusWords } from '../../../ui/words.ts'
import { BulkFields } from './bulk-fields.tsx'
import type { BulkMove } from './bulk-moves.ts'

export type BulkTask =
  | ({ readonly kind: 'move' } & BulkMove)
  | { readonly kind: 'assign' | 'tags' | 'severity' | 'send' }

type BulkDialogProps = {
  readonly task: BulkTask
  readonly amount: number
  readonly target: BulkTarget
  readonly onCancel: () => void
  readonly onStarted: () => void
}

function titleOf(task: BulkTask, amount: number): string {
  const them = count(amount, 'vulnerability', 'vulnerabilities')
  switch (task.kind) {
    case 'move':
      return `Change ${them} to: ${statusWords[task.to].label}`
    case 'assign':
      return `Assign ${them}`
    case 'tags':
      return `Change the tags of ${them}`
    case 'severity':
      return `Set the severity of ${them}`
    case 'send':
      return `Send ${them} to Bitbucket`
  }
}

function firstChange(task: BulkTask): Change {
  switch (task.kind) {
    case 'move':
      return { kind: 'move', to: task.to }
    case 'assign':
      return { kind: 'assign', assignee_id: null }
    case 'tags':
      return { kind: 'tags', add: [], remove: [] }
    case 'severity':
      // A reason is asked for below; the server wants one to look.
      return { kind: 'severity', severity: 'high', reason: '…' }
    case 'send':
      return { kind: 'send' }
  }
}

function withWords(change: Change, form: FormData): Change {
  const reason = readText(form, 'reason')
  if (change.kind === 'severity') return { ...change, reason }
  if (change.kind !== 'move') return change
  const until = readText(form, 'accepted_until')
  return { ...change, ...(reason !== '' && { reason }), ...(until !== '' && { accepted_until: until }) }
}

function buttonOf(task: BulkTask): string {
  if (task.kind === 'move') return `Change to ${statusWords[task.to].label}`
  return task.kind === 'send' ? 'Send' : 'Change'
}

/** Says what will happen and what will not, with the reasons; what is done then goes on without this page. */
export function BulkDialog({ task, amount, target, onCancel, onStarted }: BulkDialogProps) {
  const [change, setChange] = useState<Change>(() => firstChange(task))
  const create = useCreateBulkChange()
  const follow = useFollow()
  const isReady = change.kind !== 'tags' || change.add.length + change.remove.length > 0
  const preview = useQuery({
    ...bulkPreviewQuery(target, change),
    enabled: isReady,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const needs = preview.data?.needs ?? (task.kind === 'move' ? task.needs : [])
  const submit = (form: FormData) => {
    const body = toBody(target, withWords(change, form))
    create.mutate(
      { body },
      {
        onSuccess: ({ id }) => {
          follow(id)
          onStarted()
        },
      },
    )
  }
  const title = titleOf(task, amount)
  return (
    <Modal opened onClose={onCancel} title={<Text fw={650}>{title}</Text>}>
      <ApiForm onSubmit={submit} label={title}>
        <Stack>
          <BulkFields change={change} onChange={setChange} needs={needs} />
          {preview.isError && <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} />}
          {isReady && preview.data !== undefined && <Preview preview={preview.data} />}
          <FormProblem error={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={create.isPending}
              disabled={!isReady || preview.data?.changed === 0}
              data-autofocus={(task.kind === 'move' && task.needs.length === 0) || undefined}
            >
              {buttonOf(task)}
            </Button>
          </Group>
        </Stack>
      </ApiForm>
    </Modal>
  )
}

function Preview({ preview }: { readonly preview: RouteResponse<'previewBulkChange'> }) {
  const { changed, unchanged, refused, groups } = preview
  return (
    <Stack gap={6} component="section" aria-label="What will happen">
      <Text>
        <strong>{formatNumber(changed)}</strong>
        {` of ${count(preview.total, 'vulnerability', 'vulnerabilities')} will change.`}
      </Text>
      {unchanged + refused > 0 && (
        <>
          <Text c="dimmed">{`Left as they are: ${formatNumber(unchanged + refused)}.`}</Text>
          <List size="sm" c="dimmed" spacing={2}>
            {groups.map((group) => (
              <List.Item key={group.reason} className="break">
                {`${formatNumber(group.count)}: ${group.reason}`}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  )
}
