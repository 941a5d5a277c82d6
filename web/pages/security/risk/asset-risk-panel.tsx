import { Grid, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Asset } from '../../../../contract/security/assets.ts'
import { assetRiskQuery } from '../../../api/risk.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { SeverityMark } from '../../../ui/badges.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { PointsTable } from './points-table.tsx'
import { ScoreFigure } from './score-figure.tsx'
import { TrendLine } from './trend-line.tsx'

type Risk = RouteResponse<'getAssetRisk'>

/** The risk score of an asset: what its points come from, what weighs most, and its course. */
export function AssetRiskPanel({ asset }: { readonly asset: Asset }) {
  const found = useQuery(assetRiskQuery(asset.id))
  return (
    <Panel title="Risk score" lead={`From what is open on the default branch, ${asset.default_branch}.`}>
      {found.isPending && <LoadingRows rows={5} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Loaded risk={found.data} />}
    </Panel>
  )
}

function Loaded({ risk }: { readonly risk: Risk }) {
  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <ScoreFigure
            score={risk.score}
            unknown={risk.outdated ? 'Being worked out' : 'Unknown: nothing was imported for this branch yet'}
            version={risk.version}
            scoredAt={risk.scored_at}
            outdated={risk.outdated}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <TrendLine days={risk.trend} name="Risk score of the asset" />
        </Grid.Col>
      </Grid>
      {risk.score !== null && risk.contributions.length === 0 && <Text c="dimmed">Nothing is open that weighs.</Text>}
      {risk.score !== null && risk.contributions.length > 0 && <Parts risk={risk} score={risk.score} />}
    </Stack>
  )
}

function Parts({ risk, score }: { readonly risk: Risk; readonly score: number }) {
  const heaviest = risk.heaviest.map(({ id, number, title, severity, points }) => ({
    key: id,
    points,
    name: (
      <Group gap={8} wrap="nowrap" align="baseline">
        <SeverityMark severity={severity} />
        <AnchorLink to="/vulnerabilities/$id" params={{ id }} c="inherit" className="break">
          {`#${number} ${title}`}
        </AnchorLink>
      </Group>
    ),
  }))
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Title order={3} size="h4" mb={6}>
          What the points come from
        </Title>
        <PointsTable
          caption="What the points come from"
          rows={risk.contributions.map(({ label, points }) => ({ key: label, name: label, points }))}
          total={score}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Title order={3} size="h4" mb={6}>
          {risk.open > heaviest.length
            ? `The ${heaviest.length} that weigh most, of ${count(risk.open, 'open one')}`
            : 'What weighs most'}
        </Title>
        <PointsTable caption="Vulnerabilities that weigh most" rows={heaviest} />
      </Grid.Col>
    </Grid>
  )
}
