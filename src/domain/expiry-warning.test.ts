import { expect, it } from 'vitest'
import { expiryWarningDue } from './expiry-warning.ts'

const now = new Date('2026-03-01T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const due = (days: number, warnedDays: number | null) => expiryWarningDue({ expiresAt: inDays(days), now, warnedDays })

it('warns 30, 7 and 1 days before the end, once each', () => {
  expect([31, 30, 8, 7, 2, 1, 0.01].map((days) => due(days, null))).toEqual([undefined, 30, 30, 7, 7, 1, 1])
  expect([30, 8, 7, 2, 1].map((days) => due(days, 30))).toEqual([undefined, undefined, 7, 7, 1])
  expect([7, 1].map((days) => due(days, 7))).toEqual([undefined, 1])
  expect(due(0.5, 1)).toBeUndefined()
})

it('says nothing after the end', () => {
  expect([0, -1].map((days) => due(days, null))).toEqual([undefined, undefined])
})
