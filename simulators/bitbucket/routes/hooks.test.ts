import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const hooks = '/repositories/meadow-goods/ledger-core/hooks'
const good = {
  url: 'http://127.0.0.1:9/hook',
  description: 'mine',
  active: true,
  events: ['repo:push'],
  secret: 's3cret',
}

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

test('a hook is made, found by its UUID with or without braces, changed and deleted; its secret is never shown', async () => {
  const made = await mara('POST', hooks, good)
  expect(made.status).toBe(201)
  expect(made.at('secret')).toBeUndefined()
  expect(made.at('secret_set')).toBe(true)
  expect(made.at('subject_type')).toBe('repository')
  const uuid = String(made.at('uuid'))
  expect(uuid).toMatch(/^\{.*\}$/)
  const path = `${hooks}/${encodeURIComponent(uuid)}`
  expect((await mara('GET', `${hooks}/${uuid.slice(1, -1)}`)).at('uuid')).toBe(uuid)
  const changed = await mara('PUT', path, { ...good, secret: undefined, active: false })
  expect([changed.at('active'), changed.at('secret_set')]).toEqual([false, true])
  expect((await mara('PUT', path, { ...good, secret: null })).at('secret_set')).toBe(false)
  expect((await mara('GET', hooks)).at('size')).toBe(1)
  expect((await mara('DELETE', path)).status).toBe(204)
  expect((await mara('GET', path)).body).toEqual({
    type: 'error',
    error: { message: 'ledger-core is not a valid hook' },
  })
})

test.each([
  [{ ...good, url: undefined }, 'url'],
  [{ ...good, url: 'ftp://x' }, 'url'],
  [{ ...good, events: [] }, 'events'],
  [{ ...good, events: ['repo:push', 'repo:push'] }, 'events'],
  [{ ...good, events: ['repo:exploded'] }, 'events'],
  [{ ...good, events: ['issue:created'] }, 'events'],
  [{ ...good, secret: 'x'.repeat(129) }, 'secret'],
])('refuses %o with the field', async (body, field) => {
  const reply = await mara('POST', hooks, body)
  expect(reply.status).toBe(400)
  expect(Object.keys(Object(reply.at('error', 'fields')))).toEqual([field])
})

test('a private address is refused when the switch is off', async () => {
  simulator.switches.allowPrivateHookUrls = false
  for (const url of ['http://127.0.0.1/x', 'http://10.1.2.3/', 'http://localhost/', 'http://[::1]/']) {
    expect((await mara('POST', hooks, { ...good, url })).status).toBe(400)
  }
  expect((await mara('POST', hooks, { ...good, url: 'https://weir.example.com/hook' })).status).toBe(201)
  simulator.switches.allowPrivateHookUrls = true
})

test('there is a limit on hooks', async () => {
  simulator.switches.hooksPerSubject = 2
  expect((await mara('POST', hooks, good)).status).toBe(201)
  expect((await mara('POST', hooks, good)).status).toBe(400)
})

test('an OAuth or access token needs the read scope of what it listens to', async () => {
  const made = await mara('POST', `${simulator.control}/credentials`, {
    kind: 'access_token',
    username: 'security-automation-bot',
    scopes: ['webhook', 'account'],
  })
  const ask = asker(simulator, `Bearer ${made.at('token')}`)
  const reply = await ask('POST', '/workspaces/meadow-goods/hooks', { ...good, events: ['pullrequest:created'] })
  expect(reply.status).toBe(403)
  expect(reply.at('error', 'detail', 'required')).toEqual(['webhook', 'pullrequest'])
})

test('the catalogue of events is public, and issues are in it only in legacy mode', async () => {
  const list = await asker(simulator, undefined)('GET', '/hook_events/workspace?pagelen=100')
  expect(list.values.map((one) => at(one, 'event'))).toContain('repo:created')
  expect(list.values.map((one) => at(one, 'event'))).not.toContain('issue:created')
})
