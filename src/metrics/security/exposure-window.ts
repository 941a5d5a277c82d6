import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { selectVulnerabilities } from './select-vulnerabilities.ts'

const dayS = 86_400

export const exposureWindow: Metric = {
  key: 'exposure_window',
  title: 'Exposure window',
  description:
    'From the first production deployment that contained a vulnerability, or else from when it was found, to the deployment of its fix.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'distribution',
  group: 'security',
  goal: { direction: 'lower', target: null },
  parts: [7, 30, 90, 180].map((days) => days * dayS),
  facts: (scope) => selectVulnerabilities(scope, { at: 'deployed_at', value: sql`f.exposure_s`, isSpan: false }),
}
