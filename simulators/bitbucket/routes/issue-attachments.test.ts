import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let now = Date.UTC(2026, 10, 20)
const base = '/repositories/meadow-goods/storefront-api/issues/1/attachments'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy', clock: () => now })
  tomas = askAs(simulator, 'tomas-okoye')
  await askAs(simulator, 'mara-lind')('POST', '/repositories/meadow-goods/storefront-api/issues', { title: 'one' })
})
afterAll(async () => {
  await simulator.close()
})

function form(...files: [name: string, content: string][]): FormData {
  const made = new FormData()
  for (const [name, content] of files) made.append('files', new Blob([content], { type: 'text/css' }), name)
  return made
}

const names = async () => (await tomas('GET', base)).values.map((one) => at(one, 'name'))

async function addressOf(name: string): Promise<string> {
  const reply = await tomas('GET', `${base}/${encodeURIComponent(name)}`)
  expect(reply.status).toBe(302)
  return reply.headers.get('location') ?? ''
}

test('several files go up at once, keep their order, and one of the same name takes the place of the old', async () => {
  const made = await tomas('POST', base, form(['a.css', 'one'], ['größe 1.css', 'two']))
  expect([made.status, made.text, made.headers.get('location')]).toEqual([201, '', `${simulator.api}${base}`])
  expect(await names()).toEqual(['a.css', 'größe 1.css'])
  await tomas('POST', base, form(['a.css', 'three'], ['some/folder/b.css', 'four']))
  expect(await names()).toEqual(['größe 1.css', 'a.css', 'b.css'])
  const [first] = (await tomas('GET', base)).values
  const self = String(at(first, 'links', 'self', 'href'))
  expect((await tomas('GET', self)).status).toBe(302)
})

test('the redirect leads to the bytes, once and for a while, without credentials', async () => {
  const address = await addressOf('a.css')
  expect((await fetch(address, { method: 'HEAD' })).status).toBe(200)
  const file = await fetch(address)
  expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([200, 'text/css', 'three'])
  expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''a.css")
  expect((await fetch(address)).status).toBe(404)
  const late = await addressOf('a.css')
  now += simulator.switches.tracker.linkSeconds * 1000
  expect((await fetch(late)).status).toBe(404)
})

test('what is no form, or a form without files, is refused', async () => {
  const text = new FormData()
  text.append('files', 'only text')
  for (const body of [text, new FormData(), { files: 'x' }, undefined])
    expect((await tomas('POST', base, body)).status).toBe(400)
})

test('a file is deleted by who sent it or who may change the issue', async () => {
  const repository = simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  const piet = simulator.sim.people.find((one) => one.username === 'piet-oosten')
  repository?.permissions.set(piet?.uuid ?? '', 'read')
  const reader = askAs(simulator, 'piet-oosten')
  expect((await reader('DELETE', `${base}/a.css`)).status).toBe(403)
  await reader('POST', base, form(['mine.css', '']))
  expect((await reader('DELETE', `${base}/mine.css`)).status).toBe(204)
  expect((await tomas('DELETE', `${base}/a.css`)).status).toBe(204)
  expect((await tomas('GET', `${base}/a.css`)).status).toBe(404)
  expect((await asker(simulator, undefined)('DELETE', `${base}/b.css`)).status).toBe(401)
})
