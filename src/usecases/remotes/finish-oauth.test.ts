import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthorizationCode, readAuthorizationRequest } from '../../../simulators/bitbucket/operations/oauth.ts'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { readOwnAccount } from '../../bitbucket/readers/users.ts'
import { isAppError } from '../../lib/app-error.ts'
import { openDatabase } from '../../store/db.ts'
import { finishOAuth } from './finish-oauth.ts'
import { openConnection } from './open-connection.ts'
import { createRequestBudgets } from './request-budgets.ts'
import { startOAuth } from './start-oauth.ts'
import { chooseWorkspace, listRemoteWorkspaces } from './workspaces.ts'

const turned = createTurnedClock()
let rig: RemotesRig
const sessionId = '0197d000-0000-7000-8000-000000000001'

beforeAll(async () => {
  rig = await createRemotesRig({ turned, switches: { oauthExpiresIn: 3600 } })
})
afterAll(async () => {
  await rig.close()
})

/** What the browser does at Bitbucket: log in, consent, come back with code and state. */
async function consent(options: { clientSecret?: string } = {}): Promise<{ state: string; code: string }> {
  const { key, secret } = rig.simulator.oauth_consumer
  const { authorization_url } = await startOAuth(rig.deps, {
    kind: 'bitbucket',
    organizationId: rig.organizationId,
    memberId: rig.memberId,
    sessionId,
    clientId: key,
    clientSecret: options.clientSecret ?? secret,
  })
  const asked = new URL(authorization_url)
  expect(asked.origin).toBe(rig.simulator.web)
  const request = readAuthorizationRequest(rig.simulator.sim, asked.searchParams)
  const [person] = rig.simulator.sim.people
  if (person === undefined) throw new Error('Nobody can consent.')
  const back = new URL(createAuthorizationCode(rig.simulator.sim, { ...request, person }))
  expect(back.origin + back.pathname).toBe('https://weir.example.org/oauth/bitbucket/callback')
  return { state: back.searchParams.get('state') ?? '', code: back.searchParams.get('code') ?? '' }
}

function finish(
  back: { state: string; code?: string; error?: string },
  change: Partial<{ sessionId: string; memberId: string }> = {},
) {
  const { organizationId, memberId, actor } = rig
  return finishOAuth(rig.deps, { organizationId, memberId, sessionId, actor, ...back, ...change })
}

function refreshRequests(): number {
  return rig.simulator.requests.filter((request) => request.path.startsWith('/site/oauth2/access_token')).length
}

it('refuses a state of another session, of another member, twice, and after ten minutes', async () => {
  const back = await consent()
  const elsewhere = '0197d000-0000-7000-8000-000000000002'
  await expect(finish(back, { sessionId: elsewhere })).rejects.toMatchObject({ code: 'credential_rejected' })
  await expect(finish(back, { memberId: elsewhere })).rejects.toMatchObject({ code: 'credential_rejected' })
  await expect(finish({ ...back, state: `${back.state}x` })).rejects.toMatchObject({ code: 'credential_rejected' })
  const denied = { state: back.state, error: 'access_denied' }
  await expect(finish(denied)).rejects.toThrow('Access was not granted')
  await expect(finish(back)).rejects.toThrow('used already')
  const late = await consent()
  turned.advance(10 * 60_000 + 1)
  await expect(finish(late)).rejects.toThrow('longer than ten minutes')
})

it('explains a wrong consumer secret', async () => {
  const back = await consent({ clientSecret: 'wrong' })
  await expect(finish(back)).rejects.toMatchObject({ code: 'credential_rejected' })
})

it('logs in, lists workspaces, is bound to one, and stores nothing in the clear', async () => {
  const view = await finish(await consent())
  expect(view).toMatchObject({ auth_kind: 'oauth', state: 'active', workspace: null })
  const key = { organizationId: rig.organizationId, connectionId: view.id }
  const { items } = await listRemoteWorkspaces(rig.deps, key)
  expect(items).toEqual([{ ...rig.simulator.workspace, is_administrator: true }])
  const bound = await chooseWorkspace(rig.deps, { ...key, actor: rig.actor, workspace: rig.simulator.workspace.uuid })
  expect(bound).toMatchObject({ state: 'active', workspace: rig.simulator.workspace })
  const rows = JSON.stringify([
    await rig.db.selectFrom('connection').selectAll().execute(),
    await rig.db.selectFrom('oauth_consumer').selectAll().execute(),
    await rig.db.selectFrom('oauth_authorization').selectAll().execute(),
  ])
  expect(rows).not.toContain(rig.simulator.oauth_consumer.secret)
  for (const credential of rig.simulator.sim.credentials.filter((one) => one.kind === 'oauth'))
    expect(rows).not.toContain(credential.token)
  for (const token of rig.simulator.sim.refreshTokens.keys()) expect(rows).not.toContain(token)
})

