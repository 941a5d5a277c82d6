import { Button, Group, Modal, Progress, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { VulnerabilitySummary } from '../../../../contract/security/vulnerabilities.ts'
import { call } from '../../../api/call.ts'
import { type RunState, runEach } from '../../../api/run-each.ts'
import { staleAfterChange } from '../../../api/vulnerabilities.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { count, statusWords } from '../../../ui/words.ts'
import type { BulkMove } from './bulk-moves.ts'

type Row = VulnerabilitySummary
type Rows = Pick<BulkMove<Row>, 'allowed' | 'refused'>
export type BulkTask = ({ readonly kind: 'move' } & BulkMove<Row>) | ({ readonly kind: 'send' } & Rows)

type BulkDialogProps = { readonly task: BulkTask; readonly onCancel: () => void; readonly onDone: () => void }

function titleOf(task: BulkTask): string {
  const amount = count(task.allowed.length, 'vulnerability', 'vulnerabilities')
  return task.kind === 'send' ? `Send ${amount} to Bitbucket` : `Change ${amount} to: ${statusWords[task.to].label}`
}

async function actOn(task: BulkTask, row: Row, form: FormData): Promise<unknown> {
  const params = { id: row.id }
  if (task.kind === 'send') return call('sendVulnerability', { params, body: {} })
  const reason = readText(form, 'reason')
  const until = readText(form, 'accepted_until')
  const said = { ...(reason !== '' && { reason }), ...(until !== '' && { accepted_until: until }) }
  return call('moveVulnerability', { params, body: { to: task.to, ...said } })
}

/** Says what will happen and what will not, does it one after the other, and lists what was refused on the way. */
export function BulkDialog({ task, onCancel, onDone }: BulkDialogProps) {
  const client = useQueryClient()
  const [run, setRun] = useState<RunState<Row> | null>(null)
  const isOver = run !== null && run.done === run.total
  const submit = async (form: FormData) => {
    await runEach({ items: task.allowed, act: async (row) => actOn(task, row, form), onStep: setRun })
    await Promise.all(staleAfterChange.map((route) => client.invalidateQueries({ queryKey: [route] })))
  }
  const close = run === null ? onCancel : onDone
  return (
    <Modal opened onClose={close} closeOnClickOutside={run === null} title={<Text fw={650}>{titleOf(task)}</Text>}>
      <ApiForm onSubmit={(form) => void submit(form)} label={titleOf(task)}>
        <Stack>
          {run === null ? <Question task={task} /> : <Outcome run={run} />}
          <Group justify="flex-end">
            {isOver ? (
              <Button onClick={onDone}>Done</Button>
            ) : (
              <>
                <Button variant="default" onClick={close}>
                  {run === null ? 'Cancel' : 'Close'}
                </Button>
                <Button type="submit" loading={run !== null}>
                  {task.kind === 'send' ? 'Send' : `Change to ${statusWords[task.to].label}`}
                </Button>
              </>
            )}
          </Group>
        </Stack>
      </ApiForm>
    </Modal>
  )
}

function Question({ task }: { readonly task: BulkTask }) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const needs = task.kind === 'move' ? task.needs : []
  return (
    <>
      {task.kind === 'send' && (
        <Text>Each goes to the repository of its asset; one that cannot go is named afterwards with the reason.</Text>
      )}
      {task.refused.length > 0 && (
        <Text c="dimmed" className="break">
          {`Left as they are, because this move is not open to them: ${task.refused.map((row) => `#${row.number} (${statusWords[row.status].label})`).join(', ')}.`}
        </Text>
      )}
      {needs.includes('reason') && (
        <Textarea
          name="reason"
          label="Reason"
          description="Stays in the history of each."
          required
          autosize
          minRows={3}
          maxRows={10}
          maxLength={2000}
          data-autofocus
        />
      )}
      {needs.includes('accepted_until') && (
        <TextInput type="date" name="accepted_until" label="Look at them again on" required min={today} />
      )}
    </>
  )
}

function Outcome({ run }: { readonly run: RunState<Row> }) {
  const done = run.done - run.refused.length
  return (
    <>
      <Progress value={(run.done / run.total) * 100} aria-label={`${run.done} of ${run.total}`} />
      <Text component="output">{`${done} of ${run.total} done${run.refused.length > 0 ? `, ${run.refused.length} refused` : ''}.`}</Text>
      {run.refused.map(({ item, problem }) => (
        <Text key={item.id} size="sm" c="var(--bad-fg)" className="break">
          {`#${item.number} ${item.title}: ${problem.detail}`}
        </Text>
      ))}
    </>
  )
}
