import { Box, Text } from '@mantine/core'
import type { PullRequestDetails } from '../../../../contract/delivery/pull-requests.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { ExactTime } from './exact-time.tsx'
import classes from './pull-request.module.css'
import { eventName, notCountedWords, personWords } from './pull-request-words.ts'

type Line = {
  key: string
  at: string
  name: string
  who: string | null
  detail: string | null
  note: string | undefined
}

/** Everything known to have happened, in its order: commits, what people did, the deployment. */
export function EventsPanel({ pullRequest }: { readonly pullRequest: PullRequestDetails }) {
  const lines = listLines(pullRequest)
  const { events, events_total: eventsTotal, commits, commits_total: commitsTotal } = pullRequest
  const more = [
    eventsTotal > events.length && `the latest ${events.length} of ${count(eventsTotal, 'event')}`,
    commitsTotal > commits.length && `the first ${commits.length} of ${count(commitsTotal, 'commit')}`,
  ].filter((words) => words !== false)
  return (
    <Panel title="What happened" lead={more.length === 0 ? undefined : `Shown are ${more.join(' and ')}.`}>
      {lines.length === 0 ? (
        <EmptyState icon="clock" title="Nothing is known yet" text="What happened to it has not been read so far." />
      ) : (
        <ol className={classes.events}>
          {lines.map((line) => (
            <li key={line.key} className={classes.event} data-quiet={line.note !== undefined || undefined}>
              <Box className={classes.when}>
                <ExactTime at={line.at} />
              </Box>
              <Box style={{ minWidth: 0 }}>
                <Text component="span" fw={600}>
                  {line.name}
                </Text>
                {line.who !== null && <Text component="span">{` by ${line.who}`}</Text>}
                {line.detail !== null && (
                  <Text size="xs" c="dimmed" className="break">
                    {line.detail}
                  </Text>
                )}
                {line.note !== undefined && (
                  <Text size="xs" c="dimmed">
                    {line.note}
                  </Text>
                )}
              </Box>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function listLines({ events, commits, deployment }: PullRequestDetails): Line[] {
  const told = events.map((event, index) => ({
    key: `event ${index}`,
    at: event.at,
    name: event.is_deleted ? `${eventName(event)} (deleted)` : eventName(event),
    who: personWords(event.by),
    detail: event.detail,
    note: notCountedWords(event),
  }))
  const written = commits.map(({ sha, at, message }) => ({
    key: sha,
    at,
    name: 'Commit',
    who: null,
    detail: `${sha.slice(0, 12)} ${message}`,
    note: undefined,
  }))
  const deployed =
    deployment === null
      ? []
      : [
          {
            key: deployment.id,
            at: deployment.completed_at,
            name: `Deployed to ${deployment.environment}`,
            who: null,
            detail: null,
            note: undefined,
          },
        ]
  return [...told, ...written, ...deployed].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
