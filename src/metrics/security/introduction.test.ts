import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { insertDeployment, insertProduction, insertVulnerability } from '../../../test/remediation-facts.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { computeChangedFigures } from '../../usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../../usecases/delivery/deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from '../../usecases/delivery/remediation/follow-vulnerabilities.ts'
import { answerAsOf } from '../answer-as-of.ts'
import { answerMetric } from '../answer-metric.ts'
import { listMetricRows } from '../list-metric-rows.ts'
import { takeSnapshots } from '../snapshots.ts'
import { introductionByLines } from './introduction-by-lines.ts'
import { introductionRate } from './introduction-rate.ts'

let open: OpenDatabase
let organizationId: string
let repositoryId: string
let ada: string
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())
beforeEach(async () => {
  ;[organizationId, repositoryId, ada] = [newId(), newId(), newId()]
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'storefront-api' }],
    people: [{ id: ada, name: 'Ada Quill' }],
  })
  await insertProduction(open.db, { organizationId, repositoryId })
})

const at = (day: number, hour = 12): string => new Date(Date.UTC(2026, 2, day, hour)).toISOString()
const now = new Date(at(28))
const range = { from: new Date(at(1, 0)), to: new Date(at(28, 0)) }
const letters = 'abcdefghijklmnop'
const sha = (place: number): string => letters.charAt(place).repeat(40)

/** One pull request: its lines (null: nobody knows), merged as the next commit of the branch. */
type Change = { lines: number | null; excluded?: true }
/** A deployment of what was merged since the one before; so many vulnerabilities are first seen in what it contains. */
type Deployed = { changes: readonly Change[]; found: number }

async function tell(deployments: readonly Deployed[]): Promise<void> {
  let place = 0
  await insertCommit(place)
  await deploy(place, 1)
  for (const [index, { changes, found }] of deployments.entries()) {
    const day = 3 + index
    for (const change of changes) await merge({ ...change, place: (place += 1), day })
    await deploy(place, day)
    for (let number = 0; number < found; number += 1)
      await insertVulnerability(open.db, {
        organizationId,
        repositoryId,
        number: index * 100 + number + 1,
        openedAt: at(day, 20),
        scanned: sha(place),
      })
  }
  const deps = { db: open.db, clock: () => now }
  for (let round = 0; round < 3; round += 1) {
    await computeChangedFigures(deps)
    while ((await computeChangedDeployments(deps)) > 0);
    await followChangedVulnerabilities(deps)
  }
}

async function insertCommit(place: number, day = 1): Promise<void> {
  await open.db
    .insertInto('commit')
    .values({
      organization_id: organizationId,
      repository_id: repositoryId,
      sha: sha(place),
      authored_at: at(day, 1),
      committed_at: at(day, 1),
      parents: place === 0 ? [] : [sha(place - 1)],
    })
    .execute()
}

const deploy = (place: number, day: number) =>
  insertDeployment(open.db, { organizationId, repositoryId, completedAt: at(day), commit: letters.charAt(place) })

