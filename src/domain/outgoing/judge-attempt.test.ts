import { describe, expect, it } from 'vitest'
import { type Attempt, judgeAttempt, mostAttempts } from './judge-attempt.ts'

const now = new Date('2026-03-02T10:00:00Z')
const judge = (attempt: Partial<Attempt>) =>
  judgeAttempt({ status: 500, retryAfterS: undefined, attempts: 1, failingSince: null, now, chance: 0.5, ...attempt })
const inS = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe('an attempt', () => {
  it.each([200, 201, 204, 299])('that was answered %i is delivered', (status) => {
    expect(judge({ status })).toEqual({ kind: 'delivered' })
  })

  it.each([null, 199, 301, 400, 404, 429, 500])('that was answered %s is made again', (status) => {
    expect(judge({ status })).toEqual({ kind: 'again', at: inS(5), disable: null })
  })

  it('is spread by a quarter of its pause each way', () => {
    expect(judge({ chance: 0 })).toMatchObject({ at: inS(3.75) })
    expect(judge({ chance: 1 })).toMatchObject({ at: inS(6.25) })
  })

  it('waits as long as the receiver asks, a day at most', () => {
    expect(judge({ status: 429, retryAfterS: 90 })).toMatchObject({ at: inS(90) })
    expect(judge({ status: 503, retryAfterS: 1e9 })).toMatchObject({ at: inS(86_400) })
    expect(judge({ attempts: 10, retryAfterS: 1 })).toMatchObject({ at: inS(2560) })
  })

  it('is the last one after sixteen', () => {
    expect(judge({ attempts: mostAttempts - 1 })).toMatchObject({ kind: 'again' })
    expect(judge({ attempts: mostAttempts })).toMatchObject({ kind: 'failed', disable: null })
  })

  it('disables the webhook when it is the 410, or the end of three days', () => {
    expect(judge({ status: 410 })).toMatchObject({ disable: expect.stringContaining('410') })
    expect(judge({ failingSince: inS(-3 * 86_400 + 1) })).toMatchObject({ disable: null })
    expect(judge({ failingSince: inS(-3 * 86_400) })).toMatchObject({ disable: expect.stringContaining('three days') })
    expect(judge({ status: 200, failingSince: inS(-9 * 86_400) })).toEqual({ kind: 'delivered' })
  })
})
