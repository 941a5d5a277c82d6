import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { leftOutWithoutVerdict, selectPipelines } from './select-pipelines.ts'

export const pipelineDuration: Metric = {
  key: 'pipeline_duration',
  title: 'Pipeline duration',
  description: 'From the start of a pipeline to its end. Those that were stopped or expired are counted apart.',
  unit: 'seconds',
  subject: 'pipeline',
  shape: 'distribution',
  group: 'pipelines',
  goal: { direction: 'lower', target: null },
  facts: (scope) => selectPipelines(scope, { value: sql`f.duration_s`, leftOut: leftOutWithoutVerdict }),
}
