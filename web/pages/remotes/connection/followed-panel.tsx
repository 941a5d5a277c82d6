import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FollowedRepository } from '../../../../contract/remotes/repositories.ts'
import { followedQuery } from '../../../api/connections.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import { AnchorLink, ExternalLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count, type Tone } from '../../../ui/words.ts'

type State = FollowedRepository['state']
type Followed = RouteResponse<'listFollowedRepositories'>

type Words = { label: string; tone: Tone; icon: IconName; text: string | ((row: FollowedRepository) => string) }

const stateWords: Record<State, Words> = {
  gone: {
    label: 'Gone',
    tone: 'bad',
    icon: 'alert',
    text: 'Bitbucket has no repository with this identity any more. What it had stays here; nothing is sent.',
  },
  forbidden: {
    label: 'No access',
    tone: 'bad',
    icon: 'lock',
    text: 'The account of this connection may not read it any more. Its work waits until it may.',
  },
  moved: {
    label: 'Moved',
    tone: 'warn',
    icon: 'alert',
    text: ({ connection_there: there }) =>
      there === null
        ? 'It is in a workspace that is not connected, without a webhook: answers arrive with the next comparison. Connect that workspace under Integrations, and Weir goes on there by itself.'
        : `The connection ${there} is of the workspace it is in now, but has not taken it over. Let its account read the repository: the next check hands it over, with a webhook.`,
  },
  no_webhook: {
    label: 'No webhook',
    tone: 'warn',
    icon: 'alert',
    text: 'No webhook hears it: answers arrive with the next comparison, not at once.',
  },
  arrived: {
    label: 'Moved here',
    tone: 'notification',
    icon: 'check',
    text: 'It was moved from the workspace of another connection, and this one took it over, with its webhook.',
  },
  handed_over: {
    label: 'Moved away',
    tone: 'notification',
    icon: 'check',
    text: ({ connection_there: there }) => `The connection ${there ?? ''} follows it now, with its webhook.`,
  },
  renamed: { label: 'Renamed', tone: 'notification', icon: 'check', text: 'Weir goes by its identity and went along.' },
  archived: {
    label: 'Archived',
    tone: 'notification',
    icon: 'close',
    text: 'Its asset is archived in Weir: nothing is imported or sent.',
  },
}

function textOf(row: FollowedRepository): string {
  const { text } = stateWords[row.state]
  return typeof text === 'string' ? text : text(row)
}

const columns: Column<FollowedRepository>[] = [
  {
    key: 'name',
    header: 'Repository',
    lead: true,
    cell: (row) => (
      <>
        <ExternalLink href={row.web_url} className="break">
          {row.full_name}
        </ExternalLink>
        {row.former_name !== null && row.renamed_at !== null && (
          <Text size="xs" c="dimmed" className="break">
            {`Was ${row.former_name}, until `}
            <TimeAgo at={row.renamed_at} />
          </Text>
        )}
        <Text size="xs" c="dimmed" className="break">
          {textOf(row)}
        </Text>
      </>
    ),
  },
  {
    key: 'state',
    header: 'State',
    width: '140px',
    cell: ({ state }) => (
      <ToneBadge tone={stateWords[state].tone} icon={stateWords[state].icon}>
        {stateWords[state].label}
      </ToneBadge>
    ),
  },
  {
    key: 'asset',
    header: 'Asset',
    width: '180px',
    cell: ({ asset }) => (
      <AnchorLink to="/assets/$id" params={{ id: asset.id }} className="break">
        {asset.name}
      </AnchorLink>
    ),
  },
  {
    key: 'looked',
    header: 'Looked at',
    label: 'Looked at',
    width: '130px',
    cell: (row) => <TimeAgo at={row.looked_at} />,
  },
]

/** How the repositories are that Weir follows: one line while all is well, a line for each of which something is to be said. */
export function FollowedPanel({ connectionId }: { readonly connectionId: string }) {
  const found = useQuery(followedQuery(connectionId))
  const { data } = found
  if (data !== undefined && total(data) + data.counts.handed_over === 0) return null
  return (
    <Panel flush title="Followed repositories" lead={data === undefined ? undefined : describe(data)}>
      {found.isPending && <LoadingRows rows={1} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {data !== undefined && data.items.length > 0 && (
        <>
          <DataTable
            caption="Repositories of which something is to be said"
            columns={columns}
            rows={data.items}
            rowKey={(row) => row.id}
          />
          {data.items.length < total(data) + data.counts.handed_over - data.counts.ok && (
            <Group p="sm">
              <Text size="sm" c="dimmed">{`The first ${data.items.length}, worst first.`}</Text>
            </Group>
          )}
        </>
      )}
    </Panel>
  )
}

/** Those it follows: what another connection took over is none of them. */
function total({ counts }: Followed): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0) - counts.handed_over
}

const order: readonly State[] = [
  'gone',
  'forbidden',
  'moved',
  'no_webhook',
  'arrived',
  'handed_over',
  'renamed',
  'archived',
]

function describe(found: Followed): string {
  const { counts } = found
  const all = count(total(found), 'repository', 'repositories')
  const parts = order.flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state]} ${stateWords[state].label.toLowerCase()}`],
  )
  if (parts.length === 0) return `${all}, found by identity and not by name; all as they should be.`
  return `${all}, found by identity and not by name: ${parts.join(', ')}${counts.ok > 0 ? `, ${counts.ok} as they should be` : ''}.`
}
