import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createJiraRig, type JiraRig } from '../../../test/jira-rig.ts'
import { getOverview } from '../security/get-overview.ts'
import { checkConnection } from './check-connection.ts'
import type { ConnectionView } from './connection-view.ts'
import { createJiraConnection } from './create-connection.ts'
import { disconnect } from './disconnect.ts'
import { renewCredential } from './renew-credential.ts'

let rig: JiraRig

beforeAll(async () => {
  rig = await createJiraRig()
})
afterAll(async () => {
  await rig.close()
})
afterEach(async () => {
  await rig.forget()
  for (const one of rig.simulator.sim.credentials) one.isRevoked = false
})

const by = () => ({ organizationId: rig.organizationId, actor: rig.actor })
const keyOf = ({ id }: ConnectionView) => ({ organizationId: rig.organizationId, connectionId: id })

function connect(name: string, change: { token?: string; siteUrl?: string } = {}): Promise<ConnectionView> {
  const { email, token } = rig.credentialOf(name)
  const siteUrl = change.siteUrl ?? rig.simulator.site
  return createJiraConnection(rig.deps, { ...by(), siteUrl, email, token: change.token ?? token })
}

/** A token with scopes of somebody, as made at id.atlassian.com. */
function addScopedToken(name: string, scopes: string[]): string {
  const own = rig.simulator.sim.credentials.find((one) => one.token === rig.credentialOf(name).token)
  if (own === undefined) throw new Error('The simulator lost the credential.')
  const token = `ATATT3x${rig.deps.newId()}`
  rig.simulator.sim.credentials.push({ ...own, token, scopes })
  return token
}

describe('a site of Jira connected by e-mail and API token', () => {
  it('has the account, the site and all it may, and its webhook in place; the token is never shown again', async () => {
    const view = await connect('mara')
    expect(view).toMatchObject({
      kind: 'jira',
      auth_kind: 'api_token',
      state: 'active',
      state_reason: null,
      remote_account_name: 'Mara Lind',
      workspace: { uuid: rig.simulator.cloud_id, slug: new URL(rig.simulator.site).host },
      web_url: rig.simulator.site,
      webhooks_ok: 1,
      webhooks_total: 1,
    })
    expect(new Set(view.scopes.map(({ state }) => state))).toEqual(new Set(['granted']))
    const row = await rig.db.selectFrom('connection').selectAll().executeTakeFirstOrThrow()
    expect(row.api_url).toBe(rig.simulator.site)
    expect(JSON.stringify([view, row])).not.toContain(rig.credentialOf('mara').token)
    expect(rig.simulator.sim.hooks).toMatchObject([
      {
        url: expect.stringMatching(new RegExp(`^https://weir.example.org/hooks/jira/${rig.organizationId}/`)),
        events: ['jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated', 'comment_deleted'],
        secret: expect.stringMatching(/^.{30,}$/),
        isEnabled: true,
      },
    ])
  })

  it('takes the address as people copy it from the browser', async () => {
    const view = await connect('mara', { siteUrl: `${rig.simulator.site}/jira/projects?page=1` })
    expect(view.web_url).toBe(rig.simulator.site)
  })

  it('works with a token with scopes, at the gateway, and says what nobody can see from outside', async () => {
    const token = addScopedToken('sync', ['read:jira-work', 'write:jira-work', 'read:jira-user'])
    const view = await connect('sync', { token })
    const row = await rig.db.selectFrom('connection').selectAll().executeTakeFirstOrThrow()
    expect(row.api_url).toBe(rig.simulator.gateway)
    const states = Object.fromEntries(view.scopes.map(({ scope, state }) => [scope, state]))
    expect(states).toMatchObject({
      'read:jira-work': 'granted',
      'write:jira-work': 'unknown',
      CREATE_ISSUES: 'granted',
      ADMINISTER: 'missing',
    })
  })

  it('says in sentences what the account may not, and is limited by it', async () => {
    const { sim } = rig.simulator
    const yuki = sim.people.find((one) => one.email.startsWith('yuki@'))
    const shop = sim.projects.find((one) => one.key === 'SHOP')
    if (yuki === undefined || shop === undefined) throw new Error('The seed has changed.')
    const before = { isOpen: shop.isOpen, role: shop.roles.get(yuki.accountId) }
    shop.roles.set(yuki.accountId, 'view')
    const view = await connect('yuki')
    if (before.role === undefined) shop.roles.delete(yuki.accountId)
    else shop.roles.set(yuki.accountId, before.role)
    expect(view.state).toBe('limited')
    expect(view.state_reason).toContain('The account may not create issues, nor edit issues, nor move issues')
  })

  it.each([
    ['a wrong token', { token: 'ATATT3xwrong' }, 'credential_rejected', 'does not accept this e-mail address'],
    ['an address where nobody answers', { siteUrl: 'http://127.0.0.1:9' }, 'validation_failed', 'no Jira site at'],
    ['plain http', { siteUrl: 'http://example.atlassian.net' }, 'validation_failed', 'begin it with https://'],
  ])('is refused for %s, in words for the form, and nothing is kept', async (_what, change, code, words) => {
    await expect(connect('mara', change)).rejects.toMatchObject({ code, detail: expect.stringContaining(words) })
    expect(await rig.db.selectFrom('connection').select('id').execute()).toEqual([])
  })

  it('is refused for a token with too few scopes, which are named', async () => {
    const token = addScopedToken('sync', ['write:jira-work'])
    await expect(connect('sync', { token })).rejects.toMatchObject({
      code: 'scope_missing',
      detail: expect.stringContaining('read:jira-user'),
    })
  })

  it('is refused for somebody who has no part in the site', async () => {
    await expect(connect('piet')).rejects.toMatchObject({
      code: expect.stringMatching(/credential_rejected|forbidden/),
    })
  })

  it('is not connected twice, whatever address the second one works at', async () => {
    const first = await connect('mara')
    const token = addScopedToken('sync', ['read:jira-work', 'write:jira-work', 'read:jira-user'])
    await expect(connect('sync', { token })).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('The site'),
      meta: { connection_id: first.id },
    })
  })
})

