import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { leftOutWithoutVerdict, selectPipelines } from './select-pipelines.ts'

export const pipelineThroughput: Metric = {
  key: 'pipeline_throughput',
  title: 'Pipelines',
  description: 'How many pipelines ran to a result: a success, a failure or an error.',
  unit: 'count',
  subject: 'pipeline',
  shape: 'count',
  group: 'pipelines',
  goal: { direction: 'none', target: null },
  facts: (scope) => selectPipelines(scope, { value: sql`1`, leftOut: leftOutWithoutVerdict }),
}
