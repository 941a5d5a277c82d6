import { ActionIcon, Button, Group, Progress, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { BulkChange } from '../../contract/security/bulk-changes.ts'
import { bulkChangeQuery, runningAtStartQuery, useUndoBulkChange } from '../api/bulk-changes.ts'
import { staleAfterChange } from '../api/vulnerabilities.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { Icon } from '../ui/icon.tsx'
import { AnchorLink } from '../ui/links.tsx'
import { FormProblem } from '../ui/states.tsx'
import { formatNumber } from '../ui/words.ts'
import classes from './followed-changes.module.css'
import { useMay } from './use-session.ts'

const FollowContext = createContext<(id: string) => void>(() => undefined)

/** Shows how far a bulk change is, on whichever page, until it is closed. */
export function useFollow(): (id: string) => void {
  return useContext(FollowContext)
}

/** Bulk changes of the member that run, and those that were started here: they go on when the page is left. */
export function FollowedChanges({ children }: { readonly children: ReactNode }) {
  const mayWork = useMay('vulnerability.work')
  const running = useQuery({ ...runningAtStartQuery, enabled: mayWork })
  const [followed, setFollowed] = useState<readonly string[]>([])
  const [closed, setClosed] = useState<readonly string[]>([])
  const add = (id: string) => setFollowed((before) => [...before.filter((one) => one !== id), id])
  const known = new Set([...(running.data?.items.map((item) => item.id) ?? []), ...followed])
  const shown = [...known].filter((id) => !closed.includes(id)).slice(-3)
  return (
    <FollowContext value={add}>
      {children}
      {shown.length > 0 && (
        <section className={classes.toasts} aria-label="Bulk changes">
          {shown.map((id) => (
            <Toast key={id} id={id} onClose={() => setClosed((before) => [...before, id])} />
          ))}
        </section>
      )}
    </FollowContext>
  )
}

/** Beside the live events, which a sleeping machine may miss. */
const lookEveryMs = 2000

/** What a bulk change came to, in a sentence. */
export function describeBulkChange({ state, total, changed, unchanged, refused }: BulkChange): string {
  const done = changed + unchanged + refused
  if (state === 'running') return `${formatNumber(done)} of ${formatNumber(total)} done`
  const parts = [
    `${formatNumber(changed)} of ${formatNumber(total)} changed`,
    ...(unchanged > 0 ? [`${formatNumber(unchanged)} were so already`] : []),
    ...(refused > 0 ? [`${formatNumber(refused)} refused`] : []),
    ...(state === 'cancelled' ? ['stopped'] : []),
  ]
  return `${parts.join(', ')}.`
}

function Toast({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const client = useQueryClient()
  const announce = useAnnounce()
  const follow = useFollow()
  const undo = useUndoBulkChange()
  const found = useQuery({
    ...bulkChangeQuery(id),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? lookEveryMs : false),
  })
  const change = found.data
  const ended = change !== undefined && change.state !== 'running' ? describeBulkChange(change) : null
  useEffect(() => {
    if (ended === null) return
    announce(ended)
    for (const route of staleAfterChange) void client.invalidateQueries({ queryKey: [route] })
  }, [ended, announce, client])
  if (change === undefined) return null
  const done = change.changed + change.unchanged + change.refused
  return (
    <article className={classes.toast} aria-label={change.summary}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} className="break">
          {change.summary}
        </Text>
        <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
          <Icon name="close" size={16} />
        </ActionIcon>
      </Group>
      {change.state === 'running' && (
        <Progress value={(done / Math.max(1, change.total)) * 100} my={6} aria-label={describeBulkChange(change)} />
      )}
      <Text size="sm">{describeBulkChange(change)}</Text>
      {change.stop_reason !== null && (
        <Text size="sm" className="break">
          {change.stop_reason}
        </Text>
      )}
      <FormProblem error={undo.error} />
      <Group gap="xs" mt={6}>
        <AnchorLink to="/bulk-changes/$id" params={{ id }} size="sm">
          Details
        </AnchorLink>
        {change.undo.available && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={undo.isPending}
            onClick={() =>
              undo.mutate(
                { params: { id } },
                {
                  onSuccess: (made) => {
                    follow(made.id)
                    onClose()
                  },
                },
              )
            }
          >
            Undo
          </Button>
        )}
      </Group>
    </article>
  )
}
