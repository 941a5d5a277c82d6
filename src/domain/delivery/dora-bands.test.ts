import { expect, test } from 'vitest'
import { type DoraFigure, findDoraBand } from './dora-bands.ts'

const day = 86_400

test.each<[number, DoraFigure, number, string | undefined]>([
  [2023, 'lead_time', day - 1, 'elite'],
  [2023, 'lead_time', day, 'high'],
  [2023, 'lead_time', 40 * day, 'low'],
  [2023, 'deployment_frequency', 1, 'elite'],
  [2023, 'deployment_frequency', 1 / 7, 'high'],
  [2023, 'deployment_frequency', 0.01, 'low'],
  [2023, 'change_failure_rate', 0.05, 'elite'],
  [2023, 'change_failure_rate', 0.12, 'medium'],
  [2023, 'recovery_time', 3599, 'elite'],
  // That year the second best failed more often than the third.
  [2024, 'change_failure_rate', 0.1, 'medium'],
  [2024, 'change_failure_rate', 0.2, 'high'],
  [2024, 'change_failure_rate', 0.4, 'low'],
  [2024, 'recovery_time', 2 * day, 'low'],
  [2025, 'lead_time', 60, undefined],
])('by the table of %d %s of %d is %s', (year, figure, value, band) => {
  expect(findDoraBand(year, figure, value)).toBe(band)
})
