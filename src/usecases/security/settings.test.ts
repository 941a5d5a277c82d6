import { afterAll, beforeAll, expect, test } from 'vitest'
import { asset as assetSchema } from '../../../contract/security/assets.ts'
import { getOverview as overviewRoute } from '../../../contract/security/overview.ts'
import { policy as policySchema, tryPolicy as tryRoute } from '../../../contract/security/policies.ts'
import { createTestDatabase } from '../../../test/database.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { ensureAssetsForRepositories } from '../../store/security/assets.ts'
import { createAsset, getAsset, listAssets, updateAsset } from './assets.ts'
import { getOverview } from './get-overview.ts'
import { bodyOf, createImportFixture, sarifOf } from './imports/import.fixture.ts'
import { importReport } from './imports/import-report.ts'
import { createPolicy, deletePolicy, listPolicies, tryPolicy, updatePolicy } from './policies.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
let other: Awaited<ReturnType<typeof createImportFixture>>
const levels = ['error', 'warning', 'note'] as const

beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
  other = await createImportFixture(open)
})
afterAll(async () => {
  await open.close()
})

const audit = () => ({ ...house.actor, ipAddress: null })
const organizationId = () => house.organizationId
const importLevels = (file: string) =>
  importReport(house.deps, {
    organizationId: organizationId(),
    actor: house.actor,
    asset: 'quay',
    branch: 'main',
    scope: 'partial',
    body: bodyOf(sarifOf(levels.map((level) => ({ file, level, text: level })))),
  })

