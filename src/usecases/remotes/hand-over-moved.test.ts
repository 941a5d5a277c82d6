import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../contract/remotes/repositories.ts'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import { createSessionLocks } from '../../store/session-locks.ts'
import { checkConnection } from './check-connection.ts'
import { createConnection } from './create-connection.ts'
import { ensureWebhook } from './ensure-webhook.ts'
import { listFollowedRepositories } from './followed-repositories.ts'
import { openConnection } from './open-connection.ts'
import { refreshAfterWebhook } from './refresh-after-webhook.ts'
import { toBitbucketHooks } from './remote-hooks.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { listWebhooks } from './webhook-view.ts'

let rig: RemotesRig
let connectionId: string

beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 4 })
  connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
})
afterAll(async () => rig.close())

const key = (id = connectionId) => ({ organizationId: rig.organizationId, connectionId: id })
const check = () => checkConnection(rig.deps, { ...key(), repair: true })
const followed = async (id?: string) => {
  const shown = await listFollowedRepositories(rig.deps, key(id))
  expect(contract.listFollowedRepositories.response?.parse(shown)).toEqual(shown)
  return shown
}
const moved = () => {
  const [repository] = rig.simulator.sim.repositories
  if (repository === undefined) throw new Error('The simulator has no repository.')
  return repository
}

/** Somebody transfers a repository to a second workspace. */
function moveAway(slug: string, uuid: string): void {
  const { workspaces } = rig.simulator.sim
  const away = workspaces.find((one) => one.slug === slug) ?? { ...moved().workspace, uuid, slug, name: slug }
  if (!workspaces.includes(away)) workspaces.push(away)
  moved().workspace = away
}

async function connectTo(workspace: string): Promise<string> {
  const [owner] = rig.simulator.users
  const credential = { kind: 'basic' as const, username: owner?.email ?? '', secret: owner?.api_token ?? '' }
  const { organizationId, actor } = rig
  return (await createConnection(rig.deps, { organizationId, actor, workspace, credential })).id
}

test('a repository moved to a workspace without a connection says what to do', async () => {
  moveAway('elsewhere', '{11111111-2222-4333-8444-555555555555}')
  await check()
  expect((await followed()).items).toMatchObject([{ state: 'moved', connection_there: null }])
})

test('one moved to a workspace of another connection is followed by that one, with a webhook, and both pages say so', async () => {
  const opened = await openConnection(rig.deps, key())
  const row = await rig.db
    .selectFrom('repository')
    .select(['id', 'remote_uuid'])
    .where('remote_uuid', '=', moved().uuid)
    .executeTakeFirstOrThrow()
  // A webhook of the repository itself goes along with it.
  const hooks = toBitbucketHooks(opened, row.remote_uuid)
  moved().workspace = rig.simulator.sim.workspaces[0] ?? moved().workspace
  await ensureWebhook(rig.deps, { connection: opened.connection, hooks, repositoryId: row.id })
  moveAway('elsewhere', '')
  const there = await connectTo('elsewhere')
  const before = rig.simulator.sim.hooks.length
  await check()
  expect((await followed()).items).toMatchObject([{ state: 'handed_over', connection_there: 'elsewhere' }])
  expect(await followed(there)).toMatchObject({
    counts: { arrived: 1, no_webhook: 0 },
    items: [{ state: 'arrived', full_name: `elsewhere/${moved().slug}`, former_name: `meadow-goods/${moved().slug}` }],
  })
  const { items } = await listWebhooks(rig.deps, { organizationId: rig.organizationId, connectionId: there })
  expect(items).toMatchObject([{ subject: 'workspace', health: 'ok' }])
  // One more in the new workspace, and the one that went along is gone.
  expect(rig.simulator.sim.hooks).toHaveLength(before)
  const audit = await rig.db.selectFrom('audit_event').select(['action', 'after']).execute()
  expect(audit).toContainEqual({ action: 'repository.handed_over', after: { connection: 'elsewhere' } })
  await check()
  expect((await followed(there)).counts).toMatchObject({ arrived: 1 })
})

test('a transfer that a webhook tells of is followed at once, not with the next hourly check', async () => {
  const second = rig.simulator.sim.repositories[1]
  const away = rig.simulator.sim.workspaces.at(-1)
  if (second === undefined || away === undefined) throw new Error('The simulator has too few repositories.')
  second.workspace = away
  rig.jobs.length = 0
  const { id } = await rig.db
    .selectFrom('repository')
    .select('id')
    .where('remote_uuid', '=', second.uuid)
    .executeTakeFirstOrThrow()
  await rig.db
    .updateTable('repository')
    .set({ updated_at: new Date(Date.now() - 60_000) })
    .execute()
  const locks = createSessionLocks({ databaseUrl: rig.open.url, log: rig.deps.log })
  const connect = () => openConnection(rig.deps, key())
  const input = { organizationId: rig.organizationId, repositoryId: id, receivedAt: new Date() }
  expect(await refreshAfterWebhook({ ...rig.deps, locks, connect }, input)).toMatchObject({ state: 'here' })
  await locks.close()
  expect(rig.jobs).toEqual([{ name: 'check-connection', data: key() }])
})
