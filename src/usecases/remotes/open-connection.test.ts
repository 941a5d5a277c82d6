import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { readOwnAccount } from '../../bitbucket/readers/users.ts'
import { requestsPerHour, requestsPerHourOf, rollingHour } from '../../domain/request-budget.ts'
import { isAppError } from '../../lib/app-error.ts'
import { isNotPaused } from '../../store/remotes/pause.ts'
import { checkConnection } from './check-connection.ts'
import { openConnection } from './open-connection.ts'
import { renewCredential } from './renew-credential.ts'
import { createRequestBudgets } from './request-budgets.ts'

const turned = createTurnedClock()
let rig: RemotesRig
let connectionId: string

beforeAll(async () => {
  rig = await createRemotesRig({
    turned,
    repositories: 1,
    switches: { rateLimits: { anonymous: 60, api: 1e6, webhooks: 1e6, raw: 1e6, git: 1e6 } },
  })
  connectionId = await rig.connect()
})
afterAll(async () => {
  await rig.close()
})
beforeEach(() => {
  rig.jobs.length = 0
  turned.advance(3 * 3600_000)
})

const key = () => ({ organizationId: rig.organizationId, connectionId })
const row = () => rig.db.selectFrom('connection').selectAll().where('id', '=', connectionId).executeTakeFirstOrThrow()

async function ask(): Promise<unknown> {
  const { client } = await openConnection(rig.deps, key())
  return readOwnAccount(client, 'person')
}

function fault(status: number, headers: Record<string, string> = {}): void {
  rig.simulator.planFault({
    method: 'GET',
    path: '/2.0/user',
    action: { kind: 'answer', status, headers },
  })
}

function ownCredential() {
  const [user] = rig.simulator.users
  const credential = rig.simulator.sim.credentials.find((one) => one.token === user?.api_token)
  if (credential === undefined || user === undefined) throw new Error('The simulator lost the credential.')
  return { credential, user }
}

describe('a credential that is revoked', () => {
  it('stops the connection with a reason, asks no more, and goes on when it is renewed', async () => {
    const { credential, user } = ownCredential()
    credential.revoked = true
    await expect(ask()).rejects.toMatchObject({ code: 'remote_unauthorized' })
    expect(await row()).toMatchObject({ state: 'unauthorized', state_reason: expect.stringContaining('renew it') })
    const before = rig.simulator.requests.length
    await expect(ask()).rejects.toMatchObject({ code: 'remote_unauthorized' })
    expect(rig.simulator.requests).toHaveLength(before)
    const secret = `ATATT3x${rig.deps.newId()}`
    rig.simulator.sim.credentials.push({ ...credential, token: secret, revoked: false })
    await renewCredential(rig.deps, { ...key(), actor: rig.actor, secret })
    expect(await row()).toMatchObject({ state: 'active', state_reason: null })
    expect(rig.jobs).toContainEqual({ name: 'reconcile-connection', data: key() })
    await expect(ask()).resolves.toMatchObject({ name: user.display_name })
    credential.revoked = false
  })

  it('is found by a check, which also finds that it is good again', async () => {
    const own = rig.simulator.sim.credentials.filter(
      (one) => one.kind === 'api_token' && one.person.uuid === ownCredential().credential.person.uuid,
    )
    for (const one of own) one.revoked = true
    expect(await checkConnection(rig.deps, key())).toMatchObject({ state: 'unauthorized' })
    for (const one of own) one.revoked = false
    expect(await checkConnection(rig.deps, key())).toMatchObject({ state: 'active', state_reason: null })
    expect(rig.jobs).toContainEqual({ name: 'reconcile-connection', data: key() })
  })

  it('stays disconnected when that happened while it was being checked', async () => {
    const set = (state: 'active' | 'disconnected') =>
      rig.db.updateTable('connection').set({ state }).where('id', '=', key().connectionId).execute()
    const request: typeof rig.deps.http.request = async (input) => {
      const answer = await rig.deps.http.request(input)
      await set('disconnected')
      return answer
    }
    const deps = { ...rig.deps, http: { ...rig.deps.http, request } }
    await expect(checkConnection(deps, key())).rejects.toMatchObject({ code: 'conflict' })
    expect(await row()).toMatchObject({ state: 'disconnected' })
    await set('active')
  })

  it('loses a scope, and the connection says which', async () => {
    const own = rig.simulator.sim.credentials.filter(
      (one) => one.kind === 'api_token' && one.person.uuid === ownCredential().credential.person.uuid,
    )
    const scopes = own.map((one) => one.scopes)
    for (const one of own) one.scopes = one.scopes.filter((scope) => scope !== 'read:pullrequest:bitbucket')
    const view = await checkConnection(rig.deps, key())
    expect(view).toMatchObject({
      state: 'limited',
      state_reason: expect.stringContaining('read:pullrequest:bitbucket'),
    })
    expect(view.scopes.find((one) => one.scope === 'read:pullrequest:bitbucket')).toMatchObject({ state: 'missing' })
    own.forEach((one, index) => {
      one.scopes = scopes[index] ?? []
    })
    expect(await checkConnection(rig.deps, key())).toMatchObject({ state: 'active' })
  })
})

