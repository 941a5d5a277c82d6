import { Group, Text } from '@mantine/core'
import { AnchorLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import classes from './risk.module.css'

type Props = {
  readonly score: number | null
  /** Said where there is none. */
  readonly unknown: string
  readonly version: number
  readonly scoredAt: string | null
  readonly outdated: boolean
}

export function formatPoints(points: number): string {
  return points.toFixed(1)
}

/** A risk score with its unit, when it was worked out and how. */
export function ScoreFigure({ score, unknown, version, scoredAt, outdated }: Props) {
  return (
    <div>
      {score === null ? (
        <Text fw={600}>{unknown}</Text>
      ) : (
        <Group gap={6} align="baseline">
          <span className={classes.score}>{formatPoints(score)}</span>
          <Text span c="dimmed">
            of 100 points
          </Text>
        </Group>
      )}
      <Text size="sm" c="dimmed" component="div">
        {scoredAt !== null && (
          <>
            {'Worked out '}
            <TimeAgo at={scoredAt} />
            {outdated && ', about to be anew'}
            {' · '}
          </>
        )}
        <AnchorLink to="/risk-score" size="sm" underline="always">{`Formula, version ${version}`}</AnchorLink>
      </Text>
    </div>
  )
}
