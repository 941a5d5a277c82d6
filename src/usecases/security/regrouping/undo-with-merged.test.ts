import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createBulkHouse } from '../bulk/bulk-change.fixture.ts'
import { undoBulkChange } from '../bulk/control-bulk-change.ts'
import { advisory, door, takeFindings } from '../imports/take-findings.fixture.ts'
import { undoImport } from '../imports/undo-import.ts'
import { mergeVulnerabilities } from './merge-vulnerabilities.ts'
import { splitVulnerability } from './split-vulnerability.ts'
import { undoMerge } from './undo-merge.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createBulkHouse(open)
})

const who = () => {
  const { organizationId, actor, memberId } = house
  return { organizationId, actor, viewer: { memberId, role: 'champion' as const } }
}
const states = async () =>
  (await house.read()).map(({ id, status, status_reason, accepted_until, fixed_at }) => {
    return { id, status, status_reason, accepted_until, fixed_at }
  })
const idsOf = async () => (await house.read()).map(({ id }) => id)

/** Two open doors merged into one, and a third that was fixed before it was. */
async function mergeDoors() {
  await takeFindings(house, 'Lantern', [door('Lantern', 10), door('Lantern', 200), door('Lantern', 900)])
  await takeFindings(house, 'Lantern', [door('Lantern', 10), door('Lantern', 200)])
  const [into = '', ...ids] = await idsOf()
  await mergeVulnerabilities(house.deps, { ...who(), into, ids })
  return into
}

describe('what was merged follows an undo', () => {
  test('of an import that closed the whole: each is as it was before it', async () => {
    await mergeDoors()
    const before = await states()
    const taken = await takeFindings(house, 'Lantern', [door('Lantern', 5000, { ruleId: 'other' })])
    const { organizationId, actor } = house
    expect((await states()).slice(0, 3).map(({ status }) => status)).toEqual(['fixed', 'fixed', 'fixed'])
    await undoImport(house.deps, { organizationId, importId: taken.id, actor })
    expect(await states()).toEqual(before)
  })

  test('of a change of many: each is as it was before it', async () => {
    const into = await mergeDoors()
    const before = await states()
    const change = { kind: 'move', to: 'false_positive', reason: 'A drawing of a door' } as const
    const done = await house.doIt({ ids: [into], change })
    expect((await states()).map(({ status }) => status)).toEqual(['false_positive', 'false_positive', 'false_positive'])
    const { asker, auditor, deps } = house
    await house.run((await undoBulkChange(deps, { asker: asker(), auditor, id: done.id })).id)
    expect(await states()).toEqual(before)
    const [, second = ''] = before.map(({ id }) => id)
    await undoMerge(house.deps, { ...who(), id: second })
    expect((await states())[1]).toMatchObject({ id: second, status: 'identified' })
  })

  test('of an import whose evidence was split off is refused, in a sentence', async () => {
    await takeFindings(house, 'Lantern', [advisory('Lantern')])
    const taken = await takeFindings(house, 'Beacon', [advisory('Beacon')])
    const [id = ''] = await idsOf()
    const { organizationId, actor, db } = house
    const finding = await db
      .selectFrom('finding')
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('scanner', '=', 'Beacon')
      .executeTakeFirstOrThrow()
    await splitVulnerability(house.deps, { ...who(), id, findingIds: [finding.id] })
    await expect(undoImport(house.deps, { organizationId, importId: taken.id, actor })).rejects.toMatchObject({
      code: 'import_not_undoable',
      message: expect.stringContaining('WEIR-2 was split off WEIR-1 since this import'),
    })
  })
})