describe('a remote that asks to slow down', () => {
  it('is left alone for as long as it says', async () => {
    fault(429, { 'retry-after': '300' })
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    const before = rig.simulator.requests.length
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited', meta: { retry_after_s: 300 } })
    turned.advance(299_000)
    await expect(ask()).rejects.toMatchObject({ meta: { retry_after_s: 1 } })
    expect(rig.simulator.requests).toHaveLength(before)
    turned.advance(1000)
    await expect(ask()).resolves.toBeDefined()
    expect((await row()).paused_until).toBeNull()
  })

  it('is asked again when the pause was written by a clock that was far ahead', async () => {
    turned.advance(30 * 24 * 3600_000)
    fault(429, { 'retry-after': '300' })
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    turned.advance(-30 * 24 * 3600_000)
    const before = await rig.db.selectFrom('connection').select('id').where(isNotPaused(turned.clock())).execute()
    expect(before).toEqual([{ id: connectionId }])
    await expect(ask()).resolves.toBeDefined()
  })

  it('is left alone for a day also by a process whose clock is behind', async () => {
    fault(429, { 'retry-after': String(48 * 3600) })
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    turned.advance(-60_000)
    expect(await rig.db.selectFrom('connection').select('id').where(isNotPaused(turned.clock())).execute()).toEqual([])
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    turned.advance(24 * 3600_000 + 60_000)
    await expect(ask()).resolves.toBeDefined()
  })

  it('is left alone for a minute when it says nothing, then for two, and starts anew after a success', async () => {
    const pauses: number[] = []
    for (let round = 0; round < 3; round += 1) {
      fault(429)
      await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
      pauses.push(((await row()).paused_until?.getTime() ?? 0) - turned.clock().getTime())
      turned.advance(pauses.at(-1) ?? 0)
    }
    expect(pauses).toEqual([60_000, 120_000, 240_000])
    await ask()
    fault(429)
    await expect(ask()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    expect(((await row()).paused_until?.getTime() ?? 0) - turned.clock().getTime()).toBe(60_000)
  })
})

describe('a remote that fails', () => {
  it('makes the connection unreachable, which ends with the first answer', async () => {
    fault(502)
    await expect(ask()).rejects.toMatchObject({ code: 'remote_unavailable' })
    expect(await row()).toMatchObject({ state: 'unreachable' })
    await ask()
    expect(await row()).toMatchObject({ state: 'active', state_reason: null })
  })
})

describe('the requests of an hour', () => {
  it('are never overspent by two processes, and people are served when background work has used up its share', async () => {
    const processes = [0, 1].map(() =>
      createRequestBudgets({ db: rig.db, clock: turned.clock }).of({ ...key(), kind: 'bitbucket' }),
    )
    let bulk = 0
    for (let index = 0; index < requestsPerHour + 100; index += 1)
      await processes[index % 2]?.take('bulk').then(
        () => (bulk += 1),
        () => undefined,
      )
    expect(bulk).toBe(requestsPerHour * 0.7)
    await expect(processes[0]?.take('bulk')).rejects.toMatchObject({ code: 'remote_rate_limited' })
    let person = 0
    for (let index = 0; index < requestsPerHour; index += 1)
      await processes[index % 2]?.take('person').then(
        () => (person += 1),
        () => undefined,
      )
    expect(bulk + person).toBe(requestsPerHour)
    turned.advance(55 * 60_000)
    const refusal: unknown = await processes[0]?.take('person').catch((error: unknown) => error)
    const retryAfterS = Number(isAppError(refusal) && refusal.meta?.['retry_after_s'])
    turned.advance((retryAfterS - 1) * 1000)
    await expect(processes[0]?.take('person')).rejects.toMatchObject({ meta: { retry_after_s: 1 } })
    turned.advance(1000)
    await expect(processes[0]?.take('bulk')).resolves.toBeUndefined()
  })

  it('are as many as the kind of remote allows: Jira counts bursts, not hours', async () => {
    turned.advance(2 * 3_600_000)
    const budget = createRequestBudgets({ db: rig.db, clock: turned.clock }).of({ ...key(), kind: 'jira' })
    await expect(budget.require('bulk', requestsPerHour * 2)).resolves.toBeUndefined()
    await expect(budget.require('bulk', requestsPerHourOf.jira)).rejects.toMatchObject({ code: 'remote_rate_limited' })
  })

  it('are not begun by work that needs more than are left, which is told that nothing was tried', async () => {
    turned.advance(2 * 3_600_000)
    const budget = createRequestBudgets({ db: rig.db, clock: turned.clock }).of({ ...key(), kind: 'bitbucket' })
    for (let index = 0; index < requestsPerHour * 0.7 - 1; index += 1) await budget.take('bulk')
    await expect(budget.require('bulk', 2)).rejects.toMatchObject({
      code: 'remote_rate_limited',
      meta: { untried: true },
    })
    await expect(budget.require('bulk', 1)).resolves.toBeUndefined()
    await expect(budget.require('status', 2)).resolves.toBeUndefined()
    // Requiring is not making: the last one is still there.
    await expect(budget.take('bulk')).resolves.toBeUndefined()
    await expect(budget.take('bulk')).rejects.toMatchObject({ code: 'remote_rate_limited' })
  })

  it('are all there for work that goes on at once', async () => {
    turned.advance(2 * 3_600_000)
    const budget = createRequestBudgets({ db: rig.db, clock: turned.clock }).of({ ...key(), kind: 'bitbucket' })
    for (let round = 0; round < requestsPerHour / 20 - 1; round += 1)
      await Promise.all(Array.from({ length: 20 }, () => budget.take('webhook')))
    await expect(budget.take('webhook')).resolves.toBeUndefined()
  })

  it('that were reserved and not made are given back, so that idle processes waste none', async () => {
    turned.advance(2 * 3_600_000)
    const sumSpent = async () => {
      const { since } = rollingHour(turned.clock())
      const rows = await rig.db
        .selectFrom('request_budget')
        .select('spent')
        .where('window_start', '>=', since)
        .execute()
      return rows.reduce((sum, { spent }) => sum + spent, 0)
    }
    const before = await sumSpent()
    const processes = Array.from({ length: 20 }, () =>
      createRequestBudgets({ db: rig.db, clock: turned.clock }).of({ ...key(), kind: 'bitbucket' }),
    )
    for (let window = 0; window < 6; window += 1) {
      for (const one of processes) await one.take('person')
      turned.advance(5 * 60_000)
    }
    for (const one of processes) await one.take('person')
    // 120 were made; those of the present window are reserved by the ten.
    expect((await sumSpent()) - before).toBe(120 + 200)
  })
})
