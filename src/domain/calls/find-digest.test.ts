import { describe, expect, it } from 'vitest'
import { findDigest } from './find-digest.ts'

const at = (text: string) => new Date(text)
const berlin = { hour: 8, timeZone: 'Europe/Berlin', toldUntil: null }

describe('a digest', () => {
  it('is due at the hour of the member, in summer and in winter', () => {
    expect(findDigest(berlin, at('2026-07-01T05:59:59Z'))).toEqual(at('2026-06-30T06:00:00Z'))
    expect(findDigest(berlin, at('2026-07-01T06:00:00Z'))).toEqual(at('2026-07-01T06:00:00Z'))
    expect(findDigest(berlin, at('2026-01-15T07:30:00Z'))).toEqual(at('2026-01-15T07:00:00Z'))
    expect(findDigest({ ...berlin, timeZone: 'Asia/Kolkata' }, at('2026-07-01T03:00:00Z'))).toEqual(
      at('2026-07-01T02:30:00Z'),
    )
  })

  it('is made once a day', () => {
    const made = { ...berlin, toldUntil: at('2026-07-01T06:00:00Z') }
    expect(findDigest(made, at('2026-07-01T06:01:00Z'))).toBe(undefined)
    expect(findDigest(made, at('2026-07-02T05:59:00Z'))).toBe(undefined)
    expect(findDigest(made, at('2026-07-02T06:00:00Z'))).toEqual(at('2026-07-02T06:00:00Z'))
  })

  it('is not made again on the same day when the hour is moved', () => {
    const moved = { ...berlin, hour: 20, toldUntil: at('2026-07-01T06:00:00Z') }
    expect(findDigest(moved, at('2026-07-01T18:30:00Z'))).toBe(undefined)
    expect(findDigest(moved, at('2026-07-02T18:00:00Z'))).toEqual(at('2026-07-02T18:00:00Z'))
  })

  it('comes late, and once, where Weir stood still', () => {
    const made = { ...berlin, toldUntil: at('2026-07-01T06:00:00Z') }
    expect(findDigest(made, at('2026-07-04T20:00:00Z'))).toEqual(at('2026-07-04T06:00:00Z'))
    expect(findDigest(made, at('2026-07-05T01:00:00Z'))).toEqual(at('2026-07-04T06:00:00Z'))
    const late = { ...berlin, toldUntil: at('2026-07-04T06:00:00Z') }
    expect(findDigest(late, at('2026-07-05T01:00:00Z'))).toBe(undefined)
    expect(findDigest(late, at('2026-07-05T06:00:00Z'))).toEqual(at('2026-07-05T06:00:00Z'))
  })

  it('comes once where the clocks leave its hour out', () => {
    // On 2026-03-29 they go from 2:00 to 3:00 in Berlin, at 01:00 UTC.
    const early = { ...berlin, hour: 2, toldUntil: at('2026-03-28T01:00:00Z') }
    expect(findDigest(early, at('2026-03-29T00:59:59Z'))).toBe(undefined)
    expect(findDigest(early, at('2026-03-29T01:00:00Z'))).toEqual(at('2026-03-29T01:00:00Z'))
  })

  it('comes once where the clocks show its hour twice', () => {
    // On 2026-10-25 they go back from 3:00 to 2:00 in Berlin, at 01:00 UTC.
    const early = { ...berlin, hour: 2, toldUntil: at('2026-10-24T00:00:00Z') }
    expect(findDigest(early, at('2026-10-25T00:00:00Z'))).toEqual(at('2026-10-25T00:00:00Z'))
    const made = { ...early, toldUntil: at('2026-10-25T00:00:00Z') }
    expect(findDigest(made, at('2026-10-25T01:00:00Z'))).toBe(undefined)
    expect(findDigest(made, at('2026-10-25T01:30:00Z'))).toBe(undefined)
    expect(findDigest(made, at('2026-10-26T01:00:00Z'))).toEqual(at('2026-10-26T01:00:00Z'))
  })
})
