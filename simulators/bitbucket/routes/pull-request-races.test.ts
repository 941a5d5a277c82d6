import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

async function openPullRequest(branch: string): Promise<string> {
  const made = await mara('POST', `${shop}/refs/branches`, { name: branch, target: { hash: 'main' } })
  expect(made.status).toBe(201)
  const form = new URLSearchParams({ branch, message: `Add ${branch}`, [`${branch}.txt`]: `${branch}\n` })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect((await mara('POST', `${shop}/src`, form.toString(), headers)).status).toBe(201)
  const opened = await mara('POST', `${shop}/pullrequests`, { title: branch, source: { branch: { name: branch } } })
  return `${shop}/pullrequests/${String(opened.at('id'))}`
}

const tipOf = async (branch: string) => (await mara('GET', `${shop}/refs/branches/${branch}`)).at('target', 'hash')

test('a merge goes where it was asked to, whatever is changed while it is made', async () => {
  await mara('POST', `${shop}/refs/branches`, { name: 'kept', target: { hash: 'main' } })
  const kept = await tipOf('kept')
  const path = await openPullRequest('moving')
  const [merged, moved] = await Promise.all([
    mara('POST', `${path}/merge`, {}),
    mara('PUT', path, { destination: { branch: { name: 'kept' } } }),
  ])
  expect([merged.status, moved.status].toSorted()).toEqual([200, 400])
  expect(await tipOf('kept')).toBe(kept)
  expect((await mara('GET', path)).at('destination', 'branch', 'name')).toBe('main')
})

test('of a merge and a decline at once one is refused', async () => {
  const path = await openPullRequest('contested')
  const both = await Promise.all([mara('POST', `${path}/merge`, {}), mara('POST', `${path}/decline`)])
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
  const state = (await mara('GET', path)).at('state')
  expect(state).toBe(both[0].status === 200 ? 'MERGED' : 'DECLINED')
})

test('control characters in a message are part of it', async () => {
  const message = 'one\u0001two\u0002three\n'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = new URLSearchParams({ message, 'odd.txt': 'x\n' }).toString()
  expect((await mara('POST', `${shop}/src`, form, headers)).status).toBe(201)
  const [newest] = (await mara('GET', `${shop}/commits/main?pagelen=1`)).values
  expect(at(newest, 'message')).toBe(message)
  const history = await mara('GET', `${shop}/filehistory/main/odd.txt`)
  expect([history.status, history.values.length]).toEqual([200, 1])
})

test('a tab in the name of a file is part of it, and a star is no pattern', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = new URLSearchParams({ message: 'Tab', '/a\tb.txt': 'tab\n' }).toString()
  expect((await mara('POST', `${shop}/src`, form, headers)).status).toBe(201)
  const read = await mara('GET', `${shop}/src/main/a%09b.txt`)
  expect([read.status, read.text]).toEqual([200, 'tab\n'])
  expect((await mara('GET', `${shop}/filehistory/main/*`)).values).toEqual([])
})

test('a branch that git cannot make is refused as such', async () => {
  const made = await mara('POST', `${shop}/refs/branches`, { name: 'main/below', target: { hash: 'main' } })
  expect(made.status).toBe(400)
})
