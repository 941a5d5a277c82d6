import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs } from './try-api.ts'

let simulator: Simulator
let tomas: Ask

beforeAll(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
})
afterAll(async () => await simulator.close())

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)

test.each([
  '('.repeat(100_000),
  'not '.repeat(100_000),
  '!'.repeat(100_000),
  nested('(', ')', 101),
  `${'not ('.repeat(60)}project = SHOP${')'.repeat(60)}`,
])('JQL nested without end is refused', async (jql) => {
  const reply = await tomas('POST', '/search/jql', { jql })
  expect([reply.status, reply.at('errorMessages')]).toEqual([400, ['Error in the JQL Query: It is nested too deeply.']])
})

test('JQL that somebody may mean is read', async () => {
  const jql = `${'('.repeat(50)}project = SHOP${')'.repeat(50)}`
  expect((await tomas('POST', '/search/jql', { jql })).status).toBe(200)
})

test.each([['['.repeat(100_000)], [nested('[', ']', 100_000)], [`{"fields":${nested('[', ']', 5000)}}`]])(
  'a body nested without end is bad JSON',
  async (body) => {
    const reply = await tomas('POST', '/issue', body)
    expect([reply.status, reply.at('errorMessages')]).toEqual([
      400,
      ['There was an error parsing JSON. Check that your request body is valid.'],
    ])
    expect((await tomas('PUT', '/issue/SHOP-1/properties/deep', body)).status).toBe(400)
  },
)

test('a document nested without end is no document', async () => {
  const deep = Array.from({ length: 120 }).reduce<unknown>((inner) => ({ type: 'blockquote', content: [inner] }), {
    type: 'paragraph',
  })
  const body = { type: 'doc', version: 1, content: [deep] }
  expect((await tomas('POST', '/issue/SHOP-1/comment', { body })).status).toBe(400)
})

test('writing to issues that are not there makes no budgets without end', async () => {
  await tomas('PUT', '/issue/NONE-1', {})
  const before = simulator.sim.usage.size
  for (const name of ['NONE-2', 'NONE-3', 'x']) expect((await tomas('PUT', `/issue/${name}`, {})).status).toBe(404)
  expect(simulator.sim.usage.size).toBe(before)
})
