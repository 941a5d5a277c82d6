import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn } from '../../contract/access/session.ts'
import { problem } from '../../contract/primitives.ts'
import type { VulnerabilitySummary } from '../../contract/security/vulnerabilities.ts'
import { listDefects, sendVulnerability } from '../../contract/sync/defects.ts'
import { createMessage, listMessages } from '../../contract/sync/messages.ts'
import { ensureWebBuilt } from '../../scripts/build-web.ts'
import { createWeirClient } from '../../scripts/demo/weir-client.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { adminLogin, type ConnectedWeir, startConnectedWeir } from './connected-weir.ts'
import { newMark } from './new-mark.ts'
import { endPostgres, killLeftProcesses, startWeir, until, type WeirProcess } from './weir-process.ts'

let folder: string
let server: EmbeddedPostgres
let world: ConnectedWeir
let otherWeb: WeirProcess
const workers: WeirProcess[] = []
let found: VulnerabilitySummary[]
/** A member at the second web process. */
let other: ReturnType<typeof createWeirClient>

const secretKey = randomBytes(32).toString('base64')

beforeAll(async () => {
  // Ready means that there is a page to show; a fresh clone has none yet.
  await ensureWebBuilt()
  folder = await mkdtemp(join(tmpdir(), 'weir-server-'))
  server = await openEmbeddedPostgres({ dataFolder: folder })
  world = await startConnectedWeir({
    environment: {
      DATABASE_URL: server.url,
      WEIR_SECRET_KEY: secretKey,
      WEIR_ROLES: 'web',
      WEIR_METRICS: 'on',
    },
    beside: async (environment) => {
      const worker = { ...environment, WEIR_ROLES: 'worker' }
      workers.push(...(await Promise.all([startWeir(worker), startWeir(worker)])))
    },
  })
  otherWeb = await startWeir({ ...world.environment, WEIR_PORT: '0', WEIR_METRICS: 'off' })
  found = await world.importStorefront()
  other = createWeirClient({ baseUrl: otherWeb.url })
  await other.call(logIn, { body: adminLogin })
}, 90_000)
afterAll(async () => {
  await killLeftProcesses()
  await world.close()
  await server.close().catch(() => undefined)
  await endPostgres(folder)
  await rm(folder, { recursive: true, force: true })
})

const say = async (client: typeof other, index: number, body: string) =>
  client.call(createMessage, { params: { id: found[index]?.id ?? '' }, body: { body } })
const send = async (index: number) =>
  world.admin.call(sendVulnerability, { params: { id: found[index]?.id ?? '' }, body: {} })
const itemOf = async (index: number) => {
  const { items } = await world.admin.call(listDefects, { params: { id: found[index]?.id ?? '' } })
  return items.length === 1 && items[0]?.link === 'ok' && items[0].pending === null && items[0]
}