describe('the checklist of the first page', () => {
  it('still asks for Bitbucket, where code comes from, when only Jira is connected', async () => {
    await connect('mara')
    const { organizationId, memberId } = rig
    const { checklist } = await getOverview(rig.deps, { organizationId, memberId, mayReadConnections: true })
    expect(checklist.find(({ step }) => step === 'connect')).toEqual({ step: 'connect', done: false })
  })
})

describe('looking after a connection with Jira', () => {
  it('finds a revoked token, and goes on with another one, also of another sort', async () => {
    const view = await connect('sync')
    const own = rig.simulator.sim.credentials.find((one) => one.token === rig.credentialOf('sync').token)
    if (own !== undefined) own.isRevoked = true
    expect(await checkConnection(rig.deps, keyOf(view))).toMatchObject({ state: 'unauthorized' })
    const secret = addScopedToken('mara', ['read:jira-work', 'write:jira-work', 'read:jira-user'])
    const { email } = rig.credentialOf('mara')
    const renewed = await renewCredential(rig.deps, { ...keyOf(view), actor: rig.actor, username: email, secret })
    expect(renewed).toMatchObject({ id: view.id, remote_account_name: 'Mara Lind' })
    const row = await rig.db.selectFrom('connection').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ api_url: rig.simulator.gateway, web_url: rig.simulator.site })
  })

  it('makes a webhook again that somebody removed, and mends one that was switched off', async () => {
    const view = await connect('mara')
    const { hooks } = rig.simulator.sim
    const [hook] = hooks
    if (hook === undefined) throw new Error('There is no hook.')
    hook.isEnabled = false
    expect(await checkConnection(rig.deps, keyOf(view))).toMatchObject({ state: 'limited', webhooks_ok: 0 })
    expect(await checkConnection(rig.deps, { ...keyOf(view), repair: true })).toMatchObject({ state: 'active' })
    expect(hook.isEnabled).toBe(true)
    hooks.length = 0
    expect(await checkConnection(rig.deps, keyOf(view))).toMatchObject({ state: 'limited' })
    await checkConnection(rig.deps, { ...keyOf(view), repair: true })
    expect(hooks).toHaveLength(1)
  })

  it('takes its webhook away and forgets the token when it is disconnected; a new one takes it up again', async () => {
    const view = await connect('mara')
    const gone = await disconnect(rig.deps, { ...keyOf(view), actor: rig.actor })
    expect(gone).toMatchObject({ state: 'disconnected', state_reason: null })
    expect(rig.simulator.sim.hooks).toEqual([])
    expect(await connect('mara')).toMatchObject({ id: view.id, state: 'active', webhooks_ok: 1 })
  })
})
