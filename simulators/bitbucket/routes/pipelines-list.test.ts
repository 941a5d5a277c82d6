import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const base = '/repositories/meadow-goods/invoice-service'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

describe('the list of pipelines', () => {
  const numbers = (values: unknown[]) => values.map((one) => Number(at(one, 'build_number')))

  test('is oldest first, takes its own parameters and forgets `fields` in its links', async () => {
    const all = await mara('GET', `${base}/pipelines/?pagelen=3&fields=values.build_number,next,size`)
    expect(numbers(all.values)).toEqual([1, 2, 3])
    expect(all.at('next')).toMatch(/\/pipelines\/\?pagelen=3&page=2$/)
    const newest = await mara('GET', `${base}/pipelines?sort=-created_on&pagelen=2`)
    expect(numbers(newest.values)).toEqual([Number(all.at('size')), Number(all.at('size')) - 1])
    expect((await mara('GET', `${base}/pipelines?sort=-build_number`)).status).toBe(400)
  })

  test.each([
    ['status=FAILED', (one: unknown) => at(one, 'state', 'result', 'name') === 'FAILED'],
    ['status=passed&trigger_type=PUSH', (one: unknown) => at(one, 'trigger', 'name') === 'PUSH'],
    ['status=STOPPED&status=ERROR', (one: unknown) => /STOPPED|ERROR/.test(String(at(one, 'state', 'result', 'name')))],
    ['target.branch=main', (one: unknown) => at(one, 'target', 'ref_name') === 'main'],
    [
      'target.ref_type=BRANCH&target.ref_name=feature/pdf',
      (one: unknown) => at(one, 'target', 'ref_name') === 'feature/pdf',
    ],
    [
      'target.selector.type=CUSTOM&target.selector.pattern=security-scan',
      (one: unknown) => at(one, 'target', 'selector', 'pattern') === 'security-scan',
    ],
    ['trigger_type=SCHEDULED', (one: unknown) => at(one, 'trigger', 'type') === 'pipeline_trigger_schedule'],
  ])('?%s', async (query, fits) => {
    const { values } = await mara('GET', `${base}/pipelines?pagelen=100&${query}`)
    expect(values.length).toBeGreaterThan(0)
    expect(values.every(fits)).toBe(true)
  })

  test('by commit, creator and day; a status that does not exist finds nothing', async () => {
    const [first] = (await mara('GET', `${base}/pipelines?pagelen=1`)).values
    const hash = String(at(first, 'target', 'commit', 'hash'))
    const query = new URLSearchParams({
      'target.commit.hash': hash.slice(0, 12),
      'creator.uuid': String(at(first, 'creator', 'uuid')),
      created_on: String(at(first, 'created_on')).slice(0, 10),
    })
    expect(numbers((await mara('GET', `${base}/pipelines?${query}`)).values)).toContain(1)
    const none = await mara('GET', `${base}/pipelines?status=GREEN`)
    expect([none.status, none.values, none.at('size')]).toEqual([200, [], 0])
  })

  test('times end in Z: pipelines without zeros at the end, steps with nanoseconds', async () => {
    const [first] = (await mara('GET', `${base}/pipelines?pagelen=1`)).values
    expect(at(first, 'created_on')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{0,5}[1-9]Z$/)
    const [step] = (await mara('GET', `${base}/pipelines/1/steps`)).values
    expect(at(step, 'started_on')).toMatch(/\.\d{9}Z$/)
  })
})
