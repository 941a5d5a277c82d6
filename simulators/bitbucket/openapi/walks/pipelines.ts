import { testCaseUuid } from '../../render/pipeline.ts'
import type { Step, Walk } from '../walk.ts'

const noTest = { name: '', status: 'ERROR', durationMs: 0, reason: null } as const

const repository = '/repositories/:workspace/:slug'
const pipelines = `${repository}/pipelines`
const one = `${pipelines}/:pipeline`
const step = `${one}/steps/:step`
const config = `${repository}/pipelines_config`
const caches = `${repository}/pipelines-config/caches`
const nobody = '{00000000-0000-4000-8000-000000000000}'
const branch = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }

const runs: Step[] = [
  { method: 'GET', path: pipelines, query: 'sort=-created_on&pagelen=100&target.branch=main' },
  { method: 'GET', path: pipelines, query: 'status=PASSED&trigger_type=PUSH' },
  { method: 'GET', path: pipelines, query: 'sort=build_number', status: 400 },
  { method: 'GET', path: pipelines, as: 'piet-oosten', status: 403 },
  { method: 'POST', path: pipelines, body: { target: branch }, status: 201, keep: { pipeline: ['uuid'] } },
  { method: 'POST', path: pipelines, body: { target: { type: 'other' } }, status: 400 },
  { method: 'POST', path: pipelines, body: { target: { ...branch, ref_name: 'none' } }, status: 400 },
  {
    method: 'POST',
    path: pipelines,
    body: { target: { ...branch, selector: { type: 'custom', pattern: 'none' } } },
    status: 400,
  },
  { method: 'POST', path: pipelines, with: { slug: 'amber-worker' }, body: { target: branch }, status: 400 },
  { method: 'GET', path: one },
  { method: 'GET', path: one, with: { pipeline: '1' } },
  { method: 'GET', path: one, with: { pipeline: '99999' }, status: 404 },
  { method: 'GET', path: one, with: { pipeline: nobody }, status: 404 },
  { method: 'GET', path: `${one}/steps` },
  { method: 'POST', path: `${one}/stopPipeline`, status: 204 },
  { method: 'POST', path: `${one}/stopPipeline`, status: 400 },
  { method: 'POST', path: `${one}/stopPipeline`, with: { pipeline: nobody }, status: 404 },
  { method: 'GET', path: one },
]

/** On the pipeline that the simulator planted with a log and test reports. */
const planted: Step[] = [
  { method: 'GET', path: `${one}/steps` },
  { method: 'GET', path: step },
  { method: 'GET', path: step, with: { step: nobody }, status: 404 },
  { method: 'GET', path: `${step}/log`, with: { step: nobody }, status: 404 },
  { method: 'GET', path: `${step}/log` },
  { method: 'GET', path: `${step}/logs/:log` },
  { method: 'GET', path: `${step}/logs/:log`, with: { log: nobody }, status: 404 },
  { method: 'GET', path: `${step}/test_reports` },
  { method: 'GET', path: `${step}/test_reports/test_cases` },
  { method: 'GET', path: `${step}/test_reports/test_cases/:case/test_case_reasons` },
  {
    method: 'GET',
    path: `${step}/test_reports/test_cases/:case/test_case_reasons`,
    with: { case: nobody },
    status: 404,
  },
]

function variableSteps(path: string, hasOne: boolean): Step[] {
  return [
    {
      method: 'POST',
      path,
      body: { key: 'TOKEN', value: 'x', secured: true },
      status: 201,
      keep: { variable: ['uuid'] },
    },
    { method: 'POST', path, body: { key: 'TOKEN', value: 'y' }, status: 409 },
    { method: 'POST', path, body: { key: '1 2', value: 'y' }, status: 400 },
    { method: 'POST', path, body: { key: 'A' }, as: 'yuki-brandt', status: 403 },
    { method: 'GET', path },
    ...(hasOne ? [{ method: 'GET', path: `${path}/:variable` } satisfies Step] : []),
    { method: 'PUT', path: `${path}/:variable`, body: { value: 'z' } },
    { method: 'PUT', path: `${path}/:variable`, with: { variable: nobody }, body: { value: 'z' }, status: 404 },
    { method: 'DELETE', path: `${path}/:variable`, status: 204 },
    { method: 'DELETE', path: `${path}/:variable`, status: 404 },
  ]
}

