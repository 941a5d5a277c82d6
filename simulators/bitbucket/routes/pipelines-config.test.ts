import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let yuki: Ask
let now = Date.UTC(2026, 10, 20, 12)
const base = '/repositories/meadow-goods/storefront-api'
const onMain = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, clock: () => now })
  mara = askAs(simulator, 'mara-lind')
  yuki = askAs(simulator, 'yuki-brandt')
})
afterAll(async () => await simulator.close())

const id = (value: unknown) => encodeURIComponent(String(value))

describe('variables', () => {
  test.each([
    ['of a repository', async () => `${base}/pipelines_config/variables`],
    ['of a workspace', async () => '/workspaces/meadow-goods/pipelines-config/variables'],
    [
      'of an environment',
      async () => {
        const [first] = (await mara('GET', `${base}/environments`)).values
        return `${base}/deployments_config/environments/${id(at(first, 'uuid'))}/variables`
      },
    ],
  ])('%s hide what is secured, keep keys apart and are for administrators', async (_name, address) => {
    const path = await address()
    const made = await mara('POST', `${path}/`, { key: 'KEY', value: 'sesame-open', secured: true })
    expect([made.status, made.at('key'), made.at('value')]).toEqual([201, 'KEY', undefined])
    expect(made.headers.get('location')).toBe(`${simulator.api}${path}/${id(made.at('uuid'))}`)
    const one = `${path}/${id(made.at('uuid'))}`
    expect((await mara('PUT', one, { secured: false })).status).toBe(400)
    const shown = await mara('PUT', one, { secured: false, value: 'open' })
    expect([shown.at('value'), shown.at('secured')]).toEqual(['open', false])
    expect((await mara('POST', path, { key: 'KEY', value: 'again' })).status).toBe(409)
    expect((await yuki('POST', path, { key: 'OTHER', value: 'x' })).status).toBe(403)
    expect((await yuki('GET', path)).text).not.toContain('sesame-open')
    expect((await mara('DELETE', one)).status).toBe(204)
    expect((await mara('DELETE', one)).status).toBe(404)
  })

  test('reach the log of a step: plain ones by value, secured ones by name', async () => {
    const variables = `${base}/pipelines_config/variables`
    await mara('POST', variables, { key: 'COLOUR', value: 'green' })
    await mara('POST', variables, { key: 'SECRET', value: 'sesame', secured: true })
    const definition = 'pipelines:\n  default:\n    - step: { script: [echo "$COLOUR ${SECRET} $NOBODY."] }\n'
    const query = 'target.type=pipeline_ref_target&target.ref_type=branch&target.ref_name=main'
    const type = { 'content-type': 'application/yaml' }
    const made = await mara('POST', `${base}/pipelines?${query}&target.selector.type=default`, definition, type)
    now += 10_000
    const steps = `${base}/pipelines/${id(made.at('uuid'))}/steps`
    const [step] = (await mara('GET', steps)).values
    const { text } = await mara('GET', `${steps}/${id(at(step, 'uuid'))}/log`)
    expect(text).toContain('\ngreen $SECRET .\n')
    expect(text).not.toContain('sesame\n')
  })
})

