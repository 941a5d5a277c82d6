import { Grid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { riskQuery } from '../../../api/risk.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { FunnelSteps } from './funnel-steps.tsx'
import { PointsTable } from './points-table.tsx'
import { formatPoints, ScoreFigure } from './score-figure.tsx'
import { TrendLine } from './trend-line.tsx'

type Risk = RouteResponse<'getRisk'>

/** On the first page there is room for so many. */
const mostShown = 5

/** The risk score of the organization with the shares of its assets, its course, and the funnel. */
export function OrganizationRiskPanel() {
  const found = useQuery(riskQuery)
  return (
    <Panel title="Risk" lead="From what is open on the default branches of all assets.">
      {found.isPending && <LoadingRows rows={5} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Loaded risk={found.data} />}
    </Panel>
  )
}

function Loaded({ risk }: { readonly risk: Risk }) {
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <Stack>
          <ScoreFigure
            score={risk.score}
            unknown="Unknown: import a report for an asset first"
            version={risk.version}
            scoredAt={risk.scored_at}
            outdated={risk.outdated}
          />
          {risk.score !== null && <TrendLine days={risk.trend} name="Risk score of the organization" />}
          {risk.score !== null && <Shares risk={risk} score={risk.score} />}
          {risk.score !== null && risk.unscored > 0 && (
            <Text size="sm" c="dimmed">
              {`${count(risk.unscored, 'asset is', 'assets are')} left out: nothing was imported for the default branch yet.`}
            </Text>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <FunnelSteps funnel={risk.funnel} />
      </Grid.Col>
    </Grid>
  )
}

function Shares({ risk, score }: { readonly risk: Risk; readonly score: number }) {
  const shown = risk.assets.slice(0, mostShown)
  const rest = risk.assets.slice(mostShown)
  const amount = rest.length + risk.others.assets
  const points = rest.reduce((sum, asset) => sum + asset.points, risk.others.points)
  const rows = shown.map((asset) => ({
    key: asset.id,
    points: asset.points,
    name: (
      <>
        <AnchorLink to="/assets/$id" params={{ id: asset.id }} search={{ tab: 'risk' }} c="inherit" className="break">
          {asset.name}
        </AnchorLink>
        <Text size="xs" c="dimmed">{`${formatPoints(asset.score)} of 100 itself`}</Text>
      </>
    ),
  }))
  const others = amount === 0 ? [] : [{ key: 'others', points, name: count(amount, 'other asset') }]
  return (
    <div>
      <Title order={3} size="h4" mb={6}>
        Shares of the assets
      </Title>
      <PointsTable caption="Shares of the assets" rows={[...rows, ...others]} total={score} />
    </div>
  )
}
