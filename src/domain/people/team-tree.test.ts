import { describe, expect, test } from 'vitest'
import {
  closesCircle,
  findTeamFault,
  findTeamsAt,
  officeHours,
  overlaps,
  resolveCalendar,
  type TeamSettings,
} from './team-tree.ts'

const team = (id: string, parentId: string | null, more: Partial<TeamSettings> = {}): [string, TeamSettings] => [
  id,
  { id, parentId, timeZone: null, hours: [], holidays: [], ...more },
]
const early = [{ weekday: 1, fromMinute: 360, toMinute: 840 }]

describe('a calendar', () => {
  const teams = new Map([
    team('harbour', null, { timeZone: 'Europe/Lisbon', hours: early, holidays: ['2027-12-25', '2027-01-01'] }),
    team('quay', 'harbour', { holidays: ['2027-06-10', '2027-12-25'] }),
    team('crane', 'quay', { timeZone: 'Asia/Tokyo' }),
    team('lone', null),
  ])
  const of = (id: string | null) => resolveCalendar(teams, { id, timeZone: 'UTC' })

  test('is the nearest zone and hours above, and the holidays of all', () => {
    expect(of('crane')).toEqual({
      timeZone: 'Asia/Tokyo',
      hours: early,
      holidays: ['2027-01-01', '2027-06-10', '2027-12-25'],
    })
    expect(of('harbour').holidays).toEqual(['2027-01-01', '2027-12-25'])
  })
  test.each(['lone', 'gone', null])('of %s is office hours in the organization’s zone', (id) =>
    expect(of(id)).toEqual({ timeZone: 'UTC', hours: officeHours, holidays: [] }),
  )
})

test('a team under itself or what is below it closes a circle; under a sister it does not', () => {
  const teams = new Map([team('a', null), team('b', 'a'), team('c', 'b'), team('d', 'a')])
  const closes = (id: string, parentId: string | null) => closesCircle(teams, { id, parentId })
  expect([closes('a', 'a'), closes('a', 'c'), closes('b', 'c')]).toEqual([true, true, true])
  expect([closes('b', 'd'), closes('c', 'a'), closes('a', null)]).toEqual([false, false, false])
})

describe('who was in a team', () => {
  const spans = [
    { teamId: 'quay', from: null, to: '2027-03-01' },
    { teamId: 'crane', from: '2027-03-01', to: null },
  ]
  test.each([
    ['2027-02-28T23:59:59.999Z', 'quay'],
    ['2027-03-01T00:00:00Z', 'crane'],
    ['2031-01-01T00:00:00Z', 'crane'],
    ['1999-01-01T00:00:00Z', 'quay'],
  ])('at %s was in %s, and in no other', (at, wanted) =>
    expect(findTeamsAt(spans, new Date(at)).map((one) => one.teamId)).toEqual([wanted]),
  )
  test('times that touch have no day in common', () => {
    const [before = { from: null, to: null }, after = { from: null, to: null }] = spans
    expect([overlaps(before, after), overlaps(after, before), overlaps(before, before)]).toEqual([false, false, true])
    expect(overlaps({ from: null, to: null }, { from: '2027-01-01', to: '2027-01-02' })).toBe(true)
  })
})

test.each([
  [{ timeZone: 'Europe/Atlantis', hours: [] }, 'time zone'],
  [{ timeZone: '+02:00', hours: [] }, 'time zone'],
  [{ timeZone: null, hours: [...early, ...early] }, 'once'],
  [{ timeZone: null, hours: [{ weekday: 1, fromMinute: 600, toMinute: 600 }] }, 'ends after'],
  [{ timeZone: 'UTC', hours: early }, undefined],
])('%j is judged: %s', (settings, wanted) => {
  const fault = findTeamFault(settings)
  if (wanted === undefined) expect(fault).toBeUndefined()
  else expect(fault).toContain(wanted)
})
