import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectPipelines } from './select-pipelines.ts'

export const buildTime: Metric = {
  key: 'build_time',
  title: 'Build time used',
  description: 'Build time that Bitbucket charged for all pipelines that ended, whatever their result.',
  unit: 'seconds',
  subject: 'pipeline',
  shape: 'total',
  group: 'pipelines',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPipelines(scope, { value: sql`f.build_s` }),
}
