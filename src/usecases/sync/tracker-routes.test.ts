import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { trackerRoute, listTrackers as trackersContract } from '../../../contract/sync/tracker-routes.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listAssetDestinations } from './list-asset-destinations.ts'
import { listTrackers } from './list-trackers.ts'
import { createTrackerRoute, deleteTrackerRoute, listTrackerRoutes, updateTrackerRoute } from './tracker-routes.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
})
afterAll(() => world.close())
beforeEach(() => world.db.deleteFrom('route').execute())

const by = () => ({ organizationId: world.ids.organizationId, actor: { ...world.champion, ipAddress: null } })
const make = (input: Omit<Parameters<typeof createTrackerRoute>[1], 'organizationId' | 'actor'>) =>
  createTrackerRoute(world.deps, { ...by(), ...input })
const list = async () =>
  (await listTrackerRoutes(world.deps, { organizationId: world.ids.organizationId, query: {} })).items
const destination = async () => {
  const { organizationId, assetId } = world.ids
  const { items } = await listAssetDestinations(world.deps, { organizationId, query: {} })
  return items.find(({ asset }) => asset.id === assetId)
}
const trackerOf = async (problem: { branch?: string } = {}) => {
  const { defectId } = await world.sendProblem(problem)
  const { tracker } = await world.db
    .selectFrom('defect')
    .select('tracker')
    .where('id', '=', defectId)
    .executeTakeFirstOrThrow()
  return tracker
}

test('without a route an asset goes to what its repository has', async () => {
  expect(await destination()).toMatchObject({
    because: 'repository',
    route_id: null,
    tracker: 'bitbucket-issues',
    obstacle: null,
    branches: [],
  })
  expect(await trackerOf()).toBe('bitbucket-issues')
})

test('the default route, the one of the asset and the one of a branch: the nearest is told, and obeyed', async () => {
  const { assetId } = world.ids
  const whole = await make({ tracker: 'bitbucket-discussions' })
  expect(trackerRoute.parse(whole)).toMatchObject({ asset: null, branch: null, settings: {} })
  expect(await destination()).toMatchObject({ because: 'default', tracker: 'bitbucket-discussions' })
  expect(await trackerOf()).toBe('bitbucket-discussions')

  const own = await make({ asset_id: assetId, tracker: 'bitbucket-issues' })
  const branch = await make({ asset_id: assetId, branch: 'release', tracker: 'bitbucket-discussions' })
  expect(await destination()).toMatchObject({
    because: 'asset',
    route_id: own.id,
    tracker: 'bitbucket-issues',
    branches: [{ branch: 'release', because: 'branch', route_id: branch.id, tracker: 'bitbucket-discussions' }],
  })
  expect(await trackerOf()).toBe('bitbucket-issues')
  expect((await list()).map((one) => [one.asset?.id ?? null, one.branch])).toEqual([
    [null, null],
    [assetId, null],
    [assetId, 'release'],
  ])

  await deleteTrackerRoute(world.deps, { ...by(), id: own.id })
  expect(await destination()).toMatchObject({ because: 'default', tracker: 'bitbucket-discussions' })
})

test('what stands in the way of sending is told beside the place', async () => {
  await world.db.updateTable('repository').set({ has_issues: false }).execute()
  await make({ tracker: 'bitbucket-issues' })
  const reason = (await destination())?.obstacle
  await world.db.updateTable('repository').set({ has_issues: true }).execute()
  expect(reason).toMatch(/issue/i)
  expect((await destination())?.obstacle).toBeNull()
})

test('there is one route for a place', async () => {
  const { assetId } = world.ids
  for (const place of [{}, { asset_id: assetId }, { asset_id: assetId, branch: 'release' }]) {
    await make({ ...place, tracker: 'bitbucket-issues' })
    await expect(make({ ...place, tracker: 'bitbucket-discussions' })).rejects.toMatchObject({ code: 'conflict' })
  }
  expect(await list()).toHaveLength(3)
})

test('settings are read by the schema of their tracker, and what is no setting of it is refused or left out', async () => {
  const priorities = { critical: 'blocker', high: 'blocker', medium: 'major', low: 'minor', notification: 'trivial' }
  const made = await make({ tracker: 'bitbucket-issues', settings: { priorities } })
  expect(made.settings).toEqual({ priorities })
  const wrong = { priorities: { ...priorities, high: 'urgent' } }
  const change = (more: object) => updateTrackerRoute(world.deps, { ...by(), id: made.id, ...more })
  await expect(change({ settings: wrong })).rejects.toMatchObject({
    code: 'validation_failed',
    message: expect.stringContaining('settings.priorities.high'),
  })
  expect((await list())[0]?.settings).toEqual({ priorities })
  expect((await change({})).settings).toEqual({ priorities })
  expect((await change({ settings: {} })).settings).toEqual({ priorities: { ...priorities, high: 'critical' } })
  expect(await change({ tracker: 'bitbucket-discussions' })).toMatchObject({ settings: {}, connection: null })
})

