import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, says } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask

beforeEach(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => await simulator.close())

async function ways(key: string): Promise<string[]> {
  const { body } = await tomas('GET', `/issue/${key}/transitions`)
  return Object(body).transitions.map((one: { id: string; to: { name: string } }) => `${one.id} ${one.to.name}`)
}

async function go(key: string, id: string, rest: object = {}) {
  return await tomas('POST', `/issue/${key}/transitions`, { transition: { id }, ...rest })
}

async function fieldsOf(key: string): Promise<unknown> {
  return (await tomas('GET', `/issue/${key}`)).at('fields')
}

test('the simple workflow reaches every status from everywhere, and done sets and clears the resolution', async () => {
  expect(await ways('SHOP-2')).toEqual(['11 To Do', '21 In Progress', '31 Done'])
  expect((await go('SHOP-2', '31')).status).toBe(204)
  expect(await fieldsOf('SHOP-2')).toMatchObject({
    status: { name: 'Done', statusCategory: { key: 'done' } },
    resolution: { name: 'Done' },
    resolutiondate: expect.stringMatching(/\+0000$/),
  })
  await go('SHOP-2', '11')
  expect(await fieldsOf('SHOP-2')).toMatchObject({ status: { name: 'To Do' }, resolution: null, resolutiondate: null })
})

test('the strict workflow allows one step at a time', async () => {
  expect(await ways('LEDG-2')).toEqual(['201 Being assessed'])
  const refused = await go('LEDG-2', '241')
  expect([refused.status, refused.body]).toEqual([
    400,
    { errorMessages: ["Transition id '241' is not valid for this issue."], errors: {} },
  ])
  for (const id of ['201', '211', '221', '241']) expect((await go('LEDG-2', id)).status).toBe(204)
  expect(await fieldsOf('LEDG-2')).toMatchObject({ status: { name: 'Repaired', statusCategory: { key: 'done' } } })
  expect(await ways('LEDG-2')).toEqual(['261 Being assessed'])
})

test('a screen asks for a resolution and takes a comment along', async () => {
  const shown = await tomas('GET', '/issue/LEDG-1/transitions?transitionId=251&expand=transitions.fields')
  expect(shown.at('transitions')).toMatchObject([{ hasScreen: true, fields: { resolution: { required: true } } }])
  expect((await go('LEDG-1', '251')).at('errors')).toEqual({ resolution: 'Resolution is required.' })
  const rest = {
    fields: { resolution: { name: "Won't Do" } },
    update: { comment: [{ add: { body: says('It is small.') } }] },
  }
  expect((await go('LEDG-1', '251', rest)).status).toBe(204)
  expect(await fieldsOf('LEDG-1')).toMatchObject({
    status: { name: 'Risk accepted' },
    resolution: { name: "Won't Do" },
    comment: { total: 2 },
  })
})

test.each([
  ['refused', 400, 0],
  ['ignored', 204, 0],
  ['accepted', 204, 1],
] as const)('without a screen a comment is %s, as the switch says', async (reading, status, more) => {
  simulator.switches.transitionCommentWithoutScreen = reading
  const moved = await go('SHOP-2', '21', { update: { comment: [{ add: { body: says('Hello') } }] } })
  expect(moved.status).toBe(status)
  expect(await fieldsOf('SHOP-2')).toMatchObject({ comment: { total: more } })
})

test('those who may only look have no transitions', async () => {
  const project = simulator.sim.projects.find((one) => one.key === 'LEDG')
  const yuki = simulator.users.find((one) => one.display_name === 'Yuki Brandt')
  project?.roles.set(yuki?.account_id ?? '', 'view')
  const ask = askAs(simulator, 'yuki')
  expect((await ask('GET', '/issue/LEDG-1/transitions')).at('transitions')).toEqual([])
  expect((await ask('POST', '/issue/LEDG-1/transitions', { transition: { id: '221' } })).status).toBe(400)
  expect((await ask('POST', '/issue/LEDG-1/comment', { body: says('Me too') })).status).toBe(403)
})
