import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthorizationCode, readAuthorizationRequest } from '../../../simulators/bitbucket/operations/oauth.ts'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import type { ConnectionView } from './connection-view.ts'
import { disconnect } from './disconnect.ts'
import { finishOAuth } from './finish-oauth.ts'
import { startOAuth } from './start-oauth.ts'
import { chooseWorkspace, listRemoteWorkspaces } from './workspaces.ts'

let rig: RemotesRig
const sessionId = '0197d000-0000-7000-8000-000000000001'

beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 0 })
})
afterAll(async () => rig.close())

/** A login at Bitbucket from beginning to end. */
async function logIn(): Promise<ConnectionView> {
  const { organizationId, memberId, actor, simulator } = rig
  const { key, secret } = simulator.oauth_consumer
  const begun = { kind: 'bitbucket' as const, organizationId, memberId, sessionId, clientId: key, clientSecret: secret }
  const { authorization_url } = await startOAuth(rig.deps, begun)
  const request = readAuthorizationRequest(simulator.sim, new URL(authorization_url).searchParams)
  const [person] = simulator.sim.people
  if (person === undefined) throw new Error('Nobody can consent.')
  const back = new URL(createAuthorizationCode(simulator.sim, { ...request, person })).searchParams
  const brought = { state: back.get('state') ?? '', code: back.get('code') ?? '' }
  return finishOAuth(rig.deps, { organizationId, memberId, sessionId, actor, ...brought })
}

function choose(connectionId: string): Promise<ConnectionView> {
  const { organizationId, actor, simulator } = rig
  return chooseWorkspace(rig.deps, { organizationId, connectionId, actor, workspace: simulator.workspace.slug })
}

it('refuses a workspace that is connected and works', async () => {
  await rig.connect()
  const login = await logIn()
  await expect(choose(login.id)).rejects.toMatchObject({ code: 'conflict' })
})

it('takes a workspace up again that was connected by a token and disconnected, with the new login', async () => {
  const { organizationId, actor } = rig
  const earlier = await rig.db
    .selectFrom('connection')
    .select('id')
    .where('workspace_uuid', 'is not', null)
    .executeTakeFirstOrThrow()
  await disconnect(rig.deps, { organizationId, connectionId: earlier.id, actor })
  const login = await logIn()
  expect(login).toMatchObject({ workspace: null })
  expect(await choose(login.id)).toMatchObject({ id: earlier.id, auth_kind: 'oauth', state: 'active' })
  expect(await rig.db.selectFrom('connection').select('id').execute()).toEqual([earlier])
  const { items } = await listRemoteWorkspaces(rig.deps, { organizationId, connectionId: earlier.id })
  expect(items).toHaveLength(1)
})