it('never sends the login of a connection to another host, whoever names one for its consumer', async () => {
  const { key } = rig.simulator.oauth_consumer
  const consumers = () => rig.db.selectFrom('oauth_consumer').select(['web_url', 'sealed_client_secret']).execute()
  const before = await consumers()
  for (const addresses of [
    { apiUrl: 'https://elsewhere.example/2.0' },
    { apiUrl: rig.simulator.api, webUrl: 'https://elsewhere.example' },
  ]) {
    const asked = { organizationId: rig.organizationId, memberId: rig.memberId, sessionId, clientId: key }
    const moved = startOAuth(rig.deps, { kind: 'bitbucket', ...asked, clientSecret: 'anything', ...addresses })
    await expect(moved).rejects.toMatchObject({ code: 'conflict' })
  }
  expect(await consumers()).toEqual(before)
})

it('keeps the working consumer whatever becomes of a login with another secret: given up, denied, or refused', async () => {
  const consumers = () => rig.db.selectFrom('oauth_consumer').selectAll().execute()
  const before = await consumers()
  expect(before).toHaveLength(1)
  await consent({ clientSecret: 'never finished' })
  expect(await consumers()).toEqual(before)
  const denied = await consent({ clientSecret: 'denied' })
  await expect(finish({ state: denied.state, error: 'access_denied' })).rejects.toThrow('Access was not granted')
  await expect(finish(await consent({ clientSecret: 'wrong' }))).rejects.toMatchObject({ code: 'credential_rejected' })
  expect(await consumers()).toEqual(before)
  // The connection still renews its login with the secret it had.
  const row = await rig.db.selectFrom('connection').select('id').executeTakeFirstOrThrow()
  for (const credential of rig.simulator.sim.credentials.filter((one) => one.kind === 'oauth'))
    credential.revoked = true
  const { client } = await openConnection(rig.deps, { organizationId: rig.organizationId, connectionId: row.id })
  await expect(readOwnAccount(client, 'person')).resolves.toMatchObject({ name: rig.simulator.users[0]?.display_name })
})

it('stores no consumer before its first login has succeeded', async () => {
  const stored = () => rig.db.selectFrom('oauth_consumer').select('client_id').execute()
  const before = await stored()
  const asked = { organizationId: rig.organizationId, memberId: rig.memberId, sessionId }
  await startOAuth(rig.deps, { kind: 'bitbucket', ...asked, clientId: 'another-key', clientSecret: 'another-secret' })
  expect(await stored()).toEqual(before)
})

it('makes exactly one refresh when fifty jobs on two processes meet an ended token', async () => {
  const [row] = await rig.db.selectFrom('connection').select('id').execute()
  const key = { organizationId: rig.organizationId, connectionId: row?.id ?? '' }
  const other = await openDatabase({ url: rig.open.url }, { poolSize: 4 })
  try {
    const second = { ...rig.deps, db: other.db, budgets: createRequestBudgets({ db: other.db, clock: turned.clock }) }
    turned.advance(3600_000)
    const before = refreshRequests()
    const jobs = Array.from({ length: 50 }, async (_, index) => {
      const { client } = await openConnection(index % 2 === 0 ? rig.deps : second, key)
      return readOwnAccount(client, 'person')
    })
    const accounts = await Promise.all(jobs)
    expect(accounts).toHaveLength(50)
    expect(refreshRequests() - before).toBe(1)
    const after = await rig.db
      .selectFrom('connection')
      .select(['state', 'credential_version'])
      .executeTakeFirstOrThrow()
    expect(after.state).toBe('active')
  } finally {
    await other.close()
  }
})

it('refreshes once after a 401 before its time, and goes on', async () => {
  const [row] = await rig.db.selectFrom('connection').select('id').execute()
  const { client } = await openConnection(rig.deps, { organizationId: rig.organizationId, connectionId: row?.id ?? '' })
  for (const credential of rig.simulator.sim.credentials.filter((one) => one.kind === 'oauth'))
    credential.revoked = true
  await expect(readOwnAccount(client, 'person')).resolves.toMatchObject({ name: rig.simulator.users[0]?.display_name })
})

it('waits for a new login when the refresh token is dead too, and is mended by it', async () => {
  const [row] = await rig.db.selectFrom('connection').select('id').execute()
  const key = { organizationId: rig.organizationId, connectionId: row?.id ?? '' }
  rig.simulator.sim.refreshTokens.clear()
  turned.advance(3600_000)
  const error = await openConnection(rig.deps, key).catch((reason: unknown) => reason)
  expect(isAppError(error, 'remote_unauthorized')).toBe(true)
  const state = await rig.db.selectFrom('connection').select(['state', 'state_reason']).executeTakeFirstOrThrow()
  expect(state.state).toBe('unauthorized')
  expect(state.state_reason).toContain('Log in again')
  const secrets = () => rig.db.selectFrom('oauth_consumer').select('sealed_client_secret').execute()
  const before = await secrets()
  const mended = await finish(await consent())
  // The secret that let this login in is the consumer's from now on.
  expect(await secrets()).toHaveLength(1)
  expect(await secrets()).not.toEqual(before)
  expect(mended).toMatchObject({ id: key.connectionId, state: 'active', workspace: rig.simulator.workspace })
})
