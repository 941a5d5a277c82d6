import { Button, Group, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import type { VulnerabilitySummary } from '../../../../contract/security/vulnerabilities.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { formatNumber, statusWords } from '../../../ui/words.ts'
import classes from './bulk-bar.module.css'
import { BulkDialog, type BulkTask } from './bulk-dialog.tsx'
import { listBulkMoves } from './bulk-moves.ts'
import type { Selection } from './use-selection.ts'

type BulkBarProps = { readonly rows: readonly VulnerabilitySummary[]; readonly selection: Selection }

/** What can be done with the rows that are ticked; nothing while none is. */
export function BulkBar({ rows, selection }: BulkBarProps) {
  const mayDecide = useMay('vulnerability.decide')
  const maySend = useMay('defect.send')
  const [task, setTask] = useState<BulkTask | null>(null)
  const chosen = rows.filter((row) => selection.ids.has(row.id))
  const unsent = chosen.filter((row) => row.trackers.every((tracker) => tracker.link === 'ended'))
  const close = () => {
    setTask(null)
    selection.clear()
  }
  return (
    <>
      {chosen.length > 0 && (
        <section className={classes.bar} aria-label="Selected vulnerabilities">
          <Text fw={600} className="nowrap">{`${formatNumber(chosen.length)} selected`}</Text>
          <Group gap="xs">
            <Menu position="bottom-start" width={250}>
              <Menu.Target>
                <Button size="compact-sm" variant="default" rightSection={<Icon name="chevron" size={14} />}>
                  Change status
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {listBulkMoves(chosen, mayDecide ? 'champion' : 'developer').map((move) => (
                  <Menu.Item key={move.to} onClick={() => setTask({ kind: 'move', ...move })}>
                    {`${statusWords[move.to].label}…`}
                    <Text size="xs" c="dimmed">
                      {`${move.allowed.length} of ${chosen.length}`}
                    </Text>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            {maySend && (
              <Button
                size="compact-sm"
                variant="default"
                disabled={unsent.length === 0}
                leftSection={<Icon name="send" size={14} />}
                onClick={() => setTask({ kind: 'send', allowed: unsent, refused: [] })}
              >
                Send to Bitbucket…
              </Button>
            )}
          </Group>
          <Button size="compact-sm" variant="subtle" onClick={selection.clear} className={classes.clear ?? ''}>
            Clear
          </Button>
        </section>
      )}
      {task !== null && <BulkDialog task={task} onCancel={() => setTask(null)} onDone={close} />}
    </>
  )
}
