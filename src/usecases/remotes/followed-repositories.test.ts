import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../contract/remotes/repositories.ts'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { checkConnection } from './check-connection.ts'
import { listFollowedRepositories } from './followed-repositories.ts'
import { setUpRepositories } from './set-up-repositories.ts'

const turned = createTurnedClock()
let rig: RemotesRig
let connectionId: string

beforeAll(async () => {
  rig = await createRemotesRig({ turned, repositories: 8 })
  connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
})
afterAll(async () => rig.close())

const key = () => ({ organizationId: rig.organizationId, connectionId })
const list = () => listFollowedRepositories(rig.deps, key())
const none = { gone: 0, forbidden: 0, moved: 0, no_webhook: 0, arrived: 0, handed_over: 0, renamed: 0, archived: 0 }

test('while all is well, repositories are counted and not listed', async () => {
  expect(await list()).toEqual({ counts: { ...none, ok: rig.simulator.repositories.length }, items: [] })
})

test('renamed, moved, deleted and archived ones are told apart, the worst first, with the former name', async () => {
  const { repositories, workspaces } = rig.simulator.sim
  const [renamed, deleted, moved, archived] = repositories
  if (!renamed || !deleted || !moved || !archived) throw new Error('The simulator has too few repositories.')
  const former = `${renamed.workspace.slug}/${renamed.slug}`
  renamed.slug = 'another-name'
  repositories.splice(repositories.indexOf(deleted), 1)
  const away = { ...moved.workspace, uuid: '{11111111-2222-4333-8444-555555555555}', slug: 'elsewhere' }
  workspaces.push(away)
  moved.workspace = away
  await rig.db
    .updateTable('asset')
    .set({ archived_at: turned.clock() })
    .where('repository_id', 'in', (query) =>
      query.selectFrom('repository').select('id').where('remote_uuid', '=', archived.uuid),
    )
    .execute()
  await checkConnection(rig.deps, { ...key(), repair: true })
  const shown = await list()
  expect(shown.items.map(({ state, full_name: name }) => [state, name])).toEqual([
    ['gone', `${deleted.workspace.slug}/${deleted.slug}`],
    ['moved', `elsewhere/${moved.slug}`],
    ['renamed', `${renamed.workspace.slug}/another-name`],
    ['archived', `${archived.workspace.slug}/${archived.slug}`],
  ])
  expect(shown.items[2]).toMatchObject({ former_name: former, renamed_at: turned.clock().toISOString() })
  expect(shown.items[1]).toMatchObject({ connection_there: null })
  expect(shown.counts).toMatchObject({ gone: 1, moved: 1, renamed: 1, archived: 1, forbidden: 0 })
  expect(contract.listFollowedRepositories.response?.parse(shown)).toEqual(shown)
})

test('a new name is news for a month', async () => {
  turned.advance(31 * 86_400_000)
  expect((await list()).counts.renamed).toBe(0)
})

test('without a webhook that works, each says so', async () => {
  await rig.db.updateTable('webhook').set({ health: 'missing' }).execute()
  const { counts } = await list()
  expect(counts).toMatchObject({ ok: 0, no_webhook: rig.simulator.repositories.length - 3 })
})

test('those of another organization are not found', async () => {
  const other = { organizationId: rig.memberId, connectionId }
  await expect(listFollowedRepositories(rig.deps, other)).rejects.toMatchObject({ code: 'not_found' })
})