const schedule = {
  enabled: true,
  cron_pattern: '0 0 6 * * ? *',
  target: { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main', selector: { type: 'default' } },
}

const settings: Step[] = [
  { method: 'GET', path: config },
  { method: 'GET', path: config, with: { slug: 'amber-worker' }, status: 404 },
  { method: 'GET', path: config, as: 'yuki-brandt', status: 403 },
  { method: 'PUT', path: config, with: { slug: 'amber-worker' }, body: { enabled: true } },
  { method: 'PUT', path: config, body: {}, status: 400 },
  { method: 'PUT', path: `${config}/build_number`, body: { next: 1000 } },
  { method: 'PUT', path: `${config}/build_number`, body: { next: 3 }, status: 400 },
  ...variableSteps(`${config}/variables`, true),
  ...variableSteps('/workspaces/:workspace/pipelines-config/variables', true),
  { method: 'POST', path: `${config}/schedules`, body: schedule, status: 201, keep: { schedule: ['uuid'] } },
  { method: 'POST', path: `${config}/schedules`, body: { ...schedule, cron_pattern: 'daily' }, status: 400 },
  { method: 'GET', path: `${config}/schedules` },
  { method: 'GET', path: `${config}/schedules/:schedule` },
  { method: 'GET', path: `${config}/schedules/:schedule/executions` },
  { method: 'PUT', path: `${config}/schedules/:schedule`, body: { enabled: false } },
  { method: 'PUT', path: `${config}/schedules/:schedule`, with: { schedule: nobody }, body: {}, status: 404 },
  { method: 'DELETE', path: `${config}/schedules/:schedule`, status: 204 },
  { method: 'GET', path: `${config}/schedules/:schedule`, status: 404 },
  { method: 'GET', path: caches },
  { method: 'GET', path: `${caches}/:cache/content-uri` },
  { method: 'DELETE', path: `${caches}/:cache`, status: 204 },
  { method: 'GET', path: `${caches}/:cache/content-uri`, status: 404 },
  { method: 'DELETE', path: caches, query: 'name=docker', status: 204 },
  { method: 'DELETE', path: caches, query: 'name=none', status: 404 },
  { method: 'DELETE', path: caches, status: 400 },
  { method: 'GET', path: `${config}/ssh/key_pair`, status: 404 },
  { method: 'PUT', path: `${config}/ssh/key_pair`, body: { private_key: 'secret', public_key: 'ssh-ed25519 AAAA' } },
  { method: 'PUT', path: `${config}/ssh/key_pair`, body: {}, status: 400 },
  { method: 'GET', path: `${config}/ssh/key_pair` },
  { method: 'DELETE', path: `${config}/ssh/key_pair`, status: 204 },
  {
    method: 'POST',
    path: `${config}/ssh/known_hosts`,
    body: { hostname: 'deploy.meadow-goods.example', public_key: { key_type: 'ssh-ed25519', key: 'AAAAC3Nz' } },
    status: 201,
    keep: { host: ['uuid'] },
  },
  {
    method: 'POST',
    path: `${config}/ssh/known_hosts`,
    body: { hostname: 'deploy.meadow-goods.example' },
    status: 409,
  },
  { method: 'GET', path: `${config}/ssh/known_hosts` },
  { method: 'GET', path: `${config}/ssh/known_hosts/:host` },
  { method: 'PUT', path: `${config}/ssh/known_hosts/:host`, body: { hostname: 'other.meadow-goods.example' } },
  { method: 'DELETE', path: `${config}/ssh/known_hosts/:host`, status: 204 },
  { method: 'GET', path: `${config}/ssh/known_hosts/:host`, status: 404 },
]

const environments = `${repository}/environments`

const places: Step[] = [
  { method: 'GET', path: `${repository}/deployments`, query: 'pagelen=100&sort=-state.completed_on' },
  { method: 'GET', path: `${repository}/deployments` },
  { method: 'GET', path: `${repository}/deployments`, query: 'sort=created_on', status: 400 },
  { method: 'GET', path: `${repository}/deployments/:deployment` },
  { method: 'GET', path: `${repository}/deployments/:deployment`, with: { deployment: nobody }, status: 404 },
  { method: 'GET', path: environments },
  {
    method: 'POST',
    path: environments,
    body: { name: 'Canary 1', environment_type: { type: 'deployment_environment_type', name: 'Staging' } },
    status: 201,
    keep: { environment: ['uuid'] },
  },
  { method: 'POST', path: environments, body: { name: 'canary-1' }, status: 409 },
  { method: 'POST', path: environments, body: {}, status: 400 },
  { method: 'POST', path: environments, body: { name: 'x' }, as: 'yuki-brandt', status: 403 },
  { method: 'GET', path: `${environments}/:environment` },
  { method: 'POST', path: `${environments}/:environment/changes`, body: { change: { name: 'Canary 2' } }, status: 202 },
  { method: 'POST', path: `${environments}/:environment/changes`, body: { change: { rank: 2 } }, status: 400 },
  ...variableSteps(`${repository}/deployments_config/environments/:environment/variables`, false),
  { method: 'DELETE', path: `${environments}/:environment`, status: 204 },
  { method: 'GET', path: `${environments}/:environment`, status: 404 },
  {
    method: 'GET',
    path: `${repository}/deployments_config/environments/:environment/variables`,
    status: 404,
  },
]

export const pipelinesWalk: Walk = {
  name: 'pipelines, their settings, deployments and environments',
  mode: '2026',
  values: ({ sim }) => {
    const shop = sim.repositories.find((each) => each.slug === 'storefront-api')
    const first = shop?.pipelines[0]
    const tested = first?.steps.find((each) => each.tests !== undefined)
    return {
      workspace: 'meadow-goods',
      slug: 'storefront-api',
      pipeline: first?.uuid ?? '',
      step: tested?.uuid ?? '',
      log: tested?.uuid ?? '',
      cache: shop?.pipelinesConfig.caches[0]?.uuid ?? '',
      deployment: shop?.deployments[0]?.uuid ?? '',
      case: tested === undefined ? '' : testCaseUuid(sim, tested, tested.tests?.[0] ?? noTest),
    }
  },
  steps: [...planted, ...runs, ...settings, ...places],
}
