import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { insertPolicy } from '../../../store/security/policies.ts'
import { bodyOf, createImportFixture, sarifOf } from '../../security/imports/import.fixture.ts'
import { importReport } from '../../security/imports/import-report.ts'

let world: SyncWorld
let importDeps: Awaited<ReturnType<typeof createImportFixture>>['deps']
const branch = 'feature/product-badges'
const path = 'src/routes/products.js'

beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  importDeps = (await createImportFixture(world.open)).deps
})
afterAll(() => world.close())

const found = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ file: path, line: 5 + index, rule: `rule-${index}` }))

test("a pull request's scan begins as many threads as allowed, and its summary has what is new in it alone", async () => {
  const { db, clock, newId, enqueue } = world.deps
  const { organizationId } = world.ids
  const own = { organizationId, name: 'All', enabled: true, minSeverity: 'notification' as const, createdBy: null }
  const any = { assetIds: [], tags: [], kinds: [], branches: [], slaStates: [], maxPerRun: 100 }
  const take = async (results: ReturnType<typeof found>, place: object) => {
    const input = { organizationId, actor: world.champion, asset: 'storefront-api', fileName: 'scan.sarif' }
    const deps = { ...importDeps, db, clock, newId, enqueue }
    await importReport(deps, { ...input, body: bodyOf(sarifOf(results)), ...place })
    await world.settle()
  }
  const head = (await world.dana.call('GET', `/refs/branches/${branch}`)).target.hash
  await take(found(2), { branch: 'main' })
  await insertPolicy(db, { ...own, ...any, id: newId(), now: clock() })
  await take(found(15), { branch, targetBranch: 'main', pullRequestId: '5', commit: head })
  const defects = await db.selectFrom('defect').select('id').execute()
  expect(defects).toHaveLength(10)
  const listed = await world.dana.call('GET', '/pullrequests/5/comments?pagelen=100')
  const summaries = listed.values.filter((one: { content: { raw: string } }) => one.content.raw.startsWith('**Weir:**'))
  expect(summaries).toHaveLength(1)
  expect(summaries[0].content.raw).toContain('**Weir:** 13 high new in this pull request.')
  expect((await world.dana.call('GET', `/commit/${head}/statuses/build/weir`)).state).toBe('SUCCESSFUL')
})
