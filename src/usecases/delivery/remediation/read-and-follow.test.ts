import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillRepository } from '../../../../test/fill-repository.ts'
import { insertProblem } from '../../../../test/insert-problem.ts'
import { createReadingWorld, type ReadingWorld } from '../../../../test/reading-world.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'

let world: ReadingWorld
let repository: ReturnType<typeof fillRepository>
beforeAll(async () => {
  world = await createReadingWorld()
  repository = fillRepository(world.simulator, 'storefront-api', 20)
  await world.read()
})
afterAll(() => world.close())

/** A webhook for the comment, then what the feeds say of it, then everything that is worked out of that. */
async function settle(): Promise<void> {
  await world.simulator.flush()
  await world.settle()
  await world.read()
  await computeChangedFigures(world.deps)
  while ((await computeChangedDeployments(world.deps)) > 0);
  while ((await followChangedVulnerabilities(world.deps)) > 0);
}
/** Nobody tells of a task by a webhook: the daily look at all that is heard by webhooks does. */
async function settleTasks(): Promise<void> {
  world.later(25 * 3600_000)
  await settle()
}
const numberOf = async (id: string): Promise<number> => {
  const row = await world.db.selectFrom('vulnerability').select('number').where('id', '=', id).executeTakeFirstOrThrow()
  return row.number
}
const flowOf = (id: string) => getVulnerabilityFlow(world.deps, { organizationId: world.ids.organizationId, id })

test('a developer names the key in a comment in Bitbucket, and the pull request stands in the flow, whatever else is written there', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const number = await numberOf(id)
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const raw = `\u202eDone here: weir-${number}!\n<script>alert(1)</script> ${'WEIR-'.repeat(2000)} WEIR-${number}9 ' or 1=1 --`
  await world.dana.call('POST', `/pullrequests/${open?.id}/comments`, { content: { raw } })
  await settle()
  const flow = await flowOf(id)
  expect(flow.links).toMatchObject([{ number: open?.id, state: 'open', rules: ['comment'], is_last: true }])
  expect(flow).toMatchObject({
    merged_at: null,
    deployed_at: null,
    stages: { lead: null },
    exposure: { is_over: false },
  })
  const kept = await world.db.selectFrom('pull_request_event').select('keys').where('kind', '=', 'comment').execute()
  expect(kept.flatMap(({ keys }) => keys).toSorted()).toEqual([`WEIR-${number}`, `WEIR-${number}9`])
})

test('a comment that is deleted links no more', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const content = { raw: `Mends WEIR-${await numberOf(id)}` }
  const comment = await world.dana.call('POST', `/pullrequests/${open?.id}/comments`, { content })
  await settle()
  expect((await flowOf(id)).links).toHaveLength(1)
  await world.dana.call('DELETE', `/pullrequests/${open?.id}/comments/${comment.id}`)
  await settle()
  expect((await flowOf(id)).links).toEqual([])
})

test('a comment links by what stands in it now: a key that is edited out links no more, one that is edited in does', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const other = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const edit = async (raw: string, path: string, method: string) =>
    world.dana.call(method, `/pullrequests/${open?.id}/comments${path}`, { content: { raw } })
  const comment = await edit(`Mends WEIR-${await numberOf(id)}`, '', 'POST')
  await settle()
  expect((await flowOf(id)).links).toMatchObject([{ number: open?.id, rules: ['comment'] }])
  await edit(`Mends WEIR-${await numberOf(other)}`, `/${comment.id}`, 'PUT')
  await settle()
  expect((await flowOf(id)).links).toEqual([])
  expect((await flowOf(other)).links).toMatchObject([{ number: open?.id, rules: ['comment'] }])
  await edit('Mends nothing', `/${comment.id}`, 'PUT')
  await settle()
  expect((await flowOf(other)).links).toEqual([])
})

test('a developer names the key in a task, which is read with one request where the pull request changed, and with none elsewhere', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const number = await numberOf(id)
  world.asked()
  await settle()
  expect(world.asked().filter((path) => path.includes('/tasks'))).toEqual([])
  const task = await world.dana.call('POST', `/pullrequests/${open?.id}/tasks`, {
    content: { raw: `Escape it, see WEIR-${number} <b>\u202e` },
  })
  await settleTasks()
  expect(world.asked().filter((path) => path.includes('/tasks'))).toEqual([
    `~/pullrequests/${open?.id}/tasks?pagelen=100`,
  ])
  expect((await flowOf(id)).links).toMatchObject([{ number: open?.id, rules: ['task'], certainty: 'said' }])
  await settleTasks()
  expect(world.asked().filter((path) => path.includes('/tasks'))).toEqual([])
  await world.dana.call('DELETE', `/pullrequests/${open?.id}/tasks/${task.id}`)
  await settleTasks()
  expect((await flowOf(id)).links).toEqual([])
})

test('a task that Weir itself put on its thread links nothing, whatever the title of the vulnerability names', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const key = `WEIR-${await numberOf(id)}`
  const { path } = await world.sendProblem({ title: `Built like ${key}` })
  const own: { values: { content: { raw: string } }[] } = await world.dana.call('GET', `${path}/tasks`)
  expect(own.values.map(({ content }) => content.raw).join()).toContain(key)
  world.asked()
  await settleTasks()
  expect(world.asked()).toContain(`~${path}/tasks?pagelen=100`)
  expect((await flowOf(id)).links).toEqual([])
})

test('reading all of it again from what was kept changes no link', async () => {
  const links = async () =>
    world.db.selectFrom('remediation_link').select(['vulnerability_id', 'pull_request_id', 'rules']).execute()
  const before = await links()
  expect(before.length).toBeGreaterThan(0)
  await world.db
    .insertInto('pull_request_to_read')
    .columns(['organization_id', 'pull_request_id'])
    .expression(world.db.selectFrom('pull_request').select(['organization_id', 'id']))
    .execute()
  await settle()
  expect(await links()).toEqual(before)
})

test('a key is found in a task beyond the first hundred', async () => {
  const id = await insertProblem({ ...world, newId: world.deps.newId }, {})
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const number = await numberOf(id)
  for (let task = 0; task < 101; task += 1) {
    const content = { raw: task === 100 ? `See WEIR-${number}` : `Part ${task}` }
    await world.dana.call('POST', `/pullrequests/${open?.id}/tasks`, { content })
  }
  world.asked()
  await settleTasks()
  expect(world.asked().filter((path) => path.includes('/tasks'))).toHaveLength(2)
  expect((await flowOf(id)).links).toMatchObject([{ number: open?.id, rules: ['task'] }])
})
