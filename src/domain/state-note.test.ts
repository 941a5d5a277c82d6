import { expect, test } from 'vitest'
import type { Actor } from './actor.ts'
import { stateNote } from './state-note.ts'
import { type Status, statuses } from './status.ts'

const scan: Actor = { kind: 'scan', importId: 'i', name: 'import of report.sarif' }
const person: Actor = { kind: 'member', memberId: 'm', name: 'Carla', tokenId: null }
const remote: Actor = { kind: 'remote', accountUuid: null, name: 'Tomas' }

test.each<[Status, boolean, Actor, string | undefined]>([
  ['fixed', false, scan, 'Fixed: no longer found by import of report.sarif.'],
  ['fixed', false, person, 'Fixed, says Carla.'],
  ['identified', true, scan, 'Reopened: found again by import of report.sarif.'],
  ['identified', false, scan, undefined],
  ['in_progress', true, person, 'Reopened by Carla.'],
  ['risk_accepted', false, person, 'Closed: Carla accepted the risk.'],
  ['awaiting_validation', false, person, undefined],
])('%s (closed before: %s) by $2.kind: %s', (status, wasClosed, cause, expected) => {
  expect(stateNote({ status, wasClosed, cause })).toBe(expected)
})

test('a name calls nobody and links nowhere', () => {
  const cause: Actor = { ...scan, name: 'import of @tomas #12 [x](https://evil.example).sarif' }
  expect(stateNote({ status: 'fixed', wasClosed: false, cause })).not.toMatch(/@tomas|[^\\]#12|\]\(|:\/\//)
})

test.each(statuses)('what a developer did at the remote is not told to them: %s', (status) => {
  expect(stateNote({ status, wasClosed: true, cause: remote })).toBeUndefined()
})
