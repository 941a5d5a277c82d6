import { expect, test } from 'vitest'
import { fullReadRequests } from './feed-kinds.ts'
import { choosePass, endsPass, nextLookMs } from './feed-pass.ts'

const at = (text: string) => new Date(`2026-11-${text}Z`)
const now = at('20T12:00:00')
const known = { kind: 'activity', watermark: at('20T10:00:00'), completedAt: at('20T11:00:00') } as const

test('what was never read is read as a whole, and so is what has no order in time', () => {
  expect(choosePass({ ...known, watermark: null, reconciledAt: null }, now)).toBe('full')
  expect(choosePass({ ...known, kind: 'environments', reconciledAt: now }, now)).toBe('full')
})

test('once a day a look proves that nothing was missed', () => {
  expect(choosePass({ ...known, reconciledAt: at('20T01:00:00') }, now)).toBe('increment')
  expect(choosePass({ ...known, reconciledAt: at('19T12:30:00') }, now)).toBe('reconcile')
})

test('the watermark ends a look only on a page in descending order', () => {
  const page = { pass: 'increment', watermark: at('20T10:00:00'), missing: 0, hasNext: true } as const
  const [new1, new2, old] = [at('20T11:00:00'), at('20T10:30:00'), at('20T09:00:00')]
  expect(endsPass({ ...page, times: [new1, new2] })).toBe(false)
  expect(endsPass({ ...page, times: [new1, new2, old] })).toBe(true)
  expect(endsPass({ ...page, times: [new2, new1, old] })).toBe(false)
  // What was changed at that very moment may stand on the next page.
  expect(endsPass({ ...page, times: [new1, at('20T10:00:00')] })).toBe(false)
  expect(endsPass({ ...page, times: [], hasNext: false })).toBe(true)
  expect(endsPass({ ...page, pass: 'full', times: [old] })).toBe(false)
})

test('a comparison that found something missing goes on behind the watermark', () => {
  const page = { pass: 'reconcile', watermark: at('20T10:00:00'), hasNext: true, times: [at('20T09:00:00')] } as const
  expect(endsPass({ ...page, missing: 2 })).toBe(false)
  expect(endsPass({ ...page, missing: 0 })).toBe(true)
})

test('what runs is looked at soon, what a webhook hears once a day', () => {
  const heard = { isHeard: true, isRunning: false }
  expect(nextLookMs('pull_requests', heard)).toBe(24 * 3_600_000)
  expect(nextLookMs('pull_requests', { ...heard, isHeard: false })).toBe(1_800_000)
  expect(nextLookMs('pipelines', heard)).toBe(1_800_000)
  expect(nextLookMs('pipelines', { ...heard, isRunning: true })).toBe(300_000)
})

test('fifty repositories of the reference workspace take 10,300 requests', () => {
  const one = fullReadRequests({
    pull_requests: 1000,
    activity: 8000,
    pipelines: 2000,
    deployments: 500,
    environments: 3,
  })
  expect(one).toBe(20 + 160 + 20 + 5 + 1)
  expect(50 * one).toBe(10_300)
})