describe('schedules', () => {
  const body = {
    cron_pattern: '0 0 * * * ? *',
    target: { ...onMain, selector: { type: 'custom', pattern: 'security-scan' } },
  }

  test('start pipelines by the clock, while they are enabled', async () => {
    const made = await mara('POST', `${base}/pipelines_config/schedules`, body)
    expect([made.status, made.at('enabled'), made.at('target', 'ref_name')]).toEqual([201, true, 'main'])
    const schedule = `${base}/pipelines_config/schedules/${id(made.at('uuid'))}`
    now += 2 * 3_600_000
    const { values } = await mara('GET', `${schedule}/executions`)
    expect(values.map((one) => [at(one, 'type'), at(one, 'pipeline', 'trigger', 'name')])).toEqual([
      ['pipeline_schedule_execution_executed', 'SCHEDULED'],
      ['pipeline_schedule_execution_executed', 'SCHEDULED'],
    ])
    await mara('PUT', schedule, { enabled: false })
    now += 5 * 3_600_000
    expect((await mara('GET', `${schedule}/executions`)).values).toHaveLength(2)
    await mara('PUT', `${base}/pipelines_config`, { enabled: false })
    await mara('PUT', schedule, { enabled: true })
    now += 3_600_000
    const last = (await mara('GET', `${schedule}/executions`)).values.at(-1)
    expect([at(last, 'type'), at(last, 'error', 'key')]).toEqual([
      'pipeline_schedule_execution_errored',
      'result-service.pipeline.not-enabled',
    ])
    await mara('PUT', `${base}/pipelines_config`, { enabled: true })
    expect((await mara('DELETE', schedule)).status).toBe(204)
  })

  test('are limited in number', async () => {
    simulator.switches.pipelines.schedulesPerRepository = 1
    const first = await mara('POST', `${base}/pipelines_config/schedules`, { ...body, enabled: false })
    expect((await mara('POST', `${base}/pipelines_config/schedules`, body)).status).toBe(401)
    await mara('DELETE', `${base}/pipelines_config/schedules/${id(first.at('uuid'))}`)
  })

  test.each([
    { ...body, cron_pattern: '* * * * *' },
    { ...body, target: { ...body.target, ref_type: 'tag' } },
    { ...body, target: { ...body.target, ref_name: 'nowhere' } },
    { ...body, target: onMain },
  ])('%j is refused', async (wrong) => {
    expect((await mara('POST', `${base}/pipelines_config/schedules`, wrong)).status).toBe(400)
  })
})

test('the next build number only goes up', async () => {
  const path = `${base}/pipelines_config/build_number`
  expect((await mara('PUT', path, { next: 500 })).body).toEqual({ type: 'pipeline_build_number', next: 500 })
  const made = await mara('POST', `${base}/pipelines`, { target: onMain })
  expect(made.at('build_number')).toBe(500)
  expect((await mara('PUT', path, { next: 500 })).status).toBe(400)
})

test('an environment has twelve fields, another name when asked, and goes', async () => {
  const made = await mara('POST', `${base}/environments/`, {
    name: 'Canary North',
    environment_type: { type: 'deployment_environment_type', name: 'Staging' },
  })
  expect(made.body).toEqual({
    type: 'deployment_environment',
    uuid: made.at('uuid'),
    name: 'Canary North',
    slug: 'canary-north',
    rank: 1,
    category: { name: 'Staging' },
    environment_type: { type: 'deployment_environment_type', name: 'Staging', rank: 1 },
    environment_lock_enabled: true,
    lock: { type: 'deployment_environment_lock_open', name: 'OPEN' },
    deployment_gate_enabled: false,
    restrictions: { type: 'deployment_restrictions_configuration', admin_only: false },
    hidden: false,
  })
  const one = `${base}/environments/${id(made.at('uuid'))}`
  expect((await mara('POST', `${one}/changes/`, { change: { restrictions: { admin_only: true } } })).status).toBe(202)
  expect((await mara('POST', `${one}/changes/`, { change: { name: 'Test' } })).status).toBe(409)
  expect((await mara('GET', one)).at('restrictions', 'admin_only')).toBe(true)
  expect((await mara('DELETE', one)).status).toBe(204)
  expect((await mara('GET', one)).status).toBe(404)
})

test('known hosts have the fingerprints that ssh shows; private keys stay inside', async () => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
  const host = await mara('POST', `${base}/pipelines_config/ssh/known_hosts`, {
    hostname: 'git.example',
    public_key: { key_type: 'ssh-ed25519', key },
  })
  expect(host.at('public_key', 'sha256_fingerprint')).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
  expect(host.at('public_key', 'md5_fingerprint')).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/)
  await mara('PUT', `${base}/pipelines_config/ssh/key_pair`, { private_key: 'inside', public_key: 'ssh-ed25519 AAAA' })
  expect((await mara('GET', `${base}/pipelines_config/ssh/key_pair`)).body).toEqual({
    type: 'pipeline_ssh_key_pair',
    public_key: 'ssh-ed25519 AAAA',
  })
})

