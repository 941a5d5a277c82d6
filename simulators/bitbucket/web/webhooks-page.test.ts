import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flushOutbox } from '../../shared/outbox.ts'
import { createHook } from '../operations/hooks.ts'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let listener: Server
let received: { event: string; body: string }[] = []
let url: string
beforeAll(async () => {
  here = await startTrySimulator('2026')
  listener = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ event: String(request.headers['x-event-key']), body: Buffer.concat(chunks).toString('utf8') })
      response.end()
    })
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`
})
afterAll(async () => {
  listener.closeAllConnections()
  listener.close()
  await here.close()
})

test.each(['repository', 'workspace'] as const)(
  'the %s’s webhooks show what was sent and send it again',
  async (kind) => {
    received = []
    const { sim, repository, workspace, people } = here
    const subject = kind === 'repository' ? ({ kind, repository } as const) : ({ kind, workspace } as const)
    const list = kind === 'repository' ? '/acme/shop/admin/webhooks' : '/acme/workspace/settings/webhooks'
    const hook = createHook(sim, subject, {
      url,
      description: 'Mine <1>',
      secret: 'shh-secret',
      events: ['pullrequest:approved'],
    })
    const owner = await here.logIn(people.owner)
    const page = `${list}/${hook.uuid.slice(1, -1)}`
    expect((await here.ask({ path: page, cookie: owner })).body).toContain('keeps no history')
    await here.ask({ path: `${page}/history`, cookie: owner, form: { enabled: 'enable' } })
    await here.ask({
      path: `/acme/shop/pull-requests/1/${kind === 'repository' ? 'approve' : 'unapprove'}`,
      cookie: owner,
      form: {},
    })
    if (kind === 'workspace') await here.ask({ path: '/acme/shop/pull-requests/1/approve', cookie: owner, form: {} })
    await flushOutbox(sim.outbox)
    const overview = (await here.ask({ path: list, cookie: owner })).body
    expect(overview).toContain('Mine &lt;1&gt;')
    expect(overview).not.toContain('shh-secret')
    const history = (await here.ask({ path: page, cookie: owner })).body
    expect(history).toContain('pullrequest:approved')
    expect(history).toContain('1: 200 (')
    const delivery = sim.deliveries.find((one) => one.hookUuid === hook.uuid)
    const before = received.length
    const reply = await here.ask({ path: `${page}/deliveries/${delivery?.uuid}/resend`, cookie: owner, form: {} })
    expect([reply.status, reply.location]).toEqual([303, page])
    await flushOutbox(sim.outbox)
    expect(received).toHaveLength(before + 1)
    expect(received.at(-1)).toEqual({ event: 'pullrequest:approved', body: delivery?.body })
  },
)

test('webhooks are for administrators and owners', async () => {
  const writer = await here.logIn(here.people.writer)
  expect((await here.ask({ path: '/acme/shop/admin/webhooks', cookie: writer })).status).toBe(403)
  expect((await here.ask({ path: '/acme/workspace/settings/webhooks', cookie: writer })).status).toBe(403)
})

test('unknown webhooks and requests are not found', async () => {
  const owner = await here.logIn(here.people.owner)
  expect((await here.ask({ path: '/acme/shop/admin/webhooks/none', cookie: owner })).status).toBe(404)
  const [hook] = here.sim.hooks
  const path = `/acme/shop/admin/webhooks/${hook?.uuid.slice(1, -1)}/deliveries/none/resend`
  expect((await here.ask({ path, cookie: owner, form: {} })).status).toBe(404)
})
