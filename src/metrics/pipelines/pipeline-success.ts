import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { leftOutWithoutVerdict, selectPipelines } from './select-pipelines.ts'

export const pipelineSuccess: Metric = {
  key: 'pipeline_success',
  title: 'Successful pipelines',
  description:
    'The share of pipelines that succeeded, of those that succeeded, failed or ended with an error. Stopped and expired ones are counted apart.',
  unit: 'ratio',
  subject: 'pipeline',
  shape: 'ratio',
  group: 'pipelines',
  goal: { direction: 'higher', target: null },
  facts: (scope) =>
    selectPipelines(scope, {
      value: sql`case when f.result = 'successful' then 1 else 0 end`,
      leftOut: leftOutWithoutVerdict,
    }),
}
