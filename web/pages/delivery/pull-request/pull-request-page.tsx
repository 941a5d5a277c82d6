import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { PullRequestDetails } from '../../../../contract/delivery/pull-requests.ts'
import { pullRequestQuery } from '../../../api/lens.ts'
import { DetailFailure } from '../../../shell/detail-failure.tsx'
import { PagePending } from '../../../shell/page-states.tsx'
import { ToneBadge } from '../../../ui/badges.tsx'
import { FactList } from '../../../ui/fact-list.tsx'
import { AnchorLink, ExternalLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { toWords } from '../../../ui/words.ts'
import { BackToAnalytics } from '../analytics/back-to-analytics.tsx'
import { flagWords } from '../analytics/flag-words.ts'
import { EventsPanel } from './events-panel.tsx'
import { ExclusionAction } from './exclusion-action.tsx'
import { PhasesBar } from './phases-bar.tsx'
import { leftOutWords, personWords } from './pull-request-words.ts'

const route = getRouteApi('/app/analytics/pull-requests/$id')

/** One pull request: where its time went, what happened, and what its figures are made of. */
export function PullRequestPage() {
  const { id } = route.useParams()
  const found = useQuery(pullRequestQuery(id))
  if (found.isPending) return <PagePending />
  if (found.isError)
    return (
      <DetailFailure
        what="pull request"
        back={<BackToAnalytics />}
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  return <Loaded pullRequest={found.data} />
}

type LoadedProps = { readonly pullRequest: PullRequestDetails }

const stateTones = { open: 'busy', merged: 'good', declined: 'notification', superseded: 'notification' } as const

function Loaded({ pullRequest }: LoadedProps) {
  const { title, number, repository, state, is_draft: isDraft, web_url: url } = pullRequest
  return (
    <>
      <PageHeader
        title={title}
        tabTitle={`#${number} ${title}`}
        above={<BackToAnalytics />}
        lead={
          <Group gap="xs">
            <ToneBadge tone={stateTones[state]}>{isDraft && state === 'open' ? 'Draft' : toWords(state)}</ToneBadge>
            <span>
              {repository.name} · #{number} · by {personWords(pullRequest.author)}
            </span>
          </Group>
        }
        actions={
          <>
            <ExclusionAction pullRequest={pullRequest} />
            <ExternalLink href={url}>Open in Bitbucket</ExternalLink>
          </>
        }
      />
      <Stack gap="lg">
        <Notes pullRequest={pullRequest} />
        <PhasesBar pullRequest={pullRequest} />
        <FactsPanel pullRequest={pullRequest} />
        <EventsPanel pullRequest={pullRequest} />
      </Stack>
    </>
  )
}

/** Why figures leave it out, and what else is to be known of them. */
function Notes({ pullRequest }: LoadedProps) {
  const { left_out: leftOut, span_left_out: spanLeftOut, flags, computed_at: computedAt, excluded } = pullRequest
  const hasNothing = leftOut === null && spanLeftOut === null && flags.length === 0 && computedAt !== null
  if (hasNothing) return null
  return (
    <Panel title="To know">
      <Stack gap={6}>
        {computedAt === null && <Text>Its figures are not worked out yet. That takes a minute at most.</Text>}
        {leftOut !== null && (
          <Text>
            <strong>In no figure:</strong> {leftOutWords(leftOut)}
            {excluded !== null && excluded.by !== '' && ` (${excluded.by})`}
          </Text>
        )}
        {leftOut === null && spanLeftOut !== null && (
          <Text>
            <strong>In no figure of time up to the merge:</strong> {leftOutWords(spanLeftOut)}
          </Text>
        )}
        {flags.map((flag) => (
          <Text key={flag}>{flagWords(flag)}</Text>
        ))}
      </Stack>
    </Panel>
  )
}

function FactsPanel({ pullRequest }: LoadedProps) {
  const { source_branch: source, destination_branch: destination, teams, labels, deployment } = pullRequest
  const { changed_lines: lines, repository } = pullRequest
  return (
    <Panel title="Facts">
      <FactList
        facts={[
          {
            name: 'Repository',
            value: (
              <AnchorLink to="/analytics" search={{ repository: [repository.id] }} className="break">
                {repository.name}
              </AnchorLink>
            ),
          },
          {
            name: 'Branches',
            value: <span className="break">{`${source ?? 'unknown'} → ${destination ?? 'unknown'}`}</span>,
          },
          {
            name: 'Teams',
            value:
              teams.length === 0
                ? 'None: its author was in no team, and its repository belongs to none'
                : teams.map(({ id, name }, index) => (
                    <span key={id}>
                      {index > 0 && ', '}
                      <AnchorLink to="/analytics" search={{ team: [id] }}>
                        {name}
                      </AnchorLink>
                    </span>
                  )),
          },
          labels.length > 0 && { name: 'Labels', value: <span className="break">{labels.join(', ')}</span> },
          {
            name: 'Size',
            value:
              lines === null
                ? 'Unknown until a copy of the repository tells'
                : `${lines.toLocaleString()} lines changed`,
          },
          {
            name: 'In production',
            value:
              deployment === null
                ? 'Not by any deployment Weir knows of'
                : `${deployment.environment}, ${deployment.rule === 'ancestry' ? 'as the commits say' : 'as the moments say: no copy of the repository knows the commits'}`,
          },
        ]}
      />
    </Panel>
  )
}