describe('two web and two worker processes on one PostgreSQL', () => {
  it('start at once on an empty database', () => {
    expect(otherWeb.url).not.toBe(world.url)
    for (const { output } of [world.weir(), otherWeb, ...workers])
      expect(output()).not.toMatch(/"level":(50|60)|error/i)
  })

  it('what is written at one web process is heard at the other within a second', async () => {
    const id = found[0]?.id ?? ''
    const stop = new AbortController()
    const headers = { cookie: other.headers()['cookie'] ?? '' }
    const stream = await fetch(`${otherWeb.url}/api/v1/events`, { headers, signal: stop.signal })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) heard += new TextDecoder().decode(chunk)
    })().catch(() => undefined)
    await until('the stream to open', () => heard.includes('connected'))
    const took: number[] = []
    for (let n = 0; n < 5; n++) {
      heard = ''
      const begunMs = performance.now()
      await say(world.admin, 0, `Heard elsewhere ${n}`)
      await until('the event', () => heard.includes('"kind":"message"') && heard.includes(id), 5000)
      took.push(performance.now() - begunMs)
    }
    stop.abort()
    await reading
    expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(5000)
  }, 30_000)

  it('every job is done once', async () => {
    const count = Math.min(6, found.length)
    const indexes = Array.from({ length: count }, (_, index) => index)
    const marks = indexes.flatMap((index) => [0, 1].map(() => ({ index, text: newMark() })))
    await Promise.all(indexes.map(send))
    // Both webs take the same wish: still one item.
    await Promise.all(indexes.map(send))
    await Promise.all(marks.map(async ({ index, text }) => say(world.admin, index, text)))
    const items = await Promise.all(indexes.map(async (index) => until('the item', async () => itemOf(index), 45_000)))
    expect(items.map(({ id }) => world.countRemote(id))).toEqual(indexes.map(() => 1))
    await until('the messages', () => marks.every(({ text }) => world.countRemote(text) > 0))
    expect(marks.map(({ text }) => world.countRemote(text))).toEqual(marks.map(() => 1))
  }, 60_000)

  it('the work of a killed worker is taken up by the other within a minute, once', async () => {
    // Whoever writes the first comment gets no answer for long enough to die over.
    world.simulator.planFault({
      method: 'POST',
      path: '*/comments',
      action: { kind: 'delay', when: 'after', ms: 20_000 },
    })
    const text = newMark()
    await say(world.admin, 1, text)
    await until('the comment to be there', () => world.countRemote(text) > 0)
    const begunMs = performance.now()
    // Nobody outside knows which of the two it is: one dies, is replaced, then the other one.
    for (const worker of workers) {
      await worker.kill()
      await startWeir({ ...world.environment, WEIR_ROLES: 'worker' })
    }
    await until(
      'the message to be settled',
      async () => {
        const { items } = await world.admin.call(listMessages, {
          params: { id: found[1]?.id ?? '' },
          query: { limit: 200 },
        })
        return items.some(
          (one) => one.body === text && one.links.every((link) => link.state === 'sent') && one.links.length > 0,
        )
      },
      60_000,
    )
    expect(performance.now() - begunMs).toBeLessThan(60_000)
    expect(world.countRemote(text)).toBe(1)
  }, 90_000)
})

describe('health and figures', () => {
  const ready = async (url: string) => {
    const answer = await fetch(`${url}/health/ready`)
    return { status: answer.status, body: await answer.text() }
  }

  it('figures are served where the setting says so, and nowhere else', async () => {
    const on = await fetch(`${world.url}/metrics`)
    const text = await on.text()
    expect(on.status).toBe(200)
    expect(text).toMatch(/^weir_http_request_duration_seconds_count\{.*route="\/api\/v1\/imports"/m)
    expect(text).not.toContain('Harbour Works')
    const off = await fetch(`${otherWeb.url}/metrics`)
    expect(await off.text()).not.toContain('weir_http')
  })

  it('a database that is away is named with 503, and is back in use without a restart', async () => {
    expect(await ready(world.url)).toMatchObject({ status: 200 })
    await server.close()
    for (const url of [world.url, otherWeb.url]) {
      const { status, body } = await ready(url)
      expect([status, JSON.parse(body).failing]).toEqual([503, expect.arrayContaining(['database'])])
      expect(body).not.toMatch(/socket|ECONN|postgres/)
      expect((await fetch(`${url}/health/live`)).status).toBe(200)
    }
    const refused = await fetch(`${world.url}/api/v1/vulnerabilities`, { headers: world.admin.headers() })
    expect([refused.status, problem.parse(await refused.json()).code]).toEqual([503, 'unavailable'])
    const login = await fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: world.url },
      body: JSON.stringify(adminLogin),
    })
    expect(login.status).toBe(503)
    expect(await world.deliver()).toBe(503)
    server = await openEmbeddedPostgres({ dataFolder: folder })
    await until(
      'both to be ready',
      async () => (await ready(world.url)).status + (await ready(otherWeb.url)).status === 400,
      15_000,
    )
    const text = newMark()
    await say(world.admin, 1, text)
    await until('the workers to go on', () => world.countRemote(text) === 1)
    expect(await world.deliver()).toBe(202)
  }, 60_000)

  it('no secret stands in any log', () => {
    const token = world.simulator.users[0]?.api_token ?? ''
    const hook = world.simulator.sim.hooks.find((one) => one.secret !== null)?.secret ?? ''
    for (const { output } of [world.weir(), otherWeb, ...workers])
      for (const secret of [token, hook, secretKey, adminLogin.password]) expect(output()).not.toContain(secret)
  })
})
