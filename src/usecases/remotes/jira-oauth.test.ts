import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createAuthorizationCode,
  endGrant,
  readAuthorizationRequest,
} from '../../../simulators/jira/operations/oauth.ts'
import { createJiraRig, type JiraRig } from '../../../test/jira-rig.ts'
import { createTurnedClock } from '../../../test/remotes.ts'
import { readOwnAccount } from '../../jira/readers/account.ts'
import { checkConnection } from './check-connection.ts'
import { finishOAuth } from './finish-oauth.ts'
import { openJiraConnection } from './open-connection.ts'
import { startOAuth } from './start-oauth.ts'
import { chooseWorkspace, listRemoteWorkspaces } from './workspaces.ts'

const turned = createTurnedClock()
const sessionId = '0197d000-0000-7000-8000-000000000001'
let rig: JiraRig

beforeAll(async () => {
  rig = await createJiraRig({ turned })
})
afterAll(async () => {
  await rig.close()
})
afterEach(async () => {
  await rig.forget()
})

/** The way through Atlassian's pages: log in, consent, come back. */
async function logIn(name = 'sync', http = rig.deps.http) {
  const { organizationId, memberId, actor, simulator } = rig
  const { client_id: clientId, client_secret: clientSecret } = simulator.oauth_app
  const begun = { kind: 'jira', organizationId, memberId, sessionId, clientId, clientSecret } as const
  const { authorization_url } = await startOAuth(rig.deps, begun)
  const request = readAuthorizationRequest(simulator.sim, new URL(authorization_url).searchParams)
  const person = simulator.sim.people.find((one) => one.email.startsWith(`${name}@`))
  if (person === undefined) throw new Error(`Nobody is called ${name}.`)
  const back = new URL(createAuthorizationCode(simulator.sim, person, request)).searchParams
  const brought = { state: back.get('state') ?? '', code: back.get('code') ?? '' }
  return finishOAuth({ ...rig.deps, http }, { organizationId, memberId, sessionId, actor, ...brought })
}

const keyOf = ({ id }: { id: string }) => ({ organizationId: rig.organizationId, connectionId: id })
const row = () => rig.db.selectFrom('connection').selectAll().executeTakeFirstOrThrow()

/** The same site under a second id, as an account has it that may use several. */
function withTwoSites(): typeof rig.deps.http {
  return {
    ...rig.deps.http,
    request: async (input) => {
      const answer = await rig.deps.http.request(input)
      if (!String(input.url).endsWith('/accessible-resources')) return answer
      const sites = JSON.parse(answer.text())
      const text = JSON.stringify([...sites, { ...sites[0], id: 'another-site', name: 'Another site' }])
      return { ...answer, bytes: Buffer.from(text), text: () => text, json: () => JSON.parse(text) }
    },
  }
}

describe('a login at Jira', () => {
  it('connects the one site it may use, at the gateway, with the scopes it was given', async () => {
    const view = await logIn()
    expect(view).toMatchObject({
      kind: 'jira',
      auth_kind: 'oauth',
      remote_account_name: 'Sync Service',
      web_url: rig.simulator.site,
      workspace: { uuid: rig.simulator.cloud_id, name: rig.simulator.sim.site.name },
    })
    expect((await row()).api_url).toBe(rig.simulator.gateway)
    const states = Object.fromEntries(view.scopes.map(({ scope, state }) => [scope, state]))
    expect(states).toMatchObject({ 'write:jira-work': 'granted', CREATE_ISSUES: 'granted' })
    expect((await checkConnection(rig.deps, keyOf(view))).scopes).toEqual(view.scopes)
  })

  it('asks for a site where the account may use several, and is bound to the chosen one', async () => {
    const http = withTwoSites()
    const view = await logIn('sync', http)
    expect(view).toMatchObject({ workspace: null, name: 'Jira of Sync Service', state: 'active' })
    const deps = { ...rig.deps, http }
    expect(await checkConnection(deps, keyOf(view))).toMatchObject({ state: 'active', workspace: null })
    const { items } = await listRemoteWorkspaces(deps, keyOf(view))
    expect(items.map(({ uuid }) => uuid)).toEqual([rig.simulator.cloud_id, 'another-site'])
    const input = { ...keyOf(view), actor: rig.actor }
    await expect(chooseWorkspace(deps, { ...input, workspace: 'nowhere' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    const bound = await chooseWorkspace(deps, { ...input, workspace: rig.simulator.cloud_id })
    expect(bound).toMatchObject({ id: view.id, web_url: rig.simulator.site, webhooks_total: 1 })
    expect((await row()).api_url).toBe(rig.simulator.gateway)
  })

  it('is refused for an account without a site', async () => {
    const http = withTwoSites()
    const none: typeof http = {
      ...http,
      request: async (input) => {
        const answer = await http.request(input)
        return String(input.url).endsWith('/accessible-resources')
          ? { ...answer, text: () => '[]', json: () => [] }
          : answer
      },
    }
    await expect(logIn('sync', none)).rejects.toMatchObject({ code: 'credential_rejected' })
  })

  it('renews itself with the next refresh token of each answer', async () => {
    const view = await logIn()
    for (const _hour of [1, 2, 3]) {
      turned.advance(3600_000)
      const { client } = await openJiraConnection(rig.deps, keyOf(view))
      expect(await readOwnAccount(client, 'person')).toMatchObject({ name: 'Sync Service' })
    }
    expect((await row()).credential_version).toBe(4)
  })

  it('that was withdrawn stops the connection with a reason, and a new one mends it', async () => {
    const view = await logIn()
    const grant = rig.simulator.sim.refreshTokens.at(-1)?.grantId ?? ''
    endGrant(rig.simulator.sim, grant)
    expect(await checkConnection(rig.deps, keyOf(view))).toMatchObject({
      state: 'unauthorized',
      state_reason: expect.stringContaining('Log in again'),
    })
    expect(await logIn()).toMatchObject({ id: view.id, state: expect.not.stringMatching('unauthorized') })
  })
})
