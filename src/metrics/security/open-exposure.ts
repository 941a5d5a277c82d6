import type { Metric } from '../metric.ts'
import { selectExposed } from './select-vulnerabilities.ts'

const dayS = 86_400

export const openExposure: Metric = {
  key: 'open_exposure',
  title: 'Open exposure',
  description: 'How long vulnerabilities whose fix is not in production yet have been exposed.',
  unit: 'seconds',
  subject: 'vulnerability',
  shape: 'age',
  group: 'security',
  goal: { direction: 'lower', target: null },
  parts: [7, 30, 90, 180].map((days) => days * dayS),
  facts: selectExposed,
}
