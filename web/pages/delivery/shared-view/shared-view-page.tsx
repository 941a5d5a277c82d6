import { Box, Container, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { openedLinkQuery, publicFigureQuery } from '../../../api/public-links.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ThemeMenu } from '../../../shell/theme-menu.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import classes from '../analytics/analytics.module.css'
import { groupWords } from '../analytics/group-words.ts'
import { FigureCard } from '../analytics/metric-card.tsx'
import type { Metric } from '../analytics/metric-words.ts'
import { SharedFigure } from './shared-figure.tsx'

type Opened = RouteResponse<'openPublicLink'>

/** The token stands behind `#`, so that no server and no log ever sees it in an address. */
function readToken(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
}

/** A view of the analytics for whoever has its link. Nothing in the address but the token counts. */
export function SharedViewPage() {
  const [token] = useState(readToken)
  const opened = useQuery({ ...openedLinkQuery(token), enabled: token !== '', retry: false, staleTime: Infinity })
  return (
    <Container component="main" size="xl" py="lg">
      <Group justify="flex-end">
        <ThemeMenu />
      </Group>
      <PageHeader
        title={opened.data?.name ?? 'Shared figures'}
        lead={opened.data === undefined ? undefined : <Lead opened={opened.data} />}
      />
      {token === '' && (
        <EmptyState
          icon="link"
          title="This link is incomplete"
          text="Open the whole link you were given, with everything behind the # sign."
        />
      )}
      {token !== '' && opened.isPending && <LoadingRows rows={6} />}
      {opened.isError && <ProblemNote error={opened.error} />}
      {opened.data !== undefined && <View token={token} metrics={opened.data.metrics} />}
    </Container>
  )
}

function Lead({ opened }: { readonly opened: Opened }) {
  const { group, from, to, repositories, teams, time_zone: timeZone } = opened
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone })
  const range = `${day.format(new Date(from))} to ${day.format(new Date(Date.parse(to) - 1))}`
  const where = repositories.length === 0 ? 'all repositories' : repositories.join(', ')
  const whose = teams.length === 0 ? '' : `, of ${teams.join(', ')} and the teams below`
  return (
    <span className="break">
      {opened.organization_name}: {groupWords[group]}, {range}, {where}
      {whose}. {narrowingOf(opened)}This link ends on {day.format(new Date(opened.expires_at))}.
    </span>
  )
}

/** What narrows some of the figures and not others, so that nobody takes those for narrowed. */
function narrowingOf({ branches, labels, hours }: Opened): string {
  const parts = [
    ...(branches.length === 0 ? [] : [`Pull requests merged into, and pipelines of, ${branches.join(', ')}. `]),
    ...(labels.length === 0 ? [] : [`Pull requests labelled ${labels.join(', ')}. `]),
    ...(hours === 'all' ? [] : ['Durations of pull requests in team hours only. ']),
  ]
  return parts.join('')
}

function View({ token, metrics }: { readonly token: string; readonly metrics: readonly Metric[] }) {
  const [key, setKey] = useState(metrics[0]?.key)
  const chosen = metrics.find((metric) => metric.key === key)
  return (
    <Stack gap="md">
      <Box className={classes.cards}>
        {metrics.map((metric) => (
          <SharedCard
            key={metric.key}
            token={token}
            metric={metric}
            isChosen={metric === chosen}
            onChoose={() => setKey(metric.key)}
          />
        ))}
      </Box>
      {chosen !== undefined && <SharedFigure key={chosen.key} token={token} metric={chosen} />}
      <Text size="xs" c="dimmed">
        Without names of people. Statistics of fewer than three are not shown.
      </Text>
    </Stack>
  )
}

type SharedCardProps = {
  readonly token: string
  readonly metric: Metric
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function SharedCard({ token, metric, isChosen, onChoose }: SharedCardProps) {
  const answer = useQuery(publicFigureQuery({ token, key: metric.key }))
  return <FigureCard metric={metric} answer={answer} isChosen={isChosen} onChoose={onChoose} />
}
