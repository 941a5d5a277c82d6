import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, asker } from '../try-api.ts'
import { session } from './session.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
})
afterAll(async () => {
  await simulator.close()
})

async function look(path: string): Promise<{ status: number; location: string | null; text: string }> {
  const [owner] = simulator.sim.people
  const cookie = owner === undefined ? '' : (session.open(simulator.sim, owner).split(';')[0] ?? '')
  const reply = await asker(simulator, undefined)('GET', `${simulator.web}${path}`, undefined, { cookie })
  return { status: reply.status, location: reply.headers.get('location'), text: reply.text }
}

test('pictures are drawn for everybody, and only of what there is', async () => {
  const me = await askAs(simulator, 'mara-lind')('GET', '/user')
  const picture = await fetch(String(me.at('links', 'avatar', 'href')))
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect(await picture.text()).toMatch(/^<svg [^]*Mara Lind[^]*>ML</)
  for (const path of ['/workspaces/nobody/avatar/', '/account/avatar/none/XX-1.png', '/ravatar/none'])
    expect((await fetch(`${simulator.web}${path}`)).status).toBe(404)
})

test('the address to clone from leads to the repository, opened in a browser', async () => {
  expect(await look('/meadow-goods/ledger-core.git')).toMatchObject({
    status: 303,
    location: '/meadow-goods/ledger-core',
  })
})

test.each(['/%2Fevil/x', '/%5Cevil/x', '/a/%0D%0AX:1', '/%E6%BC%A2/x'])(
  '%s with .git leads to no other host, and no further than an address goes',
  async (path) => {
    expect(await look(`${path}.git`)).toMatchObject({ status: 303, location: path.replace(':', '%3A') })
  },
)

test('the address for ssh has a path after its colon, not a port', async () => {
  const links = (await askAs(simulator, 'mara-lind')('GET', '/repositories/meadow-goods/ledger-core')).at('links')
  expect(at(links, 'clone')).toContainEqual({ name: 'ssh', href: 'git@127.0.0.1:meadow-goods/ledger-core.git' })
})

test('a project has a page with its repositories, a group one with its people, a tag one with its commits', async () => {
  const project = (await look('/meadow-goods/workspace/projects/FIN')).text
  expect([project.includes('/meadow-goods/ledger-core'), project.includes('/storefront-api"')]).toEqual([true, false])
  expect((await look('/meadow-goods/workspace/settings/groups/developers')).text).toContain('Tomas Okoye')
  const tag = await look('/meadow-goods/ledger-core/commits/tag/3.0.0')
  expect(tag.location).toBe('/meadow-goods/ledger-core/commits?ref=3.0.0')
  expect((await look(tag.location ?? '')).text).toContain('id="commits"')
})

test("what a person's links list is empty: nobody has anything in a workspace of their own", async () => {
  const ask = askAs(simulator, 'tomas-okoye')
  const links = Object(at((await ask('GET', '/user')).body, 'links'))
  for (const name of ['repositories', 'snippets', 'hooks']) {
    const reply = await ask('GET', String(at(links, name, 'href')))
    expect([name, reply.status, reply.values]).toEqual([name, 200, []])
  }
  expect((await askAs(simulator, 'mara-lind')('GET', String(at(links, 'repositories', 'href')))).status).toBe(404)
})
