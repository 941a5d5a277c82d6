import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs, asker } from '../try-api.ts'

let simulator: Simulator
let receiver: Receiver
let mara: Ask
let tomas: Ask
let now = Date.UTC(2026, 10, 20, 12)
const base = '/repositories/meadow-goods/invoice-service'
const onMain = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 1, clock: () => now })
  receiver = await openReceiver()
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  await mara('POST', `${base}/hooks`, {
    url: receiver.url,
    events: ['repo:commit_status_created', 'repo:commit_status_updated'],
  })
})
afterEach(async () => {
  await simulator.flush()
  receiver.caught.length = 0
  Object.assign(simulator.switches, defaultSwitches())
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function start(more: Record<string, unknown> = {}): Promise<string> {
  const reply = await tomas('POST', `${base}/pipelines/`, { target: onMain, ...more })
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)])
  return encodeURIComponent(String(reply.at('uuid')))
}

async function stateOf(pipeline: string) {
  const { at: read } = await mara('GET', `${base}/pipelines/${pipeline}`)
  return [read('state', 'name'), read('state', 'stage', 'name') ?? read('state', 'result', 'name')]
}

async function stepsOf(pipeline: string) {
  const { values } = await mara('GET', `${base}/pipelines/${pipeline}/steps/`)
  return values.map((step) => [at(step, 'name'), at(step, 'state', 'name'), at(step, 'state', 'result', 'name')])
}

const variable = (key: string, value: string) => ({ key, value })

