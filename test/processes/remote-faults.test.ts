import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkConnection, getConnection, renewCredential } from '../../contract/remotes/connections.ts'
import { listDefects, sendVulnerability } from '../../contract/sync/defects.ts'
import { type Delivery, listDeliveries, retryDelivery } from '../../contract/sync/deliveries.ts'
import { createMessage } from '../../contract/sync/messages.ts'
import type { RequestAction as Action } from '../../simulators/bitbucket/faults.ts'
import { type ConnectedWeir, startConnectedWeir } from './connected-weir.ts'
import { newMark } from './new-mark.ts'
import { killLeftProcesses, until } from './weir-process.ts'

let world: ConnectedWeir
let vulnerabilityId: string

beforeAll(async () => {
  world = await startConnectedWeir()
  const [first] = await world.importStorefront()
  vulnerabilityId = first?.id ?? ''
  const params = { id: vulnerabilityId }
  await world.admin.call(sendVulnerability, { params, body: {} })
  await until('the item', async () => (await world.admin.call(listDefects, { params })).items[0]?.link === 'ok')
}, 60_000)
afterAll(async () => {
  await world.close()
  await killLeftProcesses()
})
// One thread is sent in order: what a failed test left open would hold up those after it.
afterEach(async () => {
  mend()
  // One that ended in the meantime is refused, and is what was wished for.
  for (const { id, action } of await outbound())
    if (action === 'retry') await world.admin.call(retryDelivery, { params: { id } }).catch(() => undefined)
})

function breakWith(action: Action, how: { method?: string; path?: string } = {}): void {
  mend()
  world.simulator.planFault({ path: '/2.0/*', ...how, times: 10_000, action })
}
const answer = (status: number, body = '', headers: Record<string, string> = {}): Action => ({
  kind: 'answer',
  status,
  body,
  headers,
})
const mend = (): void => world.simulator.clearFaults()
const connection = async () => world.admin.call(getConnection, { params: { id: world.connectionId } })

/** A message written now, and how to find what became of it. */
async function say() {
  const text = newMark()
  const known = new Set((await outbound()).map(({ id }) => id))
  await world.admin.call(createMessage, { params: { id: vulnerabilityId }, body: { body: text } })
  const mine = async (): Promise<Delivery | undefined> => (await outbound()).find(({ id }) => !known.has(id))
  return {
    text,
    mine,
    /** Waits until an attempt ended in a failure other than the last one seen. */
    failed: async (code: string) =>
      until(
        `${code} on the delivery`,
        async () => {
          const found = await mine()
          return found?.error_code === code && found
        },
        15_000,
      ),
    retry: async () => world.admin.call(retryDelivery, { params: { id: (await mine())?.id ?? '' } }),
    arrived: async (limitMs = 15_000) => {
      await until('the message in Bitbucket', () => world.countRemote(text) > 0, limitMs)
      const done = await until(
        'the delivery to be done',
        async () => {
          const found = await mine()
          return found?.state === 'done' && found
        },
        limitMs,
      )
      expect(world.countRemote(text)).toBe(1)
      return done
    },
  }
}

async function outbound(): Promise<Delivery[]> {
  const query = { direction: 'out', vulnerability_id: vulnerabilityId, limit: 200 } as const
  return (await world.admin.call(listDeliveries, { query })).items
}

