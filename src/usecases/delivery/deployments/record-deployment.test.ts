import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DeliveryWorld, openDeliveryWorld } from '../../../../test/delivery-world.ts'
import { newId } from '../../../lib/ids.ts'
import { computeChangedDeployments } from './compute-deployments.ts'
import { listDeployments } from './list-deployments.ts'
import { recordDeployment } from './record-deployment.ts'
import { recordIncident } from './record-incident.ts'

let open: DeliveryWorld
let organizationId: string
beforeAll(async () => {
  open = await openDeliveryWorld({ now: new Date('2026-03-10T12:00:00Z') })
})
afterAll(async () => open.close())
beforeEach(async () => {
  ;({ organizationId } = await open.place({ source: 'push' }))
})

const deps = () => open.deps
const repository = 'meadow-goods/storefront-api'
const deploy = async (more: Partial<Parameters<typeof recordDeployment>[1]> = {}) =>
  recordDeployment(deps(), { organizationId, repository, key: 'run-1', state: 'successful', ...more })
const suffer = async (more: Partial<Parameters<typeof recordIncident>[1]> = {}) =>
  recordIncident(deps(), { organizationId, repository, key: 'INC-1', title: 'The till is closed', ...more })
const list = async () => open.list(organizationId)

describe('a deployment a pipeline tells of', () => {
  it('counts, as one however often it is told, with what was told last', async () => {
    await deploy({ state: 'in_progress', commit: 'ABCDEF1', started_at: '2026-03-10T11:00:00Z' })
    expect(await list()).toEqual([])
    const told = await deploy({ completed_at: '2026-03-10T11:30:00Z' })
    expect(told).toMatchObject({
      counts_as_source: true,
      environment: { name: 'Production' },
      repository: { name: 'storefront-api' },
    })
    await deploy({ completed_at: '2026-03-10T11:30:00Z' })
    expect(await list()).toMatchObject([
      { outcome: 'successful', commit: 'abcdef1', completed_at: '2026-03-10T11:30:00.000Z', environment: 'Production' },
    ])
  })

  it('does not count where deployments are told from elsewhere, and says so', async () => {
    await open.db.deleteFrom('deployment_source').where('organization_id', '=', organizationId).execute()
    expect((await deploy()).counts_as_source).toBe(false)
    expect(await list()).toEqual([])
  })

  it('to staging is kept and is none of production', async () => {
    await deploy({ environment: 'Staging', environment_kind: 'staging' })
    expect(await list()).toEqual([])
  })

  it.each([
    'MEADOW-goods/Storefront-API',
    'unknown/storefront-api',
    'storefront-api',
    '{00000000-0000-0000-0000-000000000000}',
  ])('is of a repository that is known: %s', async (name) => {
    const told = deploy({ repository: name })
    if (name.startsWith('MEADOW')) await expect(told).resolves.toMatchObject({ repository: { name: 'storefront-api' } })
    else await expect(told).rejects.toMatchObject({ code: 'validation_failed', detail: expect.stringContaining(name) })
  })

  it('ends after it began, and not before it ended', async () => {
    await expect(
      deploy({ started_at: '2026-03-10T11:00:00Z', completed_at: '2026-03-10T10:59:59Z' }),
    ).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(deploy({ state: 'in_progress', completed_at: '2026-03-10T11:00:00Z' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })
})

describe('a time to come', () => {
  // Now is 12:00: clocks differ by minutes, not by more.
  it.each([
    ['2026-03-10T12:05:00Z', true],
    ['2026-03-10T12:05:01Z', false],
    ['2027-03-10T12:00:00Z', false],
  ])('is refused where it is more than five minutes ahead: %s', async (at, isTaken) => {
    const refusal = { code: 'validation_failed', detail: expect.stringContaining('2026-03-10T12:00:00.000Z') }
    const tellings = [
      deploy({ completed_at: at }),
      deploy({ state: 'in_progress', started_at: at }),
      suffer({ began_at: at }),
      suffer({ began_at: '2026-03-10T09:00:00Z', resolved_at: at }),
    ]
    for (const told of tellings)
      if (isTaken) await expect(told).resolves.toBeDefined()
      else await expect(told).rejects.toMatchObject(refusal)
  })
})

describe('an incident', () => {
  it('makes the deployment before it a failed one, until it is resolved', async () => {
    await deploy({ completed_at: '2026-03-10T09:00:00Z' })
    await suffer({ began_at: '2026-03-10T10:00:00Z' })
    expect(await list()).toMatchObject([{ failed_by: 'incident', recovered_at: null }])
    const ended = await suffer({ resolved_at: '2026-03-10T11:00:00Z' })
    expect(ended).toMatchObject({ began_at: '2026-03-10T10:00:00.000Z', resolved_at: '2026-03-10T11:00:00.000Z' })
    expect(await list()).toMatchObject([{ failed_by: 'incident', recovered_at: '2026-03-10T11:00:00.000Z' }])
    await suffer({ resolved_at: null })
    expect(await list()).toMatchObject([{ recovered_at: null }])
  })

  it('can name the deployment that caused it, and no other than one that is known', async () => {
    await deploy({ key: 'run-1', completed_at: '2026-03-10T08:00:00Z' })
    await deploy({ key: 'run-2', completed_at: '2026-03-10T09:00:00Z' })
    await suffer({ began_at: '2026-03-10T10:00:00Z', deployment_key: 'run-1' })
    expect((await list()).map(({ failed_by }) => failed_by)).toEqual([null, 'incident'])
    await expect(suffer({ deployment_key: 'run-9' })).rejects.toMatchObject({ code: 'validation_failed' })
  })

  it('does not end before it began', async () => {
    await expect(
      suffer({ began_at: '2026-03-10T10:00:00Z', resolved_at: '2026-03-10T09:00:00Z' }),
    ).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

it('deployments are listed latest first, page by page, of a time and of some repositories', async () => {
  for (const hour of [6, 7, 8]) await deploy({ key: `run-${hour}`, completed_at: `2026-03-10T0${hour}:00:00Z` })
  await computeChangedDeployments(open)
  const first = await listDeployments(deps(), { organizationId, limit: 2 })
  const second = await listDeployments(deps(), { organizationId, limit: 2, cursor: first.next ?? '' })
  expect([...first.items, ...second.items].map(({ completed_at }) => completed_at.slice(11, 13))).toEqual([
    '08',
    '07',
    '06',
  ])
  expect(second.next).toBeNull()
  const range = { from: '2026-03-10T06:00:00Z', to: '2026-03-10T08:00:00Z' }
  expect((await listDeployments(deps(), { organizationId, ...range })).items).toHaveLength(2)
  expect((await listDeployments(deps(), { organizationId, repository: [newId()] })).items).toEqual([])
})
