import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bulkChange } from '../../../contract/security/bulk-changes.ts'
import { createTestDatabase } from '../../../test/database.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { createBulkHouse } from './bulk/bulk-change.fixture.ts'
import { announceDeadlines } from './deadlines/announce-deadlines.ts'
import { updateServiceLevels } from './deadlines/service-levels.ts'
import { defaultSlaSettings } from './deadlines/sla-rules.ts'
import { walkDeadlines } from './deadlines/walk-deadlines.ts'
import { bodyOf, type FakeResult, sarifOf } from './imports/import.fixture.ts'
import { importReport } from './imports/import-report.ts'
import { createPolicy, listPolicies, tryPolicy } from './policies.ts'
import { sendPolicy } from './send-policy.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>
let time: Date

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  await open.db.deleteFrom('organization_settings').execute()
  house = await createBulkHouse(open)
  time = new Date('2027-03-01T08:00:00Z')
  house.deps.clock = () => time
  await giveRepository()
})

async function giveRepository() {
  const { db, deps, organizationId: organization_id, assetId } = house
  const connection = { organization_id, id: deps.newId(), kind: 'bitbucket' as const, auth_kind: 'api_token' as const }
  const urls = { api_url: 'https://api.example', web_url: 'https://web.example' }
  await db
    .insertInto('connection')
    .values({ ...connection, ...urls, name: 'Harbour', sealed_credential: 'sealed', state: 'active' })
    .execute()
  const id = deps.newId()
  const names = { slug: 'quay', name: 'quay', workspace_slug: 'harbour', workspace_uuid: '{w}', remote_uuid: `{${id}}` }
  await db
    .insertInto('repository')
    .values({ organization_id, id, connection_id: connection.id, ...names, web_url: 'https://web.example/quay' })
    .execute()
  await db.updateTable('asset').set({ repository_id: id }).where('id', '=', assetId).execute()
}

const audit = () => ({ ...house.actor, ipAddress: null })
const make = (input: Partial<Parameters<typeof createPolicy>[1]>) =>
  createPolicy(house.deps, {
    organizationId: house.organizationId,
    actor: audit(),
    name: 'High ones',
    min_severity: 'high',
    ...input,
  })
const bring = async (results: readonly FakeResult[], branch = 'main') => {
  const { organizationId, actor } = house
  const body = bodyOf(sarifOf(results))
  const done = await importReport(house.deps, {
    organizationId,
    actor,
    asset: 'quay',
    branch,
    scope: 'partial',
    body,
  })
  return done.counts.sent
}
const files = (count: number, mark: string) => Array.from({ length: count }, (_, n) => ({ file: `src/${mark}${n}.ts` }))
const policy = async () =>
  (await listPolicies(house.deps, { organizationId: house.organizationId, query: {} })).items[0]
const calls = () =>
  house.db
    .selectFrom('notification')
    .select(['kind', 'vulnerability_count', 'subject'])
    .where('organization_id', '=', house.organizationId)
    .where('kind', '=', 'held_back')
    .execute()

test('a first import sends no more than the policy allows at once; the rest is held back and told by one call', async () => {
  const { id } = await make({ max_per_run: 2 })
  expect(await bring(files(5, 'first'))).toBe(2)
  expect((await policy())?.held_back).toEqual({ count: 3, at: time.toISOString() })
  expect(await bring(files(4, 'second'))).toBe(2)
  expect((await policy())?.held_back?.count).toBe(5)
  expect(await calls()).toMatchObject([{ kind: 'held_back', vulnerability_count: 5 }])

  const { asker, auditor } = { asker: house.asker(), auditor: house.auditor }
  const change = bulkChange.parse(await sendPolicy(house.deps, { asker, auditor, id }))
  expect(change).toMatchObject({ kind: 'send', total: 5 })
  expect((await policy())?.held_back).toBeNull()
  expect((await house.run(change.id)).changed).toBe(5)
  await expect(sendPolicy(house.deps, { asker, auditor, id })).rejects.toMatchObject({ code: 'conflict' })
})

test('what was there before the policy is sent when somebody asks for it, and by nobody else than those who send', async () => {
  await bring(files(3, 'old'))
  const { id } = await make({})
  expect(await bring(files(3, 'old'))).toBe(0)
  const { auditor } = house
  await expect(sendPolicy(house.deps, { asker: house.asker('viewer'), auditor, id })).rejects.toMatchObject({
    code: 'forbidden',
  })
  expect(await sendPolicy(house.deps, { asker: house.asker(), auditor, id })).toMatchObject({ total: 3 })
})

test('nobody is called while nothing is held back', async () => {
  await make({})
  expect(await bring(files(3, 'few'))).toBe(3)
  expect(await calls()).toEqual([])
})

test.each([
  ['a kind', { kinds: ['dependency' as const] }, 0],
  ['its kind', { kinds: ['code' as const, 'secret' as const] }, 1],
  ['another branch', { branches: ['release'] }, 0],
  ['its branch', { branches: ['release', 'main'] }, 1],
  ['a tag no asset has', { tags: ['nobody'] }, 0],
  ['a deadline that is near', { sla_states: ['approaching' as const] }, 0],
  ['a deadline that is far', { sla_states: ['on_track' as const] }, 1],
])('a policy that asks for %s sends what it should, and its dry run says so before', async (_, conditions, wanted) => {
  const { organizationId, memberId } = house
  await updateServiceLevels(house.deps, { organizationId, actor: audit(), settings: defaultSlaSettings })
  await bring(files(1, 'known'))
  const dryRun = await tryPolicy(house.deps, { organizationId, memberId, min_severity: 'high', ...conditions })
  expect(dryRun).toMatchObject({ would_send: wanted, by_severity: wanted === 0 ? {} : { high: 1 } })
  await make(conditions)
  expect(await bring(files(1, 'fresh'))).toBe(wanted)
})

test('a policy that asks for a deadline sends what comes to stand there later, and one that does not stays silent', async () => {
  const { organizationId } = house
  await updateServiceLevels(house.deps, { organizationId, actor: audit(), settings: defaultSlaSettings })
  await walkDeadlines(house.deps, { organizationId })
  await bring(files(2, 'waiting'))
  await make({ name: 'Everything' })
  const sent = async () =>
    (
      await house.db
        .selectFrom('vulnerability')
        .select('id')
        .where('organization_id', '=', organizationId)
        .where('is_sent', '=', true)
        .execute()
    ).length
  time = new Date('2027-03-28T08:00:00Z')
  await announceDeadlines(house.deps)
  expect(await sent()).toBe(0)
  await make({ name: 'Late ones', sla_states: ['breached'] })
  time = new Date('2027-04-01T08:00:00Z')
  await announceDeadlines(house.deps)
  expect(await sent()).toBe(2)
})
