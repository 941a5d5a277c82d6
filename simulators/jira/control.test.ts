import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReceiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, says } from './try-api.ts'

let simulator: Simulator
let ask: Ask
beforeEach(async () => {
  simulator = await startSimulator({ control: true })
  ask = asker('', undefined)
})
afterEach(async () => await simulator.close())

async function control(method: string, path: string, body?: object) {
  return await ask(method, `${simulator.site}/__control${path}`, body)
}

test('there is no control interface unless it was asked for', async () => {
  const shut = await startSimulator()
  try {
    expect((await ask('GET', `${shut.site}/__control`)).status).toBe(404)
    expect((await ask('POST', `${shut.site}/__control/switches`, { showEmails: true })).status).toBe(404)
  } finally {
    await shut.close()
  }
})

test('says what there is, and sets faults and switches', async () => {
  expect((await control('GET', '')).body).toMatchObject({
    cloud_id: simulator.cloud_id,
    counts: { issues: 5 },
    switches: { showEmails: false },
  })
  const requestFaults = [
    {
      method: 'GET',
      path: '/rest/api/3/myself',
      plan: { kind: 'script', steps: [{ kind: 'answer', when: 'before', status: 503 }] },
    },
  ]
  expect(
    (await control('POST', '/switches', { showEmails: true, rateLimits: { burst: 7 }, requestFaults })).status,
  ).toBe(200)
  expect(simulator.switches.rateLimits).toMatchObject({ burst: 7, points: 65_000 })
  const tomas = askAs(simulator, 'tomas')
  expect((await tomas('GET', '/myself')).status).toBe(503)
  expect((await tomas('GET', '/user/search?query=yuki')).text).toContain('yuki@meadow-goods.example')
})

test.each([
  [{ nonsense: 1 }],
  [{ searchPaging: 'sometimes' }],
  [{ requestFaults: [{ method: 'GET', path: '/x', plan: { kind: 'script', steps: [{ kind: 'explode' }] } }] }],
  [{ webhookFaults: [{ event: '*', plan: { kind: 'chance', probability: 2, seed: 1, actions: [{ kind: 'drop' }] } }] }],
])('%j is refused whole', async (wanted) => {
  const before = JSON.stringify(simulator.switches)
  const refused = await control('POST', '/switches', { showEmails: true, ...wanted })
  expect(refused.status).toBe(400)
  expect(refused.at('problem')).toEqual(expect.any(String))
  expect(JSON.stringify(simulator.switches)).toBe(before)
})

test('shows requests and deliveries, and flushes what is held back', async () => {
  const receiver = await openReceiver()
  try {
    await askAs(simulator, 'mara')('POST', '/rest/webhooks/1.0/webhook', {
      name: 'x',
      url: receiver.url,
      events: ['comment_created'],
    })
    await control('POST', '/switches', {
      webhookFaults: [{ event: '*', plan: { kind: 'script', steps: [{ kind: 'hold' }] } }],
    })
    await askAs(simulator, 'tomas')('POST', '/issue/SHOP-1/comment', { body: says('x') })
    expect((await control('GET', '/deliveries')).body).toMatchObject([{ event: 'comment_created', state: 'held' }])
    await control('POST', '/flush', {})
    expect(receiver.caught).toHaveLength(1)
    const requests = (await control('GET', '/requests')).body
    expect(requests).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        path: '/rest/api/3/issue/SHOP-1/comment',
        status: 201,
        credential: 'api_token',
      }),
    )
  } finally {
    await receiver.close()
  }
})
