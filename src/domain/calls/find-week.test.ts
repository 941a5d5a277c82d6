import { describe, expect, it } from 'vitest'
import { findLastWeek, findWeek, type WeeklyRhythm } from './find-week.ts'

// 2026-03-02 was a Monday; the clocks of Berlin went forward on Sunday 2026-03-29.
const rhythm = (part: Partial<WeeklyRhythm> = {}): WeeklyRhythm => ({
  weekday: 1,
  hour: 8,
  timeZone: 'Europe/Berlin',
  since: new Date('2026-01-01T00:00:00Z'),
  toldTo: null,
  ...part,
})
const at = (text: string) => new Date(text)
const told = (part: Partial<WeeklyRhythm>, now: string) => findWeek(rhythm(part), at(now))?.to.toISOString()

describe('the week that is to be told', () => {
  it('is the full one from Monday to Monday before, from the hour on', () => {
    expect(told({ toldTo: at('2026-02-22T23:00:00Z') }, '2026-03-02T06:59:00Z')).toBeUndefined()
    expect(findWeek(rhythm(), at('2026-03-02T07:00:00Z'))).toEqual({
      from: at('2026-02-22T23:00:00Z'),
      to: at('2026-03-01T23:00:00Z'),
    })
  })

  it.each([
    [1, '2026-03-30T06:00:00Z', '2026-03-29T22:00:00.000Z'],
    [3, '2026-04-01T06:00:00Z', '2026-03-29T22:00:00.000Z'],
    [7, '2026-03-29T06:00:00Z', '2026-03-22T23:00:00.000Z'],
  ])('on weekday %i ends with the Monday before, also where clocks change', (weekday, now, end) => {
    expect(told({ weekday }, now)).toBe(end)
  })

  it('is told once, also after another day or zone was chosen, and the next one again', () => {
    const toldTo = at('2026-03-01T23:00:00Z')
    expect(told({ toldTo }, '2026-03-03T12:00:00Z')).toBeUndefined()
    expect(told({ toldTo, weekday: 5 }, '2026-03-06T12:00:00Z')).toBeUndefined()
    expect(told({ toldTo, timeZone: 'America/New_York' }, '2026-03-06T12:00:00Z')).toBeUndefined()
    expect(told({ toldTo }, '2026-03-09T07:00:00Z')).toBe('2026-03-08T23:00:00.000Z')
  })

  it('is told late where Weir stood still, and of several the last alone', () => {
    const toldTo = at('2026-02-01T23:00:00Z')
    expect(told({ toldTo }, '2026-03-05T07:00:00Z')).toBe('2026-03-01T23:00:00.000Z')
  })

  it('is none whose hour was over when it was turned on', () => {
    const since = at('2026-03-02T07:00:01Z')
    expect(told({ since }, '2026-03-08T22:00:00Z')).toBeUndefined()
    expect(told({ since }, '2026-03-09T07:00:00Z')).toBe('2026-03-08T23:00:00.000Z')
  })

  it('before a moment is that of its zone', () => {
    expect(findLastWeek('Pacific/Auckland', at('2026-03-01T11:00:00Z')).to).toEqual(at('2026-03-01T11:00:00Z'))
    expect(findLastWeek('UTC', at('2026-03-01T11:00:00Z')).to).toEqual(at('2026-02-23T00:00:00Z'))
  })
})
