import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type DeliveryWorld, openDeliveryWorld } from '../../../../test/delivery-world.ts'
import { getDeploymentSettings, updateDeploymentSettings } from './deployment-settings.ts'
import { listSourcesInForce } from './list-sources-in-force.ts'
import { recordDeployment } from './record-deployment.ts'

let open: DeliveryWorld
let organizationId: string
beforeAll(async () => {
  open = await openDeliveryWorld({ now: new Date('2026-03-10T12:00:00Z') })
})
afterAll(async () => open.close())
beforeEach(async () => {
  ;({ organizationId } = await open.place())
})

const deps = () => open.deps
const usual = {
  sources: [],
  production_patterns: [],
  repair_branches: ['hotfix/*', 'hotfix-*'],
  repair_within_hours: 24,
  counts_failed_deployments: false,
  pre_history_days: 30,
}
const repository = 'meadow-goods/storefront-api'
const push = { repository, kind: 'push' as const, pattern: null, valid_from: '2026-03-01T00:00:00.000Z' }
const update = async (settings: Parameters<typeof updateDeploymentSettings>[1]['settings']) =>
  updateDeploymentSettings(deps(), { organizationId, actor: { kind: 'system', name: 'test' }, settings })

it('are what the product begins with, until somebody changes them', async () => {
  expect(await getDeploymentSettings(deps(), { organizationId })).toEqual(usual)
  const changed = { ...usual, sources: [push], repair_within_hours: 48, production_patterns: ['live *'] }
  expect(await update(changed)).toEqual(changed)
  expect(await update(usual)).toEqual(usual)
})

it('work back: what was told before counts once its source is in force', async () => {
  const told = { organizationId, repository, key: 'run-1', state: 'successful' as const }
  await recordDeployment(deps(), { ...told, completed_at: '2026-03-05T10:00:00Z' })
  expect(await open.list(organizationId)).toEqual([])
  await update({ ...usual, sources: [push] })
  expect(await open.list(organizationId)).toHaveLength(1)
  await update({ ...usual, sources: [{ ...push, valid_from: '2026-03-06T00:00:00.000Z' }] })
  expect(await open.list(organizationId)).toEqual([])
})

it.each([
  ['a repository that is not here', [{ ...push, repository: 'elsewhere/storefront-api' }]],
  ['two of one repository from the same moment', [push, { ...push, kind: 'bitbucket' as const }]],
  ['tags without a pattern', [{ ...push, kind: 'tag' as const }]],
  ['merges without a pattern', [{ ...push, kind: 'merge' as const }]],
  ['a pattern for what has none', [{ ...push, pattern: 'main' }]],
])('refuse %s, and stay as they were', async (_what, sources) => {
  await expect(update({ ...usual, sources })).rejects.toMatchObject({ code: 'validation_failed' })
  expect(await getDeploymentSettings(deps(), { organizationId })).toEqual(usual)
})

it('say for each repository which source is in force now, and what it counted in thirty days', async () => {
  const inForce = async (text?: string) => (await listSourcesInForce(deps(), { organizationId, text })).items
  expect(await inForce()).toMatchObject([
    { kind: 'bitbucket', pattern: null, counted: 0, last_at: null, told_elsewhere: 0 },
  ])
  const told = { organizationId, repository, state: 'successful' as const }
  await recordDeployment(deps(), { ...told, key: 'run-1', completed_at: '2026-03-05T10:00:00Z' })
  await recordDeployment(deps(), { ...told, key: 'run-2', completed_at: '2026-02-08T11:59:59Z' })
  await open.list(organizationId)
  expect(await inForce()).toMatchObject([{ kind: 'bitbucket', counted: 0, told_elsewhere: 1 }])
  const later = { ...push, kind: 'tag' as const, pattern: 'v*', valid_from: '2026-03-11T00:00:00.000Z' }
  await update({ ...usual, sources: [{ ...push, repository: null, valid_from: '2026-01-01T00:00:00.000Z' }, later] })
  await open.list(organizationId)
  const path = repository
  const [found] = await inForce('STOREFRONT')
  expect(found).toMatchObject({
    kind: 'push',
    counted: 1,
    last_at: '2026-03-05T10:00:00.000Z',
    told_elsewhere: 0,
    repository: { path },
  })
  expect(await inForce('ledger')).toEqual([])
  expect(await inForce('%')).toEqual([])
})