describe('while Bitbucket fails', () => {
  const page = '<html><body>Down for maintenance</body></html>'
  const faults: readonly [string, Action, { code: string; state: string; says: RegExp; connection: string }][] = [
    [
      '500',
      answer(500),
      { code: 'remote_unavailable', state: 'queued', says: /500.*later/, connection: 'unreachable' },
    ],
    [
      'a page in place of JSON',
      answer(200, page, { 'content-type': 'text/html' }),
      { code: 'remote_invalid_answer', state: 'queued', says: /where JSON was due.*maintenance/, connection: 'any' },
    ],
    [
      'a connection that breaks',
      { kind: 'cut', when: 'before' },
      { code: 'remote_unavailable', state: 'queued', says: /./, connection: 'unreachable' },
    ],
    [
      'an empty answer',
      answer(200),
      { code: 'remote_invalid_answer', state: 'queued', says: /where JSON was due.*maintenance/, connection: 'any' },
    ],
    [
      '403',
      answer(403, '{"type":"error","error":{"message":"Access denied"}}'),
      { code: 'remote_forbidden', state: 'waiting', says: /Give it access/, connection: 'any' },
    ],
    [
      '404 for everything',
      answer(404),
      { code: 'remote_forbidden', state: 'waiting', says: /Nothing is taken for deleted/, connection: 'any' },
    ],
    ['410', answer(410), { code: 'remote_gone', state: 'failed', says: /withdrawn/, connection: 'any' }],
  ]

  it.each(faults)(
    '%s is told on the delivery, and retrying afterwards sends it once',
    async (_name, action, expected) => {
      breakWith(action)
      const message = await say()
      const failed = await message.failed(expected.code)
      expect([failed.state, failed.error]).toEqual([expected.state, expect.stringMatching(expected.says)])
      const { state, state_reason: reason } = await connection()
      if (expected.connection !== 'any') expect([state, reason]).toEqual([expected.connection, expect.any(String)])
      expect(world.countRemote(message.text)).toBe(0)
      mend()
      await message.retry()
      await message.arrived()
      expect((await connection()).state).toBe('active')
    },
  )

  it('404 for the thread alone: the message stays here, and says why it is not there', async () => {
    breakWith(answer(404), { path: '/2.0/repositories/*/comments*' })
    const message = await say()
    const ended = await until('the delivery to end', async () => {
      const found = await message.mine()
      return found?.state === 'cancelled' && found
    })
    expect(ended.outcome).toMatch(/deleted in Bitbucket. The message stays here/)
    mend()
    const next = await say()
    await next.arrived()
  })

  it('an answer that is cut off after the work was done does not double it', async () => {
    breakWith({ kind: 'truncate' }, { method: 'POST' })
    const message = await say()
    await message.failed('remote_invalid_answer')
    expect(world.countRemote(message.text)).toBe(1)
    mend()
    await message.retry()
    await message.arrived()
  })

  it('no answer after the work was done does not double it either, and it goes on by itself', async () => {
    breakWith({ kind: 'cut', when: 'after' }, { method: 'POST' })
    const message = await say()
    await message.failed('remote_unavailable')
    mend()
    expect(await message.arrived()).toMatchObject({ state: 'done', attempts: 2 })
  })

  it('429 pauses the connection for as long as Bitbucket says, then everything goes on by itself', async () => {
    breakWith(answer(429, '', { 'retry-after': '3' }))
    const message = await say()
    const failed = await message.failed('remote_rate_limited')
    expect([failed.state, failed.error]).toEqual(['queued', expect.stringMatching(/slow down/)])
    const until = Date.parse((await connection()).paused_until ?? '')
    expect(until).toBeGreaterThan(Date.now() - 20_000)
    expect(until).toBeLessThan(Date.now() + 4000)
    const asked = world.simulator.requests.length
    mend()
    await message.arrived()
    // Nobody knocked during the pause.
    expect(world.simulator.requests.slice(asked).every(({ status }) => status !== 429)).toBe(true)
  })
})

describe('while the credential is not accepted', () => {
  it('401 is told on the connection, the work waits, and a good answer to the check wakes it', async () => {
    breakWith(answer(401))
    const message = await say()
    const failed = await message.failed('remote_unauthorized')
    expect([failed.state, failed.error]).toEqual(['waiting', expect.stringMatching(/renew it/)])
    expect(await connection()).toMatchObject({ state: 'unauthorized', state_reason: expect.stringMatching(/renew it/) })
    mend()
    await world.admin.call(checkConnection, { params: { id: world.connectionId } })
    await message.arrived()
    expect((await connection()).state).toBe('active')
  })

  it('a revoked token waits for a new one, and then goes on by itself', async () => {
    const [owner] = world.simulator.users
    const control = async (body: unknown) => {
      const done = await fetch(`${world.simulator.control}/credentials`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return done.json()
    }
    const scopes = world.simulator.sim.credentials.find((one) => one.token === owner?.api_token)?.scopes
    await control({ token: owner?.api_token, revoked: true })
    const message = await say()
    await message.failed('remote_unauthorized')
    expect((await connection()).operations_waiting).toBe(1)
    const params = { id: world.connectionId }
    const renewed = (secret: string) => world.admin.call(renewCredential, { params, body: { secret } })
    await expect(renewed('ATATT3xnonsense')).rejects.toThrow(/credential_rejected/)
    const poor = await control({ kind: 'api_token', username: owner?.username, scopes: ['read:user:bitbucket'] })
    const poorer = await renewed(Object(poor).token).then(
      ({ state, state_reason: reason }) => `${state}: ${reason}`,
      (error: unknown) => String(error),
    )
    expect(poorer).toMatch(/(lacks|needs|missing).*:bitbucket/)
    const fresh = await control({ kind: 'api_token', username: owner?.username, scopes })
    expect((await renewed(Object(fresh).token)).state).toBe('active')
    await message.arrived()
  }, 40_000)
})

describe('a webhook', () => {
  const inbound = async () => (await world.admin.call(listDeliveries, { query: { direction: 'in', limit: 200 } })).items

  it('with a wrong signature is refused and leaves no trace, to an unknown address as well', async () => {
    const before = (await inbound()).length
    expect(await world.deliver({ secret: 'guessed' })).toBe(401)
    const elsewhere = `/hooks/bitbucket/${randomUUID()}/${randomUUID()}`
    expect(await world.deliver({ path: elsewhere })).toBe(404)
    expect((await inbound()).length).toBe(before)
  })

  it('for an unknown repository is taken in, and its log says why nothing came of it', async () => {
    expect(await world.deliver({ text: 'from elsewhere' })).toBe(202)
    const newest = await until('the delivery to be worked off', async () => {
      const [first] = await inbound()
      return first?.state !== 'received' && first
    })
    expect([newest.state, newest.outcome]).toEqual(['ignored', expect.stringMatching(/repository/i)])
  })
})

it('no credential of Bitbucket stands in the log or in any answer of the deliveries', async () => {
  const secrets = world.simulator.sim.credentials.map(({ token }) => token)
  const told = `${world.weir().output()} ${JSON.stringify(await outbound())}`
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
})