async function merge({ lines, excluded, place, day }: Change & { place: number; day: number }): Promise<void> {
  await insertCommit(place, day)
  const id = newId()
  await insertPullRequests(open.db, organizationId, [
    {
      id,
      repositoryId,
      number: place,
      authorId: ada,
      openedAt: at(2),
      state: 'merged',
      events: [{ kind: 'merged', at: at(day, 2), by: ada }],
      ...(lines !== null && { lines: [lines, 0] }),
      ...(excluded && { excludedReason: 'A rehearsal' }),
    },
  ])
  await open.db
    .updateTable('pull_request')
    .set({ merge_sha: sha(place), merge_commit: sha(place).slice(0, 12) })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

const scope = () => ({ organizationId, repositoryIds: undefined, branches: undefined, range, now })
const question = () => ({
  ...scope(),
  interval: 'week' as const,
  timeZone: 'UTC',
  statistic: 'median' as const,
  isCompared: false,
})
const of = (...lines: (number | null)[]): Change[] => lines.map((one) => ({ lines: one }))

type Expected = { byLines: number | null; byChanges: number | null; counted: number; total: number }

describe('vulnerabilities that came in with changes', () => {
  // Worked out by hand: all vulnerabilities to all lines, and to all pull requests.
  const table: [string, Deployed[], Expected][] = [
    [
      'none came in with 600 lines of 3 pull requests: 0, and not no data',
      [{ changes: of(100, 200, 300), found: 0 }],
      { byLines: 0, byChanges: 0, counted: 3, total: 3 },
    ],
    [
      '3 with 600 lines of 3: 3 / 0.6 thousand = 5, and 3 / 3 = 1',
      [{ changes: of(100, 200, 300), found: 3 }],
      { byLines: 5, byChanges: 1, counted: 3, total: 3 },
    ],
    [
      'a large deployment weighs more: (1 + 4) / (10 + 2000 lines), not the mean of 100 and 2',
      [
        { changes: of(10), found: 1 },
        { changes: of(500, 1500), found: 4 },
      ],
      { byLines: 5000 / 2010, byChanges: 5 / 3, counted: 3, total: 3 },
    ],
    [
      'a size nobody knows takes its deployment out: 2 / 400 lines of 3 of 5',
      [
        { changes: of(100, null), found: 6 },
        { changes: of(100, 100, 200), found: 2 },
      ],
      { byLines: 5, byChanges: 8 / 5, counted: 3, total: 5 },
    ],
    [
      'a pull request of ignored files has no lines, and lowers nothing: 2 / 400 lines of 3',
      [{ changes: of(0, 100, 300), found: 2 }],
      { byLines: 5, byChanges: 2 / 3, counted: 3, total: 3 },
    ],
    [
      'no lines at all make no rate',
      [{ changes: of(0, 0, 0), found: 2 }],
      { byLines: null, byChanges: 2 / 3, counted: 0, total: 3 },
    ],
    [
      'what is left out takes its share with it: 4 / 800 lines, of which 200 are not counted',
      [{ changes: [...of(100, 200, 300), { lines: 200, excluded: true }], found: 4 }],
      { byLines: 5, byChanges: 1, counted: 3, total: 3 },
    ],
  ]
  test.each(table)('%s', async (_words, deployments, { byLines, byChanges, counted, total }) => {
    await tell(deployments)
    const [lines, changes] = await Promise.all([
      answerMetric(open.db, introductionByLines, question()),
      answerMetric(open.db, introductionRate, question()),
    ])
    if (byLines === null) expect(lines.value).toBeNull()
    else expect(lines.value).toBeCloseTo(byLines, 9)
    expect(lines.coverage).toEqual({ counted, total })
    expect(changes.value).toBeCloseTo(byChanges ?? Number.NaN, 9)
    const rows = await listMetricRows(open.db, introductionByLines, { ...scope(), after: null, limit: 50 })
    expect(rows).toHaveLength(counted)
  })

  test('are kept of each day with their weights, and a past report is answered by the same formula', async () => {
    await tell([
      { changes: of(10), found: 1 },
      { changes: of(500, 1500), found: 4 },
    ])
    const taking = { organizationId, days: ['2026-03-03', '2026-03-04'], now: new Date(at(5)) }
    expect(await takeSnapshots(open.db, introductionByLines, taking)).toBe(2)
    expect(await takeSnapshots(open.db, introductionByLines, taking)).toBe(0)
    const asked = { ...question(), asOf: new Date(at(6, 0)) }
    const kept = await answerAsOf(open.db, introductionByLines, asked)
    expect(kept?.value).toBeCloseTo(5000 / 2010, 9)
  })

  test('a size that is told late counts as if it had been told at once, and another one in its place', async () => {
    await tell([{ changes: of(100, null), found: 6 }])
    for (const late of [300, 500]) {
      await open.db
        .updateTable('pull_request')
        .set({ lines_added: late, lines_removed: 0 })
        .where('organization_id', '=', organizationId)
        .where((is) => is.or([is('lines_added', 'is', null), is('lines_added', '>', 100)]))
        .execute()
      await computeChangedFigures({ db: open.db, clock: () => now })
      expect(await computeChangedDeployments(open)).toBe(1)
      const stored = await open.db
        .selectFrom('deployment_change')
        .select(['changed_lines', 'deployed_lines', 'deployed_changes'])
        .where('organization_id', '=', organizationId)
        .orderBy('changed_lines')
        .execute()
      const whole = { deployed_lines: 100 + late, deployed_changes: 2 }
      expect(stored).toEqual([
        { ...whole, changed_lines: 100 },
        { ...whole, changed_lines: late },
      ])
    }
  })
})
