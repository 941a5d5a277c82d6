import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { createTrackerPart } from '../operations/issue-tracker.ts'
import { issueChangeFields, issueCommentFields, issueFields } from '../query/issue-fields.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let ines: { accountId: string; uuid: string }
const base = '/repositories/meadow-goods/storefront-api/issues'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy' })
  mara = askAs(simulator, 'mara-lind')
  const [repository] = simulator.sim.repositories
  const found = simulator.sim.people.find((one) => one.username === 'ines-calder')
  if (repository === undefined || found === undefined) throw new Error('nothing is planted')
  ines = found
  for (const name of ['UI', 'API']) createTrackerPart(simulator.sim, repository, { kind: 'component', name })
  createTrackerPart(simulator.sim, repository, { kind: 'milestone', name: 'M1' })
  createTrackerPart(simulator.sim, repository, { kind: 'version', name: '1.0' })
  await mara('POST', base, { title: 'button', component: { name: 'UI' }, priority: 'minor', kind: 'enhancement' })
  await mara('POST', base, {
    title: 'endpoint',
    content: { raw: 'Broken Pipe' },
    component: { name: 'API' },
    milestone: { name: 'M1' },
    version: { name: '1.0' },
    priority: 'blocker',
    state: 'on hold',
    assignee: { account_id: ines.accountId },
  })
  await mara('POST', base, { title: 'loose end', kind: 'task' })
  await mara('PUT', `${base}/3/vote`)
  await askAs(simulator, 'tomas-okoye')('PUT', `${base}/2/watch`)
  await mara('PUT', `${base}/1`, { title: 'Button', version: { name: '1.0' } })
})
afterAll(async () => {
  await simulator.close()
})

async function ids(query: Record<string, string>): Promise<unknown[]> {
  const reply = await mara('GET', `${base}?${new URLSearchParams(query).toString()}`)
  return reply.status === 200 ? reply.values.map((one) => at(one, 'id')) : [reply.text]
}

test.each([
  ['(state = "new" OR state = "open") AND assignee = null', [3, 1]],
  ['state IN ("new", "on hold") AND component = "UI"', [1]],
  ['component = null', [3]],
  ['component.name ~ "ap" AND milestone = "M1"', [2]],
  ['version.name = "1.0"', [2, 1]],
  ['priority >= "major"', [3, 2]],
  ['priority < "major"', [1]],
  ['kind != "bug"', [3, 1]],
  ['title ~ "BUTTON" OR content.raw ~ "pipe"', [2, 1]],
  ['reporter.nickname = "Mara Lind" AND assignee.display_name = "Ines Calder"', [2]],
  ['edited_on = null', [3, 2]],
  ['votes > 0', [3]],
  ['watches > 1', [2]],
  ['id < 3 AND created_on > 2020-01-01', [2, 1]],
  ['repository.full_name = "meadow-goods/storefront-api"', [3, 2, 1]],
])('q=%s', async (q, expected) => {
  expect(await ids({ q })).toEqual(expected)
})

test('assignees are found by account id and UUID', async () => {
  expect(await ids({ q: `assignee.account_id = "${ines.accountId}"` })).toEqual([2])
  expect(await ids({ q: `assignee.uuid = "${ines.uuid}"` })).toEqual([2])
})

test.each([
  ['priority', [1, 3, 2]],
  ['-priority', [2, 3, 1]],
  ['title', [1, 2, 3]],
  ['-votes', [3, 2, 1]],
  ['-updated_on', [1, 3, 2]],
  ['component', [3, 2, 1]],
])('sort=%s', async (sort, expected) => {
  expect(await ids({ sort })).toEqual(expected)
})

test.each([
  ['', issueFields],
  ['/1/comments', issueCommentFields],
  ['/1/changes', issueChangeFields],
] as const)('every field of issues%s can be asked about and sorted by', async (path, fields) => {
  for (const field of fields) {
    const q = new URLSearchParams({ q: `${field} = null`, sort: field })
    expect([field, (await mara('GET', `${base}${path}?${q.toString()}`)).status]).toEqual([field, 200])
  }
  expect((await mara('GET', `${base}${path}?q=colour="red"`)).status).toBe(400)
})

test('changes are found by what they changed', async () => {
  await mara('POST', `${base}/2/changes`, { changes: { component: { new: '' }, priority: { new: 'minor' } } })
  const found = await mara('GET', `${base}/2/changes?${new URLSearchParams({ q: 'changes.component.old = "API"' })}`)
  expect(at(found.values[0], 'changes')).toEqual({
    component: { old: 'API', new: '' },
    priority: { old: 'blocker', new: 'minor' },
  })
})

test('parts are listed, shown one by one, and go by name in issues', async () => {
  for (const [part, count] of [
    ['component', 2],
    ['milestone', 1],
    ['version', 1],
  ] as const) {
    const list = await mara('GET', base.replace('/issues', `/${part}s`))
    expect([part, list.at('size')]).toEqual([part, count])
    const one = await mara('GET', String(at(list.values[0], 'links', 'self', 'href')))
    expect(one.body).toEqual(list.values[0])
    expect((await mara('PUT', `${base}/1`, { [part]: { name: 'none such' } })).status).toBe(400)
    expect((await mara('PUT', `${base}/1`, { [part]: 'a text' })).status).toBe(400)
  }
})
