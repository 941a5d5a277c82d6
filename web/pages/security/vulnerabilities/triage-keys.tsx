import { Kbd, Modal, Stack, Text, UnstyledButton } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { VulnerabilitySummary } from '../../../../contract/security/vulnerabilities.ts'
import { toProblem } from '../../../api/api-problem.ts'
import { type BulkTarget, toBody, useCreateBulkChange } from '../../../api/bulk-changes.ts'
import { useMoveVulnerability } from '../../../api/vulnerabilities.ts'
import { useFollow } from '../../../shell/followed-changes.tsx'
import { useMay, useSession } from '../../../shell/use-session.ts'
import { StatusBadge } from '../../../ui/badges.tsx'
import { useKeys } from '../../../ui/use-keys.ts'
import { count, statusWords } from '../../../ui/words.ts'
import { BulkDialog, type BulkTask } from './bulk-dialog.tsx'
import { type BulkMove, listAllMoves, listBulkMoves } from './bulk-moves.ts'
import classes from './triage-keys.module.css'
import type { ListCursor } from './use-list-keys.ts'
import type { Selection } from './use-selection.ts'

type TriageKeysProps = {
  readonly rows: readonly VulnerabilitySummary[]
  readonly cursor: ListCursor
  readonly selection: Selection
  /** All that match, where all of them are selected. */
  readonly whole: { readonly target: BulkTarget; readonly total: number }
}

/** What the keys are about: the rows that are ticked, or else the one the keys stand on. */
function toSubject({ rows, cursor, selection, whole }: TriageKeysProps) {
  const ticked = rows.filter((row) => selection.ids.has(row.id))
  const chosen = ticked.length > 0 ? ticked : rows.filter((row) => row.id === cursor.currentId)
  const ids = chosen.map((row) => row.id)
  if (selection.isAll) return { chosen, isTicked: true, isAll: true, ...whole }
  return { chosen, isTicked: ticked.length > 0, isAll: false, target: { ids }, total: chosen.length }
}

const refuse = (error: unknown) => notifications.show({ color: 'red', message: toProblem(error).detail })

/** s asks for a status, m assigns to who presses it, t changes tags; one row at a time goes on to the next by itself. */
export function TriageKeys(props: TriageKeysProps) {
  const { cursor, selection } = props
  const [isChoosing, setChoosing] = useState(false)
  const [task, setTask] = useState<BulkTask | null>(null)
  const { member } = useSession()
  const mayDecide = useMay('vulnerability.decide')
  const create = useCreateBulkChange()
  const move = useMoveVulnerability()
  const follow = useFollow()
  const subject = toSubject(props)
  const goOn = () => {
    if (subject.isTicked) selection.clear()
    else cursor.step(1)
  }
  const assignToMe = () => {
    const body = toBody(subject.target, { kind: 'assign', assignee_id: member.id })
    create.mutate(
      { body },
      {
        onSuccess: ({ id }) => {
          if (subject.isTicked) follow(id)
          else notifications.show({ message: 'Assigned to you' })
        },
        onError: refuse,
      },
    )
    goOn()
  }
  const choose = (next: BulkMove) => {
    setChoosing(false)
    const [only] = subject.chosen
    if (subject.isTicked || next.needs.length > 0 || only === undefined) return setTask({ kind: 'move', ...next })
    const said = `#${only.number}: ${statusWords[next.to].label}`
    move.mutate(
      { params: { id: only.id }, body: { to: next.to } },
      { onSuccess: () => notifications.show({ message: said }), onError: refuse },
    )
    goOn()
  }
  const isAbout = subject.chosen.length > 0
  useKeys({
    s: () => isAbout && setChoosing(true),
    m: () => isAbout && mayDecide && assignToMe(),
    t: (event) => {
      if (!isAbout || !mayDecide) return
      // The key is not to be typed into the dialog it opens.
      event.preventDefault()
      setTask({ kind: 'tags' })
    },
  })
  const actor = mayDecide ? 'champion' : 'developer'
  return (
    <>
      {isChoosing && (
        <StatusDialog
          title={
            subject.isTicked
              ? `Status of ${count(subject.total, 'vulnerability', 'vulnerabilities')}`
              : `Status of #${subject.chosen[0]?.number ?? ''}`
          }
          moves={subject.isAll ? listAllMoves(actor) : listBulkMoves(subject.chosen, actor)}
          onClose={() => setChoosing(false)}
          onChoose={choose}
        />
      )}
      {task !== null && (
        <BulkDialog
          task={task}
          amount={subject.total}
          target={subject.target}
          onCancel={() => setTask(null)}
          onStarted={() => {
            setTask(null)
            goOn()
          }}
        />
      )}
    </>
  )
}

type StatusDialogProps = {
  readonly title: string
  readonly moves: readonly BulkMove[]
  readonly onClose: () => void
  readonly onChoose: (move: BulkMove) => void
}

/** Each move by its number, or by Tab and Enter. */
function StatusDialog({ title, moves, onClose, onChoose }: StatusDialogProps) {
  // Of the whole window: somebody who knows the number presses it before the dialog has the focus.
  useWindowEvent('keydown', (event) => {
    const move = moves[Number(event.key) - 1]
    if (move !== undefined) onChoose(move)
  })
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{title}</Text>} size="sm">
      <Stack gap={4} p={3}>
        {moves.length === 0 && <Text c="dimmed">No move is open to you from here.</Text>}
        {moves.map((move, index) => (
          <UnstyledButton
            key={move.to}
            className={classes.move}
            onClick={() => onChoose(move)}
            {...(index === 0 && { 'data-autofocus': true })}
          >
            <Kbd>{index + 1}</Kbd>
            <StatusBadge status={move.to} />
            {move.needs.length > 0 && (
              <Text size="xs" c="dimmed">
                {move.needs.includes('accepted_until') ? 'with a reason and a day' : 'with a reason'}
              </Text>
            )}
          </UnstyledButton>
        ))}
      </Stack>
    </Modal>
  )
}
