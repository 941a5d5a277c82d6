import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const ws = '/repositories/meadow-goods'
const pull = `${ws}/storefront-api/pullrequests/4`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1 })
  mara = askAs(simulator, 'mara-lind')
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => await simulator.close())

describe('redirects', () => {
  test('of a renamed repository are for GET, with the code of the switch, until the slug is taken', async () => {
    const [small] = simulator.repositories.slice(-1)
    const slug = small?.slug ?? ''
    const location = `${simulator.api}${ws}/new-name`
    const renamed = await mara('PUT', `${ws}/${slug}`, { name: 'New name' })
    expect([renamed.status, renamed.headers.get('location')]).toEqual([200, location])
    const old = await mara('GET', `${ws}/${slug}`)
    expect([old.status, old.headers.get('location')]).toEqual([301, location])
    expect((await askAs(simulator, 'piet-oosten')('GET', `${ws}/${slug}`)).status).toBe(404)
    simulator.switches.renamedRepositoryStatus = 302
    expect((await mara('GET', `${ws}/${slug}`)).status).toBe(302)
    simulator.switches.renamedRepositoryStatus = 404
    expect((await mara('GET', `${ws}/${slug}`)).status).toBe(404)
  })

  test('lead from /src to the main branch', async () => {
    const reply = await mara('GET', `${ws}/ledger-core/src`)
    expect(reply.status).toBe(302)
    const target = reply.headers.get('location') ?? ''
    expect(target).toMatch(/\/src\/[0-9a-f]{40}\/$/)
    expect((await mara('GET', target)).values.length).toBeGreaterThan(0)
  })

  test.each(['diff', 'diffstat', 'patch'])(
    'lead from the %s of a pull request to that of its commits',
    async (kind) => {
      const reply = await mara('GET', `${pull}/${kind}`)
      const target = reply.headers.get('location') ?? ''
      expect(reply.status).toBe(302)
      expect(target).toMatch(
        new RegExp(`${ws}/storefront-api/${kind}/meadow-goods/storefront-api:[0-9a-f]{12,40}%0D[0-9a-f]{12,40}\\?`),
      )
      expect(Object.fromEntries(new URL(target).searchParams)).toEqual({ from_pullrequest_id: '4', topic: 'true' })
      expect((await mara('GET', target)).status).toBe(200)
    },
  )
})

describe('people and dates', () => {
  test('a user has no e-mail address and no user name, a workspace is an owner of type team', async () => {
    const reply = await mara('GET', pull)
    expect(Object.keys(Object(reply.at('author'))).toSorted()).toEqual([
      'account_id',
      'display_name',
      'links',
      'nickname',
      'type',
      'uuid',
    ])
    expect(Object.keys(Object(reply.at('author', 'links'))).toSorted()).toEqual(['avatar', 'html', 'self'])
    const owner = (await mara('GET', `${ws}/ledger-core`)).at('owner')
    expect(owner).toMatchObject({ type: 'team', username: 'meadow-goods', display_name: 'Meadow Goods' })
    expect(owner).toHaveProperty('links.self.href', expect.stringMatching(/\/2\.0\/workspaces\/%7B.*%7D$/))
  })

  test('UUIDs are in braces and dates have microseconds and an offset', async () => {
    const reply = await mara('GET', `${ws}/ledger-core`)
    expect(reply.at('uuid')).toMatch(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/)
    for (const field of ['created_on', 'updated_on'])
      expect(reply.at(field)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/)
  })
})