test('assets are made, listed a page at a time, changed, archived and brought back', async () => {
  const made = await createAsset(house.deps, {
    organizationId: organizationId(),
    actor: audit(),
    key: 'lighthouse',
    name: 'Ämter',
    tags: ['public'],
  })
  assetSchema.parse(made)
  expect(made).toMatchObject({
    key: 'lighthouse',
    repository: null,
    default_branch: 'main',
    business_impact: 'medium',
    open: { critical: 0 },
  })
  await expect(
    createAsset(house.deps, { organizationId: organizationId(), actor: audit(), key: 'lighthouse', name: 'x' }),
  ).rejects.toMatchObject({ code: 'conflict' })
  const first = await listAssets(house.deps, { organizationId: organizationId(), query: { limit: 1 } })
  const second = await listAssets(house.deps, {
    organizationId: organizationId(),
    query: { limit: 1, cursor: first.next ?? '' },
  })
  expect([...first.items, ...second.items].map((one) => one.key)).toEqual(['quay', 'lighthouse'])
  expect(second.next).toBeNull()
  expect(
    (await listAssets(house.deps, { organizationId: organizationId(), query: { tag: ['public'] } })).items,
  ).toHaveLength(1)
  const changed = await updateAsset(house.deps, {
    organizationId: organizationId(),
    actor: audit(),
    id: made.id,
    archived: true,
    exposure: 'internet',
  })
  expect(changed).toMatchObject({ exposure: 'internet', archived_at: expect.any(String) })
  expect(
    (await listAssets(house.deps, { organizationId: organizationId(), query: {} })).items.map((one) => one.key),
  ).toEqual(['quay'])
  await updateAsset(house.deps, { organizationId: organizationId(), actor: audit(), id: made.id, archived: false })
  await expect(getAsset(house.deps, { organizationId: other.organizationId, id: made.id })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(
    updateAsset(other.deps, { organizationId: other.organizationId, actor: audit(), id: made.id, name: 'mine' }),
  ).rejects.toMatchObject({ code: 'not_found' })
})

test('repositories get one asset each, with a key nobody has yet, however often they are chosen', async () => {
  const repositories = await Promise.all(['Quay', 'quay', 'Pier 7'].map(async (slug) => insertRepository(slug)))
  const now = new Date()
  const ensure = () =>
    house.db
      .transaction()
      .execute((tx) => ensureAssetsForRepositories(tx, { organizationId: organizationId(), repositories, now }))
  const [once, twice] = await Promise.all([ensure(), ensure()])
  expect(once.map((row) => row.key).toSorted()).toEqual(['pier-7', 'quay-2', 'quay-3'])
  expect(twice.map((row) => row.assetId).toSorted()).toEqual(once.map((row) => row.assetId).toSorted())
})

test('a policy sends what an import brings, at its severity and above, and only what it names', async () => {
  const repository = await insertRepository('boat')
  await house.db
    .updateTable('asset')
    .set({ repository_id: repository.repositoryId })
    .where('id', '=', house.assetId)
    .execute()
  await importLevels('src/before.ts')
  const input = { organizationId: organizationId(), actor: audit(), name: 'High ones', min_severity: 'medium' as const }
  const made = await createPolicy(house.deps, input)
  policySchema.parse(made)
  const trial = await tryPolicy(house.deps, {
    organizationId: organizationId(),
    memberId: house.memberId,
    min_severity: 'medium',
  })
  tryRoute.response?.parse(trial)
  expect(trial).toMatchObject({
    matching: 2,
    already_sent: 0,
    would_send: 2,
    examples: [{ severity: 'high' }, { severity: 'medium' }],
  })
  const done = await importLevels('src/after.ts')
  expect(done.counts).toMatchObject({ new: 3, sent: 2 })
  expect(house.jobs.filter((job) => job.name === 'push-defect')).toHaveLength(2)
  expect((await importLevels('src/after.ts')).counts.sent).toBe(0)
  expect(
    await tryPolicy(house.deps, { organizationId: organizationId(), memberId: house.memberId, min_severity: 'medium' }),
  ).toMatchObject({ matching: 4, already_sent: 2 })
  await updatePolicy(house.deps, { organizationId: organizationId(), actor: audit(), id: made.id, enabled: false })
  expect((await importLevels('src/off.ts')).counts.sent).toBe(0)
  await updatePolicy(house.deps, {
    organizationId: organizationId(),
    actor: audit(),
    id: made.id,
    enabled: true,
    tags: ['nobody'],
  })
  expect((await importLevels('src/tag.ts')).counts.sent).toBe(0)
})

test('policies belong to their organization and so do the assets they name', async () => {
  const input = { organizationId: organizationId(), actor: audit(), name: 'x', min_severity: 'low' as const }
  await expect(createPolicy(house.deps, { ...input, asset_ids: [other.assetId] })).rejects.toMatchObject({
    code: 'validation_failed',
  })
  const { items } = await listPolicies(house.deps, { organizationId: organizationId(), query: {} })
  const [mine] = items
  await expect(
    deletePolicy(other.deps, { organizationId: other.organizationId, actor: audit(), id: mine?.id ?? '' }),
  ).rejects.toMatchObject({ code: 'not_found' })
  await deletePolicy(house.deps, { organizationId: organizationId(), actor: audit(), id: mine?.id ?? '' })
  expect((await listPolicies(house.deps, { organizationId: organizationId(), query: {} })).items).toHaveLength(
    items.length - 1,
  )
})

test('the first page counts what is there and ticks off what is done', async () => {
  const asked = { organizationId: organizationId(), memberId: house.memberId, mayReadConnections: true }
  const answer = await getOverview(house.deps, asked)
  overviewRoute.response?.parse(answer)
  expect(answer).toMatchObject({ open: { high: 4, medium: 4, low: 4, critical: 0 } })
  expect(answer.checklist.find((step) => step.step === 'import_report')?.done).toBe(true)
  const { organizationId: elsewhere, memberId } = other
  const empty = await getOverview(other.deps, { organizationId: elsewhere, memberId, mayReadConnections: true })
  expect(empty.checklist.every((step) => !step.done)).toBe(true)
})

test('the first page tells of a connection in trouble only to those who may read connections', async () => {
  const { repositoryId } = await insertRepository('troubled')
  const { connection_id: id } = await house.db
    .selectFrom('repository')
    .select('connection_id')
    .where('id', '=', repositoryId)
    .executeTakeFirstOrThrow()
  const state_reason = 'The token of ines@harbour.example was refused.'
  await house.db.updateTable('connection').set({ state: 'unauthorized', state_reason }).where('id', '=', id).execute()
  const asked = { organizationId: organizationId(), memberId: house.memberId }
  const champions = await getOverview(house.deps, { ...asked, mayReadConnections: true })
  expect(champions.connections_with_problems).toEqual([{ id, name: 'Harbour', reason: state_reason }])
  const viewers = await getOverview(house.deps, { ...asked, mayReadConnections: false })
  expect(viewers.connections_with_problems).toEqual([])
  expect(JSON.stringify(viewers)).not.toContain('ines@harbour.example')
})

async function insertRepository(slug: string) {
  const { newId } = house.deps
  const connectionId = newId()
  const repositoryId = newId()
  const key = { organization_id: organizationId(), connection_id: connectionId }
  await house.db
    .insertInto('connection')
    .values({
      organization_id: organizationId(),
      id: connectionId,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Harbour',
      api_url: 'https://api.example',
      web_url: 'https://web.example',
      sealed_credential: 'sealed',
      state: 'active',
    })
    .execute()
  await house.db
    .insertInto('repository')
    .values({
      ...key,
      id: repositoryId,
      remote_uuid: `{${repositoryId}}`,
      workspace_uuid: '{w}',
      workspace_slug: 'harbour',
      slug,
      name: slug,
      web_url: `https://web.example/harbour/${slug}`,
      main_branch: 'main',
    })
    .execute()
  return { assetId: newId(), repositoryId, slug, name: slug, mainBranch: 'main' }
}
