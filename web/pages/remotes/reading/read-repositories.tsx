import { Group, Stack, Text } from '@mantine/core'
import type { ReadFeed, Reading } from '../../../../contract/delivery/reading.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ExternalLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, formatBytes, type Tone } from '../../../ui/words.ts'

type Row = Reading['items'][number]

const kindWords: Record<ReadFeed['kind'], string> = {
  members: 'Members',
  environments: 'Environments',
  pull_requests: 'Pull requests',
  activity: 'History',
  pipelines: 'Pipelines',
  deployments: 'Deployments',
  commits: 'Commits',
}

const stateWords: Record<ReadFeed['state'], { label: string; tone: Tone }> = {
  waiting: { label: 'waits', tone: 'notification' },
  reading: { label: 'reading', tone: 'notification' },
  fresh: { label: 'read', tone: 'good' },
  forbidden: { label: 'no access', tone: 'warn' },
  failed: { label: 'failed', tone: 'bad' },
  off: { label: 'off', tone: 'notification' },
}

const columns: Column<Row>[] = [
  {
    key: 'name',
    header: 'Repository',
    lead: true,
    cell: ({ repository }) =>
      repository === null ? (
        'The workspace'
      ) : (
        <ExternalLink href={repository.web_url} className="break">
          {repository.full_name}
        </ExternalLink>
      ),
  },
  {
    key: 'feeds',
    header: 'How far',
    cell: ({ feeds }) => (
      <Stack gap={4}>
        <Group gap={6}>
          {feeds.map((feed) => (
            <ToneBadge key={feed.kind} tone={stateWords[feed.state].tone}>
              {`${kindWords[feed.kind]} ${describeState(feed)}`}
            </ToneBadge>
          ))}
        </Group>
        {feeds.flatMap(describe).map((line) => (
          <Text key={line} size="xs" c="dimmed" className="break">
            {line}
          </Text>
        ))}
      </Stack>
    ),
  },
  {
    key: 'cost',
    header: 'Records',
    width: '170px',
    cell: ({ feeds }) => (
      <Text size="sm">
        {`${sum(feeds, ({ records }) => records).toLocaleString()} with ${count(
          sum(feeds, ({ requests }) => requests),
          'request',
        )}`}
      </Text>
    ),
  },
  { key: 'read', header: 'Read', width: '130px', cell: ({ feeds }) => <LastRead feeds={feeds} /> },
]

/** Each repository with what is read of it; what needs somebody comes first. */
export function ReadRepositories({ reading }: { readonly reading: Reading }) {
  return (
    <Stack gap={6}>
      <DataTable
        caption="Repositories and how far they are read"
        columns={columns}
        rows={reading.items}
        rowKey={({ repository }) => repository?.id ?? 'workspace'}
      />
      {reading.repositories > reading.items.length && (
        <Text size="sm" c="dimmed">{`The first ${reading.items.length}, worst first.`}</Text>
      )}
    </Stack>
  )
}

function sum(feeds: readonly ReadFeed[], of: (feed: ReadFeed) => number): number {
  return feeds.reduce((total, feed) => total + of(feed), 0)
}

function describeState({ kind, state, pages_read: page, pages_expected: pages }: ReadFeed): string {
  if (state !== 'reading' || kind === 'commits') return stateWords[state].label
  return pages === null ? `page ${page}` : `${page} of ${Math.max(page, pages)} pages`
}

function describe(feed: ReadFeed): string[] {
  const name = kindWords[feed.kind]
  const { error, missing_scope: scope, reconciled_missing: missing, clone } = feed
  return [
    ...(error !== null && (scope === null || feed.kind === 'commits') && feed.state !== 'reading'
      ? [`${name}: ${error}`]
      : []),
    ...(feed.state === 'forbidden' && scope !== null && feed.kind !== 'commits'
      ? [`${name}: the credential lacks ${scope}.`]
      : []),
    ...(feed.is_by_pull_request
      ? [`${name}: the repository refuses the whole, so each pull request is asked for its own, a request each.`]
      : []),
    ...(clone !== null
      ? [
          `${name}: the copy takes ${formatBytes(clone.bytes)} on disk${clone.is_partial ? ', without large files' : ''}; ${count(clone.git_operations, 'fetch', 'fetches')} by git, counted apart from requests.`,
        ]
      : []),
    ...(missing !== null && missing > 0
      ? [`${name}: the daily comparison found ${count(missing, 'record')} missing.`]
      : []),
  ]
}

function LastRead({ feeds }: { readonly feeds: readonly ReadFeed[] }) {
  const times = feeds.flatMap(({ completed_at: at }) => at ?? []).toSorted()
  const oldest = times[0]
  return oldest === undefined ? <Text size="sm">Not yet</Text> : <TimeAgo at={oldest} />
}
