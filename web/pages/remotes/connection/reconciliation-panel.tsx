import { Button, Group, List, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { Reconciliation } from '../../../../contract/sync/reconciliations.ts'
import { reconciliationsQuery, useReconcile } from '../../../api/connections.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { Fold } from '../../../ui/fold.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, type Tone } from '../../../ui/words.ts'

type Kind = Reconciliation['differences'][number]['kind']

const kindWords: Record<Kind, { label: string; tone: Tone }> = {
  healed: { label: 'Healed', tone: 'good' },
  conflict: { label: 'Conflict', tone: 'warn' },
  needs_you: { label: 'Needs you', tone: 'bad' },
}

type ReconciliationPanelProps = { readonly connectionId: string; readonly isLive: boolean }

/** What comparing both sides found, with a button to compare now. */
export function ReconciliationPanel({ connectionId, isLive }: ReconciliationPanelProps) {
  const mayRead = useMay('delivery.read')
  const mayAsk = useMay('delivery.retry')
  const found = useQuery({ ...reconciliationsQuery(connectionId), enabled: mayRead })
  const reconcile = useReconcile()
  if (!mayRead) return null
  const ask = () =>
    reconcile.mutate(
      { params: { id: connectionId } },
      { onSuccess: () => notifications.show({ message: 'Comparing everything; what is found shows here' }) },
    )
  const runs = found.data?.items ?? []
  return (
    <Panel
      title="Comparisons of both sides"
      lead="Every few minutes what changed, once a day everything: what a webhook lost is found here."
      actions={
        mayAsk &&
        isLive && (
          <Button
            variant="default"
            leftSection={<Icon name="refresh" size={15} />}
            loading={reconcile.isPending}
            onClick={ask}
          >
            Compare now
          </Button>
        )
      }
    >
      <Stack>
        {reconcile.isError && <ProblemNote error={reconcile.error} />}
        {found.isPending && <LoadingRows rows={2} />}
        {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
        {found.isSuccess && runs.length === 0 && (
          <EmptyState
            icon="refresh"
            title="Nothing compared yet"
            text="The first comparison comes a few minutes after the first item was sent."
          />
        )}
        {runs.map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </Stack>
    </Panel>
  )
}

function Run({ run }: { readonly run: Reconciliation }) {
  const total = run.healed + run.conflicts + run.needs_you
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text fw={600}>
          <TimeAgo at={run.started_at} />
        </Text>
        <Text size="sm" c="dimmed">
          {`${run.by === null ? 'By itself' : `Asked for by ${run.by}`}${run.is_full ? ', everything' : ''}: ${count(run.items, 'item')}, ${count(run.requests, 'request')}`}
        </Text>
        {run.healed > 0 && <ToneBadge tone="good">{`${run.healed} healed`}</ToneBadge>}
        {run.conflicts > 0 && <ToneBadge tone="warn">{count(run.conflicts, 'conflict')}</ToneBadge>}
        {run.needs_you > 0 && <ToneBadge tone="bad">{`${run.needs_you} need you`}</ToneBadge>}
        {total === 0 && run.error === null && <Text size="sm">Both sides agree.</Text>}
      </Group>
      {run.error !== null && (
        <Text size="sm" c="var(--bad-fg)" className="break">
          {`It broke off: ${run.error}`}
        </Text>
      )}
      {total > 0 && <Differences run={run} total={total} />}
    </Stack>
  )
}

function Differences({ run, total }: { readonly run: Reconciliation; readonly total: number }) {
  return (
    <Fold height={110}>
      <List size="sm" spacing={6} listStyleType="none">
        {run.differences.map(({ kind, sentence, vulnerability }, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- written once, never reordered
          <List.Item key={place} className="break">
            <ToneBadge tone={kindWords[kind].tone}>{kindWords[kind].label}</ToneBadge>{' '}
            {vulnerability !== null && (
              <AnchorLink to="/vulnerabilities/$id" params={{ id: vulnerability.id }}>
                {`#${vulnerability.number} ${vulnerability.title}`}
              </AnchorLink>
            )}{' '}
            {sentence}
          </List.Item>
        ))}
      </List>
      {total > run.differences.length && (
        <Text size="sm" c="dimmed">{`The first ${run.differences.length} of ${total}.`}</Text>
      )}
    </Fold>
  )
}
