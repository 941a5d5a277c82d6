import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { ReportFinding } from '../../../scanners/scanner.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { applyMoves } from '../vulnerabilities/apply-move.ts'
import { chooseBranches } from './choose-branches.ts'
import { createImportFixture } from './import.fixture.ts'
import { listImportItems } from './list-import-items.ts'
import { advisory, door, type Taking, takeFindings } from './take-findings.fixture.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createImportFixture(open)
})

const pullRequest: Taking = { branch: 'feature', targetBranch: 'main' }
const take = async (scanner: string, findings: readonly ReportFinding[], more?: Taking) =>
  takeFindings(house, scanner, findings, more)
const vulnerabilities = async () => {
  const rows = await house.db
    .selectFrom('vulnerability')
    .select(['number', 'branch', 'status'])
    .where('organization_id', '=', house.organizationId)
    .orderBy('number')
    .execute()
  return rows.map(({ number, branch, status }) => `${number} ${branch} ${status}`)
}
const decide = async (number: number, to: 'false_positive' | 'risk_accepted') => {
  const { organizationId, actor } = house
  const row = await house.db
    .selectFrom('vulnerability')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
  const move = { vulnerabilityId: row.id, to, reason: 'Nobody comes by', acceptedUntil: '2027-12-01' }
  await house.db
    .transaction()
    .execute((tx) => applyMoves(house.deps, tx, { organizationId, moves: [move], actor, moveActor: 'champion' }))
}

test('makes vulnerabilities of what its target does not have, names the rest, and never touches the target', async () => {
  await take('Lantern', [door('Lantern', 10), door('Lantern', 20), door('Lantern', 30)])
  const before = await vulnerabilities()
  const done = await take(
    'Lantern',
    [door('Lantern', 10), door('Lantern', 31, { snippet: 'window.open()' })],
    pullRequest,
  )
  expect(done.counts).toMatchObject({ results: 2, known: 1, new: 1, kept: 0, closed: 0 })
  expect(done).toMatchObject({ branch: 'feature', target_branch: 'main', state: 'applied' })
  expect(await vulnerabilities()).toEqual([...before, '4 feature identified'])
  const { items } = await listImportItems(house.deps, {
    organizationId: house.organizationId,
    importId: done.id,
    query: { outcome: ['known'] },
  })
  expect(items).toMatchObject([{ outcome: 'known', vulnerability_number: 1 }])

  const again = await take('Lantern', [door('Lantern', 10)], pullRequest)
  expect(again.counts).toMatchObject({ known: 1, new: 0, closed: 1 })
  expect(await vulnerabilities()).toEqual([...before, '4 feature fixed'])
})

test('is previewed and taken back like any other', async () => {
  await take('Lantern', [door('Lantern', 10)])
  const before = await vulnerabilities()
  const findings = [door('Lantern', 10), door('Lantern', 900, { snippet: 'window.open()' })]
  const done = await take('Lantern', findings, pullRequest)
  const { organizationId, actor } = house
  await undoImport(house.deps, { organizationId, importId: done.id, actor })
  expect(await vulnerabilities()).toEqual(before)
  const items = await listImportItems(house.deps, { organizationId, importId: done.id, query: {} })
  expect(items.items.map(({ vulnerability_number }) => vulnerability_number)).toEqual([1, null])
})

test('an import of the target can be undone after a pull request knew of it', async () => {
  const made = await take('Lantern', [door('Lantern', 10)])
  await take('Lantern', [door('Lantern', 10)], pullRequest)
  const { organizationId, actor } = house
  await undoImport(house.deps, { organizationId, importId: made.id, actor })
  expect(await vulnerabilities()).toEqual([])
})

test.each(['false_positive', 'risk_accepted'] as const)(
  'what is %s in the target is so in the pull request',
  async (to) => {
    await take('Lantern', [door('Lantern', 10), advisory('Lantern')])
    await decide(1, to)
    await decide(2, to)
    await take('Lantern', [door('Lantern', 10)])
    const done = await take('Lantern', [door('Lantern', 10), advisory('Lantern')], pullRequest)
    expect(done.counts).toMatchObject({ known: 2, new: 0 })
    const other = await take(
      'Beacon',
      [advisory('Beacon', { ruleId: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2026-0001'] })],
      pullRequest,
    )
    expect(other.counts).toMatchObject({ known: 1, new: 0 })
    expect(await vulnerabilities()).toEqual([`1 main ${to}`, `2 main ${to}`])
  },
)

test('what went over to the target is closed on the branch, however much it is', async () => {
  const many = Array.from({ length: 30 }, (_, index) => door('Lantern', 10 * index + 1))
  await take('Lantern', many, { branch: 'feature' })
  await take('Lantern', many)
  const done = await take('Lantern', many, pullRequest)
  expect(done).toMatchObject({ state: 'applied', counts: { known: 30, closed: 30 } })
  expect(new Set((await vulnerabilities()).slice(0, 30).map((one) => one.split(' ').slice(1).join(' ')))).toEqual(
    new Set(['feature fixed']),
  )
})

test('what reached the target says so, and what is gone from the report says that', async () => {
  await take('Lantern', [door('Lantern', 10), door('Lantern', 900, { snippet: 'window.open()' })], {
    branch: 'feature',
  })
  await take('Lantern', [door('Lantern', 10)])
  const done = await take('Lantern', [door('Lantern', 10)], { ...pullRequest, pullRequestId: '17' })
  const { organizationId } = house
  const reasons = await house.db
    .selectFrom('vulnerability')
    .select('status_reason')
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'fixed')
    .orderBy('number')
    .execute()
  expect(reasons.map(({ status_reason: reason }) => reason)).toEqual([
    'It reached main. The scan of pull request 17 still reports it, and its vulnerability on main goes on.',
    'No longer reported by Lantern',
  ])
  const query = { outcome: ['closed' as const] }
  const { items } = await listImportItems(house.deps, { organizationId, importId: done.id, query })
  expect(items.map(({ step }) => step)).toEqual(['in_target', 'not_in_report'])
})

describe('the branches of an import', () => {
  const asset = { default_branch: 'main' }
  test.each([
    [{}, { branch: 'main', targetBranch: null, pullRequestId: null }],
    [{ branch: 'feature' }, { branch: 'feature', targetBranch: null, pullRequestId: null }],
    [
      { branch: 'feature', pullRequestId: '17' },
      { branch: 'feature', targetBranch: 'main', pullRequestId: '17' },
    ],
    [
      { branch: 'feature', targetBranch: 'release' },
      { branch: 'feature', targetBranch: 'release', pullRequestId: null },
    ],
  ])('%j', (wish, wanted) => expect(chooseBranches(wish, asset)).toEqual(wanted))

  test.each([
    [{ pullRequestId: '17' }, /name the branch of the pull request/],
    [{ branch: 'main', pullRequestId: '17' }, /main is the branch of the pull request itself/],
  ])('%j is refused', (wish, wanted) => {
    const said = (() => {
      try {
        return JSON.stringify(chooseBranches(wish, asset))
      } catch (error) {
        return isAppError(error, 'validation_failed') ? error.detail : 'another error'
      }
    })()
    expect(said).toMatch(wanted)
  })
})
