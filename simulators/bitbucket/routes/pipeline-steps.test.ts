import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let step: string
const base = '/repositories/meadow-goods/ledger-core/pipelines/1/steps'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
  const { values } = await mara('GET', base)
  step = `${base}/${encodeURIComponent(String(at(values[0], 'uuid')))}`
})
afterAll(async () => await simulator.close())

test('a log comes whole, in parts, or not again', async () => {
  const whole = await mara('GET', `${step}/log`)
  expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
    200,
    'application/octet-stream',
    'bytes',
  ])
  expect(whole.text).toContain('+ mvn --batch-mode verify')
  const size = Buffer.byteLength(whole.text)
  const part = async (range: string) => await mara('GET', `${step}/log`, undefined, { range })
  const first = await part('bytes=0-9')
  expect([first.status, first.text, first.headers.get('content-range')]).toEqual([
    206,
    whole.text.slice(0, 10),
    `bytes 0-9/${size}`,
  ])
  expect((await part(`bytes=${size - 5}-`)).text).toBe(whole.text.slice(-5))
  expect((await part('bytes=-5')).text).toBe(whole.text.slice(-5))
  expect((await part(`bytes=4-${size * 2}`)).headers.get('content-range')).toBe(`bytes 4-${size - 1}/${size}`)
  const beyond = await part(`bytes=${size}-`)
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`])
  expect((await part('lines=1-2')).status).toBe(200)
  const etag = whole.headers.get('etag') ?? ''
  expect((await mara('GET', `${step}/log`, undefined, { 'if-none-match': etag })).status).toBe(304)
})

test('a log is bytes: who takes only JSON or text is answered 406, unless a switch says otherwise', async () => {
  const ask = async (accept: string) => (await mara('GET', `${step}/log`, undefined, { accept })).status
  for (const accept of ['application/json', 'text/plain', 'text/html, application/json'])
    expect([accept, await ask(accept)]).toEqual([accept, 406])
  for (const accept of ['*/*', 'application/octet-stream', 'application/json, */*;q=0.1'])
    expect([accept, await ask(accept)]).toEqual([accept, 200])
  simulator.switches.pipelines.logAccept = 'ignored'
  expect(await ask('application/json')).toBe(200)
  simulator.switches.pipelines.logAccept = 'checked'
})

test('the steps of a pipeline are on one page, whatever pagelen says', async () => {
  const all = await mara('GET', base)
  const few = await mara('GET', `${base}?pagelen=1`)
  expect(few.values).toHaveLength(Number(all.at('size')))
  expect(few.values.length).toBeGreaterThan(1)
})

test('logRedirect sends finished logs to storage, which wants no other credentials', async () => {
  const direct = await mara('GET', `${step}/log`)
  simulator.switches.pipelines.logRedirect = true
  const sent = await mara('GET', `${step}/log`)
  simulator.switches.pipelines.logRedirect = false
  const location = sent.headers.get('location') ?? ''
  expect(sent.status).toBe(307)
  expect(await (await fetch(location)).text()).toBe(direct.text)
  expect((await mara('GET', location)).status).toBe(400)
  expect((await fetch(location.replace(/signature=.*/, 'signature=none'))).status).toBe(403)
})

test('a step that has not run has no log and no report', async () => {
  const infra = '/repositories/meadow-goods/platform-infra/pipelines'
  const [paused] = (await mara('GET', `${infra}?status=PAUSED`)).values
  const steps = `${infra}/${String(at(paused, 'build_number'))}/steps`
  const waiting = (await mara('GET', steps)).values.at(-1)
  expect(at(waiting, 'state', 'stage', 'type')).toBe('pipeline_step_state_pending_paused')
  const uuid = String(at(waiting, 'uuid'))
  const log = await mara('GET', `${steps}/${encodeURIComponent(uuid)}/log`)
  expect([log.status, log.at('error', 'detail')]).toEqual([404, `Log in step ${uuid} does not exist.`])
  expect((await mara('GET', `${steps}/${encodeURIComponent(uuid)}/test_reports`)).status).toBe(404)
})

test('reports count what the cases say, and failed cases have reasons', async () => {
  const failed = (await mara('GET', '/repositories/meadow-goods/ledger-core/pipelines?status=FAILED')).values
  const tested = failed.map((one) => base.replace('/1/', `/${String(at(one, 'build_number'))}/`))
  for (const path of tested) {
    const [first] = (await mara('GET', path)).values
    const report = `${path}/${encodeURIComponent(String(at(first, 'uuid')))}/test_reports`
    const counts = await mara('GET', report)
    const cases = (await mara('GET', `${report}/test_cases?pagelen=100`)).values
    expect(counts.at('number_of_test_cases')).toBe(cases.length)
    const failures = cases.filter((one) => at(one, 'status') === 'FAILED')
    expect(counts.at('number_of_failed_test_cases')).toBe(failures.length)
    for (const one of failures) {
      const uuid = encodeURIComponent(String(at(one, 'uuid')))
      const reasons = await mara('GET', `${report}/test_cases/${uuid}/test_case_reasons`)
      expect(reasons.values).toHaveLength(1)
    }
  }
  expect(tested.length).toBeGreaterThan(0)
})
