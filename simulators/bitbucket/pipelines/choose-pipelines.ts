import { ownValue } from '../../shared/json.ts'
import type { Pipeline } from '../model/pipelines.ts'
import { instant } from '../query/instant.ts'
import { badRequest } from '../simulator-error.ts'

type Test = (pipeline: Pipeline) => boolean

/** What the `status` parameter calls a pipeline; PARSING is over before anybody can ask. */
export function statusName({ state }: Pipeline): string {
  switch (state.name) {
    case 'PENDING':
      return 'PENDING'
    case 'IN_PROGRESS':
      return state.stage === 'RUNNING' ? 'BUILDING' : state.stage
    case 'COMPLETED':
      return { SUCCESSFUL: 'PASSED', FAILED: 'FAILED', ERROR: 'ERROR', STOPPED: 'STOPPED', EXPIRED: 'UNKNOWN' }[
        state.result
      ]
    default:
      return state satisfies never
  }
}

function refName({ target }: Pipeline): string | undefined {
  return target.kind === 'ref' ? target.refName : undefined
}

function branchName({ target }: Pipeline): string | undefined {
  if (target.kind === 'pull_request') return target.source
  return target.kind === 'ref' && target.refType === 'branch' ? target.refName : undefined
}

const selectorTypes: Record<string, string> = {
  BRANCH: 'branches',
  TAG: 'tags',
  CUSTOM: 'custom',
  PULLREQUESTS: 'pull-requests',
  DEFAULT: 'default',
}

function selectorOf({ target }: Pipeline): { type: string; pattern: string } {
  const usual =
    target.kind === 'pull_request' ? { type: 'pull-requests', pattern: '**' } : { type: 'default', pattern: '' }
  return target.selector ?? usual
}

/** A day stands for all of it. */
function createdOn(wanted: string): Test {
  if (/^\d{4}-\d{2}-\d{2}$/.test(wanted)) return (pipeline) => pipeline.createdOn.startsWith(wanted)
  const moment = instant(wanted)
  if (Number.isNaN(moment)) throw badRequest('Bad request', { created_on: ['Not a date.'] })
  return (pipeline) => instant(pipeline.createdOn) === moment
}

const tests: Record<string, (wanted: string) => Test> = {
  'creator.uuid': (wanted) => (pipeline) => pipeline.creator.uuid === wanted,
  'target.ref_type': (wanted) => (pipeline) =>
    pipeline.target.kind === 'ref' && pipeline.target.refType === wanted.toLowerCase().replace('annotated_', ''),
  'target.ref_name': (wanted) => (pipeline) => refName(pipeline) === wanted,
  'target.branch': (wanted) => (pipeline) => branchName(pipeline) === wanted,
  'target.commit.hash': (wanted) => (pipeline) => wanted.length >= 7 && pipeline.target.hash.startsWith(wanted),
  'target.selector.pattern': (wanted) => (pipeline) => selectorOf(pipeline).pattern === wanted,
  'target.selector.type': (wanted) => (pipeline) => selectorOf(pipeline).type === selectorTypes[wanted.toUpperCase()],
  created_on: createdOn,
  trigger_type: (wanted) => (pipeline) => pipeline.trigger === wanted.toUpperCase(),
  status: (wanted) => (pipeline) => statusName(pipeline) === wanted.toUpperCase(),
}

const keys: Record<string, (pipeline: Pipeline) => string | number> = {
  'creator.uuid': ({ creator }) => creator.uuid,
  created_on: ({ createdOn: date }) => instant(date),
  run_creation_date: ({ createdOn: date }) => instant(date),
}

function sorted(pipelines: Pipeline[], sort: string | null): Pipeline[] {
  if (sort === null || sort === '') return pipelines
  const key = ownValue(keys, sort.replace(/^[-+ ]/, ''))
  if (key === undefined) throw badRequest('Invalid sort attribute provided')
  const sign = sort.startsWith('-') ? -1 : 1
  return pipelines
    .map((pipeline) => ({ pipeline, value: key(pipeline) }))
    .toSorted((one, other) => sign * (one.value < other.value ? -1 : one.value > other.value ? 1 : 0))
    .map(({ pipeline }) => pipeline)
}

/**
 * The parameters of the list of pipelines: not the filter language of other lists. A value that does not exist finds
 * nothing, a parameter that does not exist says nothing; the same one twice means either.
 */
export function choosePipelines(pipelines: Pipeline[], query: URLSearchParams): Pipeline[] {
  let kept = pipelines
  for (const [name, makeTest] of Object.entries(tests)) {
    const wanted = query.getAll(name).filter((value) => value !== '')
    if (wanted.length === 0) continue
    const either = wanted.map(makeTest)
    kept = kept.filter((pipeline) => either.some((test) => test(pipeline)))
  }
  return sorted(kept, query.get('sort'))
}