test('a route names what there is: an asset of the organization, a known tracker, no connection where the repository decides', async () => {
  const none = world.deps.newId()
  const { connectionId } = world.ids
  for (const input of [
    { asset_id: none, tracker: 'bitbucket-issues' },
    { branch: 'release', tracker: 'bitbucket-issues' },
    { tracker: 'carrier-pigeon' },
    { tracker: 'bitbucket-issues', connection_id: connectionId },
  ])
    await expect(make(input)).rejects.toMatchObject({ code: 'validation_failed' })
  expect(await list()).toEqual([])
  await expect(deleteTrackerRoute(world.deps, { ...by(), id: none })).rejects.toMatchObject({ code: 'not_found' })
})

test('a route to a site names a connection of its own organization that leads there', async () => {
  const { organizationId, connectionId } = world.ids
  const settings = { project: 'HARB', issueType: '10001' }
  const addSite = async (organization_id: string, state: 'active' | 'unauthorized' | 'disconnected') => {
    const id = world.deps.newId()
    const urls = { api_url: `https://${id}.example`, web_url: 'https://harbour.atlassian.example' }
    const kinds = { kind: 'jira' as const, auth_kind: 'api_token' as const, state }
    await world.db
      .insertInto('connection')
      .values({
        organization_id,
        id,
        name: 'Harbour',
        workspace_uuid: id,
        sealed_credential: 'none',
        ...urls,
        ...kinds,
      })
      .execute()
    return id
  }
  const foreign = world.deps.newId()
  await world.db.insertInto('organization').values({ organization_id: foreign, name: 'Elsewhere' }).execute()
  for (const refused of [
    undefined,
    connectionId,
    await addSite(foreign, 'active'),
    await addSite(organizationId, 'disconnected'),
  ])
    await expect(make({ tracker: 'jira', connection_id: refused, settings })).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('connection_id'),
    })
  // Its credential ended: the route is made, and says that nothing could be checked.
  const site = await addSite(organizationId, 'unauthorized')
  await expect(make({ tracker: 'jira', connection_id: site })).rejects.toMatchObject({
    message: expect.stringContaining('settings.project'),
  })
  const made = await make({ tracker: 'jira', connection_id: site, settings })
  expect(made).toMatchObject({ tracker: 'jira', connection: { id: site, name: 'Harbour' }, settings })
  expect(made.notes).toEqual([expect.stringContaining('could not be read')])
  expect(await destination()).toMatchObject({ tracker: 'jira', connection: { id: site }, obstacle: null })
  const away = await updateTrackerRoute(world.deps, { ...by(), id: made.id, tracker: 'bitbucket-issues' })
  expect(away.connection).toBeNull()
})

test('who made, changed and removed a route is in the audit log, by a name that outlives it', async () => {
  const { id } = await make({ asset_id: world.ids.assetId, branch: 'release', tracker: 'bitbucket-issues' })
  await updateTrackerRoute(world.deps, { ...by(), id, tracker: 'bitbucket-discussions' })
  await deleteTrackerRoute(world.deps, { ...by(), id })
  const events = await world.db
    .selectFrom('audit_event')
    .select(['action', 'actor_name', 'before', 'after'])
    .where('target_id', '=', id)
    .orderBy('id')
    .execute()
  expect(events.map(({ action, actor_name }) => [action, actor_name])).toEqual([
    ['route.created', 'Carla Champion'],
    ['route.changed', 'Carla Champion'],
    ['route.deleted', 'Carla Champion'],
  ])
  expect(events[0]?.after).toMatchObject({ name: expect.stringMatching(/, release → Bitbucket issues$/) })
  expect(events[2]?.before).toMatchObject({ name: expect.stringMatching(/, release → Bitbucket discussions$/) })
})

test('every tracker says its settings as a JSON schema', () => {
  const answer = listTrackers()
  expect(trackersContract.response?.parse(answer)).toEqual(answer)
  expect(answer.items.find(({ name }) => name === 'bitbucket-issues')).toMatchObject({
    connection_kind: null,
    settings_schema: { type: 'object', properties: { priorities: { type: 'object' } } },
  })
})