describe('deployments', () => {
  test('tell the environment by UUID, and more of it when fields ask', async () => {
    const usual = await mara('GET', `${base}/deployments/?pagelen=100`)
    expect(usual.values.map((one) => Object.keys(Object(at(one, 'environment'))))).toContainEqual(['type', 'uuid'])
    const asked = await mara('GET', `${base}/deployments/?fields=values.environment.name,values.release.name`)
    expect(asked.values[0]).toEqual({
      environment: { name: expect.stringMatching(/^(Test|Staging|Production)$/) },
      release: { name: expect.stringMatching(/^#\d+$/) },
    })
  })

  test('come by step unless sorted; one environment’s alone when asked', async () => {
    const steps = (await mara('GET', `${base}/deployments?pagelen=100`)).values.map((one) =>
      String(at(one, 'step', 'uuid')),
    )
    expect(steps).toEqual(steps.toSorted((one, other) => (one < other ? -1 : 1)))
    const [production] = (await mara('GET', `${base}/environments`)).values.slice(-1)
    const query = `environment=${id(at(production, 'uuid'))}&sort=-state.completed_on&pagelen=100`
    const { values } = await mara('GET', `${base}/deployments?${query}`)
    expect(new Set(values.map((one) => at(one, 'environment', 'uuid')))).toEqual(new Set([at(production, 'uuid')]))
    const ended = values.map((one) => at(one, 'state', 'completed_on')).filter((date) => date !== undefined)
    expect(ended).toEqual(ended.toSorted().toReversed())
    // The past of the seed: one that failed, a hotfix after it, and a release that went out twice.
    expect(values.map((one) => at(one, 'state', 'status', 'name'))).toContain('FAILED')
    const names = values.map((one) => at(one, 'release', 'name'))
    expect(new Set(names).size).toBe(names.length - 1)
    expect((await mara('GET', `${base}/deployments?sort=name`)).status).toBe(400)
  })
})

describe('pushes and merges', () => {
  const pipelines = async () => (await mara('GET', `${base}/pipelines?sort=-created_on&pagelen=2`)).values
  const newest = async () => (await pipelines())[0]

  test('a new branch and a merge start pipelines, each of its own part of the file', async () => {
    await mara('POST', `${base}/refs/branches`, { name: 'feature/fresh', target: { hash: 'main' } })
    expect(at(await newest(), 'target')).toMatchObject({ ref_name: 'feature/fresh', selector: { type: 'default' } })
    const [pull] = (await mara('GET', `${base}/pullrequests`)).values
    const merged = await mara('POST', `${base}/pullrequests/${String(at(pull, 'id'))}/merge`, {})
    expect(merged.status).toBe(200)
    const made = await newest()
    expect(at(made, 'target')).toMatchObject({
      ref_name: 'main',
      selector: { type: 'branches', pattern: 'main' },
    })
    const head = String(merged.at('merge_commit', 'hash')).slice(0, 12)
    expect(String(at(made, 'target', 'commit', 'hash')).slice(0, 12)).toBe(head)
    expect([at(made, 'trigger', 'name'), at(made, 'creator', 'display_name')]).toEqual(['PUSH', 'Mara Lind'])
  })

  test('not while startOnPush is off, or pipelines are', async () => {
    const before = at(await newest(), 'build_number')
    simulator.switches.pipelines.startOnPush = false
    await mara('POST', `${base}/refs/branches`, { name: 'feature/quiet', target: { hash: 'main' } })
    simulator.switches.pipelines.startOnPush = true
    await mara('PUT', `${base}/pipelines_config`, { enabled: false })
    await mara('POST', `${base}/refs/branches`, { name: 'feature/quieter', target: { hash: 'main' } })
    await mara('PUT', `${base}/pipelines_config`, { enabled: true })
    expect(at(await newest(), 'build_number')).toBe(before)
  })
})