describe('a pipeline goes by the clock', () => {
  test('pending, in progress, completed, with statuses, deployments and their webhooks', async () => {
    const pipeline = await start()
    expect(await stateOf(pipeline)).toEqual(['PENDING', undefined])
    expect(await stepsOf(pipeline)).toEqual([
      ['Build and test', 'PENDING', undefined],
      ['Deploy to test', 'PENDING', undefined],
      ['Deploy to staging', 'PENDING', undefined],
      ['Deploy to production', 'PENDING', undefined],
    ])
    now += 1500
    expect(await stateOf(pipeline)).toEqual(['IN_PROGRESS', 'RUNNING'])
    now += 2000
    expect((await stepsOf(pipeline)).map(([, name]) => name)).toEqual([
      'COMPLETED',
      'IN_PROGRESS',
      'PENDING',
      'PENDING',
    ])
    const waiting = await mara('GET', `${base}/deployments?sort=-state.started_on&pagelen=3`)
    expect(waiting.values.map((one) => at(one, 'state', 'name'))).toEqual(['UNDEPLOYED', 'UNDEPLOYED', 'IN_PROGRESS'])
    const environments = await mara('GET', `${base}/environments/`)
    expect(environments.values.map((one) => [at(one, 'slug'), at(one, 'lock', 'name')])).toEqual([
      ['test', 'LOCKED'],
      ['staging', 'OPEN'],
      ['production', 'OPEN'],
    ])
    now += 10_000
    expect(await stateOf(pipeline)).toEqual(['COMPLETED', 'SUCCESSFUL'])
    const done = await mara('GET', `${base}/pipelines/${pipeline}`)
    expect([done.at('duration_in_seconds'), done.at('build_seconds_used'), done.at('trigger', 'type')]).toEqual([
      8,
      8,
      'pipeline_trigger_manual',
    ])
    const hash = String(done.at('target', 'commit', 'hash'))
    const statuses = await mara('GET', `${base}/commit/${hash}/statuses`)
    // The key of a branch's status is Java's hash of its name.
    expect(statuses.values.find((one) => at(one, 'key') === '3343801')).toMatchObject({
      state: 'SUCCESSFUL',
      refname: 'main',
      name: `Pipeline #${String(done.at('build_number'))} for main`,
    })
    await simulator.flush()
    const sent = receiver.caught.map(({ headers, body }) => [
      headers['x-event-key'],
      at(body, 'commit_status', 'state'),
    ])
    // The commit had one of the past already: the same key overwrites.
    expect(sent).toEqual([
      ['repo:commit_status_updated', 'INPROGRESS'],
      ['repo:commit_status_updated', 'SUCCESSFUL'],
    ])
    const latest = await mara('GET', `${base}/deployments?sort=-state.completed_on&pagelen=1`)
    const [deployment] = latest.values
    expect(deployment).toMatchObject({
      type: 'deployment',
      state: { type: 'deployment_state_completed', status: { name: 'SUCCESSFUL' } },
      release: { name: `#${String(done.at('build_number'))}`, commit: { hash }, pipeline: { uuid: done.at('uuid') } },
      deployable: { key: `pipelines-${String(done.at('uuid'))}` },
    })
    expect(at(deployment, 'environment', 'name')).toBeUndefined()
  })

  test('webhooks of a pipeline go out when nobody asks for it', async () => {
    simulator.switches.pipelines = { ...defaultSwitches().pipelines, pendingMs: 0, stepMs: 0 }
    await start({ target: { ...onMain, selector: { type: 'custom', pattern: 'security-scan' } } })
    await expect.poll(() => receiver.caught.length, { timeout: 5000 }).toBe(2)
    expect(receiver.caught.map(({ body }) => at(body, 'commit_status', 'state'))).toEqual(['INPROGRESS', 'SUCCESSFUL'])
  })

  test.each([
    ['FAILED', 'Deploy to staging', 'FAILED', 'FAILED'],
    ['ERROR', '1', 'ERROR', 'FAILED'],
    ['STOPPED', '1', 'STOPPED', 'STOPPED'],
    ['EXPIRED', '2', 'EXPIRED', 'FAILED'],
  ])('variables let it end %s at step %s', async (result, step, ends, status) => {
    const variables = [variable('SIMULATOR_RESULT', result), variable('SIMULATOR_STEP', step)]
    const pipeline = await start({ variables })
    now += 60_000
    expect(await stateOf(pipeline)).toEqual(['COMPLETED', ends])
    const steps = await stepsOf(pipeline)
    const at_ = step === 'Deploy to staging' ? 2 : Number(step) - 1
    expect(steps.map(([, , how]) => how)).toEqual(
      steps.map((_one, index) => (index < at_ ? 'SUCCESSFUL' : index === at_ ? result : 'NOT_RUN')),
    )
    await simulator.flush()
    expect(at(receiver.caught.at(-1)?.body, 'commit_status', 'state')).toBe(status)
  })

  test('two that deploy to one place wait for each other', async () => {
    const first = await start({ target: { ...onMain, selector: { type: 'custom', pattern: 'hotfix' } } })
    now += 1000
    const second = await start({ target: { ...onMain, selector: { type: 'custom', pattern: 'hotfix' } } })
    now += 2500
    await stateOf(first)
    simulator.switches.pipelines = { ...defaultSwitches().pipelines, stepMs: 60_000 }
    now += 500
    expect((await stepsOf(first)).map(([, name]) => name)).toEqual(['COMPLETED', 'IN_PROGRESS'])
    now += 500
    expect(await stateOf(second)).toEqual(['IN_PROGRESS', 'HALTED'])
    simulator.switches.pipelines = defaultSwitches().pipelines
    now += 300_000
    expect([await stateOf(first), await stateOf(second)]).toEqual([
      ['COMPLETED', 'SUCCESSFUL'],
      ['COMPLETED', 'SUCCESSFUL'],
    ])
  })

  test('stopping ends it at once, and only once', async () => {
    const pipeline = await start()
    now += 1500
    expect((await tomas('POST', `${base}/pipelines/${pipeline}/stopPipeline`)).status).toBe(204)
    const { at: read } = await mara('GET', `${base}/pipelines/${pipeline}`)
    expect([read('state', 'result', 'name'), read('state', 'result', 'terminator', 'display_name')]).toEqual([
      'STOPPED',
      'Tomas Okoye',
    ])
    expect((await stepsOf(pipeline)).map(([, , how]) => how)).toEqual(['STOPPED', 'NOT_RUN', 'NOT_RUN', 'NOT_RUN'])
    const again = await tomas('POST', `${base}/pipelines/${pipeline}/stopPipeline`)
    expect([again.status, again.at('error', 'detail')]).toEqual([400, 'The specified pipeline has already completed.'])
  })
})

