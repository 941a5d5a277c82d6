import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const base = '/repositories/meadow-goods/amber-worker'
const file = 'bitbucket-pipelines.yml'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1 })
  mara = askAs(simulator, 'mara-lind')
  await mara('PUT', `${base}/pipelines_config`, { enabled: true })
})
afterAll(async () => await simulator.close())

async function commit(branch: string, message: string, files: Record<string, string>): Promise<void> {
  const form = new URLSearchParams({ branch, message, ...files }).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const reply = await mara('POST', `${base}/src`, form, type)
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)])
}

const newest = async () => (await mara('GET', `${base}/pipelines?sort=-created_on&pagelen=100`)).values

test('a tree without the file starts nothing, with it a pipeline, a broken one an error on the commit', async () => {
  await commit('main', 'Words', { 'words.txt': 'one' })
  expect(await newest()).toEqual([])
  await commit('main', 'Build', { [file]: 'pipelines:\n  default:\n    - step: { script: [make] }\n' })
  expect((await newest()).map((one) => at(one, 'target', 'ref_name'))).toEqual(['main'])
  await commit('main', 'Break', { [file]: 'pipelines: [' })
  const [broken] = await newest()
  expect(at(broken, 'state', 'result')).toMatchObject({ name: 'ERROR', error: { key: 'plan-service.parse.invalid' } })
  const hash = String(at(broken, 'target', 'commit', 'hash'))
  const statuses = (await mara('GET', `${base}/commit/${hash}/statuses`)).values
  expect(statuses.map((one) => at(one, 'state'))).toEqual(['FAILED'])
})

test('a commit can ask for silence', async () => {
  const before = (await newest()).length
  const good = 'pipelines:\n  default:\n    - step: { script: [make] }\n'
  await commit('main', 'Mend [skip ci]', { [file]: good })
  expect(await newest()).toHaveLength(before)
})

test('pull requests have pipelines of their own: when they are made and whenever their branch moves', async () => {
  const both = `pipelines:
  default:
    - step: { script: [make] }
  pull-requests:
    'topic/*':
      - step: { name: Review, script: [make check] }
`
  await mara('POST', `${base}/refs/branches`, { name: 'topic/one', target: { hash: 'main' } })
  await commit('topic/one', 'Review [skip ci]', { [file]: both })
  const before = (await newest()).length
  const made = await mara('POST', `${base}/pullrequests`, { title: 'One', source: { branch: { name: 'topic/one' } } })
  const kinds = async () =>
    (await newest()).slice(0, (await newest()).length - before).map((one) => at(one, 'target', 'type'))
  expect(await kinds()).toEqual(['pipeline_pullrequest_target'])
  await commit('topic/one', 'More', { 'words.txt': 'two' })
  expect((await kinds()).toSorted()).toEqual([
    'pipeline_pullrequest_target',
    'pipeline_pullrequest_target',
    'pipeline_ref_target',
  ])
  const [latest] = await newest()
  expect(at(latest, 'target')).toMatchObject({
    source: 'topic/one',
    destination: 'main',
    pullrequest: { id: made.at('id') },
    selector: { type: 'pull-requests', pattern: 'topic/*' },
  })
})
