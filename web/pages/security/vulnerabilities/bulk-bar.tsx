import { Button, Group, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import type { VulnerabilitySummary } from '../../../../contract/security/vulnerabilities.ts'
import type { BulkTarget } from '../../../api/bulk-changes.ts'
import type { VulnerabilityFilter } from '../../../api/vulnerabilities.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { formatNumber, statusWords } from '../../../ui/words.ts'
import classes from './bulk-bar.module.css'
import { BulkDialog, type BulkTask } from './bulk-dialog.tsx'
import { listAllMoves, listBulkMoves } from './bulk-moves.ts'
import type { Selection } from './use-selection.ts'

type BulkBarProps = {
  readonly rows: readonly VulnerabilitySummary[]
  readonly selection: Selection
  /** How many match, and by which filters: what "all" means. */
  readonly total: number
  /** False where counting ended early: there are more than `total`. */
  readonly isExact?: boolean | undefined
  readonly filter: VulnerabilityFilter
}

/** What can be done with the rows that are ticked, or with everything that matches; nothing while none is ticked. */
export function BulkBar({ rows, selection, total, isExact = true, filter }: BulkBarProps) {
  const [task, setTask] = useState<BulkTask | null>(null)
  const chosen = rows.filter((row) => selection.ids.has(row.id))
  const amount = selection.isAll ? total : chosen.length
  const target: BulkTarget = selection.isAll ? { filters: filter } : { ids: chosen.map((row) => row.id) }
  const close = () => {
    setTask(null)
    selection.clear()
  }
  const whole = `${isExact ? '' : 'more than '}${formatNumber(total)}`
  const mayChooseAll = !selection.isAll && chosen.length === rows.length && total > rows.length
  return (
    <>
      {chosen.length > 0 && (
        <section className={classes.bar} aria-label="Selected vulnerabilities">
          <Group gap="xs">
            <Text fw={600} className="nowrap">
              {selection.isAll ? `All ${whole} matching` : `${formatNumber(amount)} selected`}
            </Text>
            {mayChooseAll && (
              <Button size="compact-sm" variant="subtle" onClick={selection.chooseAll}>
                {`Select all ${whole} matching`}
              </Button>
            )}
          </Group>
          <Actions chosen={chosen} isAll={selection.isAll} onChoose={setTask} />
          <Button size="compact-sm" variant="subtle" onClick={selection.clear} className={classes.clear ?? ''}>
            Clear
          </Button>
        </section>
      )}
      {task !== null && (
        <BulkDialog task={task} amount={amount} target={target} onCancel={() => setTask(null)} onStarted={close} />
      )}
    </>
  )
}

type ActionsProps = {
  readonly chosen: readonly VulnerabilitySummary[]
  readonly isAll: boolean
  readonly onChoose: (task: BulkTask) => void
}

function Actions({ chosen, isAll, onChoose }: ActionsProps) {
  const mayDecide = useMay('vulnerability.decide')
  const maySend = useMay('defect.send')
  const actor = mayDecide ? 'champion' : 'developer'
  const moves = isAll ? listAllMoves(actor) : listBulkMoves(chosen, actor)
  return (
    <Group gap="xs">
      <Menu position="bottom-start" width={250}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" rightSection={<Icon name="chevron" size={14} />}>
            Change status
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {moves.map((move) => (
            <Menu.Item key={move.to} onClick={() => onChoose({ kind: 'move', ...move })}>
              {`${statusWords[move.to].label}…`}
              {!isAll && (
                <Text size="xs" c="dimmed">
                  {`${move.allowed} of ${chosen.length}`}
                </Text>
              )}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {mayDecide && (
        <Menu position="bottom-start" width={180}>
          <Menu.Target>
            <Button size="compact-sm" variant="default" rightSection={<Icon name="chevron" size={14} />}>
              Edit
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onChoose({ kind: 'assign' })}>Assign…</Menu.Item>
            <Menu.Item onClick={() => onChoose({ kind: 'tags' })}>Tags…</Menu.Item>
            <Menu.Item onClick={() => onChoose({ kind: 'severity' })}>Severity…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {maySend && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="send" size={14} />}
          onClick={() => onChoose({ kind: 'send' })}
        >
          Send to Bitbucket…
        </Button>
      )}
    </Group>
  )
}