describe('what can be started', () => {
  test('a pull request, a commit, a tag and a definition of one’s own', async () => {
    const pulls = await mara('GET', `${base}/pullrequests`)
    const [pull] = pulls.values
    const commit = String(at(pull, 'source', 'commit', 'hash'))
    const definition = `pipelines:
  pull-requests:
    '**':
      - step: { name: Review, script: [echo "hello $WHO"] }
  tags:
    '*':
      - step: { script: [make] }
`
    const yaml = { 'content-type': 'application/yaml' }
    const parameters = `target.type=pipeline_pullrequest_target&target.pullrequest.id=${String(at(pull, 'id'))}&variables[0].key=WHO&variables[0].value=you`
    const made = await tomas('POST', `${base}/pipelines?${parameters}`, definition, yaml)
    expect([made.status, made.at('target')]).toEqual([
      201,
      expect.objectContaining({
        type: 'pipeline_pullrequest_target',
        selector: { type: 'pull-requests', pattern: '**' },
        pullrequest: expect.objectContaining({ id: at(pull, 'id') }),
      }),
    ])
    expect(String(made.at('target', 'commit', 'hash')).startsWith(commit)).toBe(true)
    const tag = await tomas(
      'POST',
      `${base}/pipelines?target.type=pipeline_ref_target&target.ref_type=tag&target.ref_name=2026.7`,
      definition,
      yaml,
    )
    expect(tag.at('target', 'selector', 'type')).toBe('tags')
    const direct = await tomas('POST', `${base}/pipelines`, {
      target: {
        type: 'pipeline_commit_target',
        commit: { hash: commit },
        selector: { type: 'custom', pattern: 'hotfix' },
      },
    })
    expect(direct.at('target')).toMatchObject({ type: 'pipeline_commit_target', selector: { pattern: 'hotfix' } })
    now += 60_000
    const pipeline = encodeURIComponent(String(made.at('uuid')))
    const [step] = (await mara('GET', `${base}/pipelines/${pipeline}/steps`)).values
    const log = await mara(
      'GET',
      `${base}/pipelines/${pipeline}/steps/${encodeURIComponent(String(at(step, 'uuid')))}/log`,
    )
    expect(log.text).toContain('hello you')
  })

  test.each([
    [{ target: { ...onMain, ref_name: 'nowhere' } }, 'result-service.pipeline.revision-not-found'],
    [
      { target: { ...onMain, selector: { type: 'custom', pattern: 'nothing' } } },
      'result-service.pipeline.selector-not-found',
    ],
  ])('%j is refused', async (body, key) => {
    const reply = await tomas('POST', `${base}/pipelines`, body)
    expect([reply.status, reply.at('error', 'data', 'key'), reply.at('data', 'key')]).toEqual([400, key, key])
  })

  test('nothing where pipelines are off, the file is missing or broken, or the caller may only read', async () => {
    const small = '/repositories/meadow-goods/amber-worker'
    const off = await tomas('POST', `${small}/pipelines`, { target: onMain })
    expect([off.status, off.at('data', 'key')]).toEqual([400, 'result-service.pipeline.not-enabled'])
    expect((await mara('GET', `${small}/pipelines_config`)).status).toBe(404)
    await mara('PUT', `${small}/pipelines_config`, { enabled: true })
    expect((await mara('GET', `${small}/environments`)).values.map((one) => at(one, 'name'))).toEqual([
      'Test',
      'Staging',
      'Production',
    ])
    const missing = await tomas('POST', `${small}/pipelines`, { target: onMain })
    expect(missing.at('data', 'key')).toBe('result-service.pipeline.yml-not-found')
    const yaml = { 'content-type': 'application/yaml' }
    const parameters = 'target.type=pipeline_ref_target&target.ref_type=branch&target.ref_name=main'
    const broken = await tomas('POST', `${small}/pipelines?${parameters}`, 'pipelines: [', yaml)
    expect([broken.status, broken.at('data', 'key')]).toEqual([400, 'plan-service.parse.invalid'])
    const elsewhere = `pipelines:\n  default:\n    - step: { name: Ship, deployment: Moon, script: [a] }\n`
    const lost = await tomas('POST', `${small}/pipelines?${parameters}`, elsewhere, yaml)
    expect([lost.status, lost.at('state', 'result', 'name')]).toEqual([201, 'ERROR'])
    expect(lost.at('state', 'result', 'error', 'message')).toContain("'Moon' in your step 'Ship'")
    const reader = await asker(simulator, undefined)('POST', `${base}/pipelines`, { target: onMain })
    expect(reader.status).toBe(401)
  })

  test('secured variables are never shown', async () => {
    const made = await tomas('POST', `${base}/pipelines`, {
      target: { ...onMain, selector: { type: 'custom', pattern: 'security-scan' } },
      variables: [
        { key: 'A', value: 'open' },
        { key: 'B', value: 'hidden-value', secured: true },
      ],
    })
    expect(made.at('variables')).toEqual([
      { type: 'pipeline_variable', key: 'A', value: 'open', secured: false },
      { type: 'pipeline_variable', key: 'B', secured: true },
    ])
    expect(made.text).not.toContain('hidden-value')
  })
})
