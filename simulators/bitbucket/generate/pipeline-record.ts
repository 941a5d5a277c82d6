import type {
  Deployment,
  Pipeline,
  PipelineResult,
  PipelineStep,
  PipelineTarget,
  RunState,
  StepState,
} from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import type { RecordReader, RecordWriter } from './record.ts'

const results = ['SUCCESSFUL', 'FAILED', 'ERROR', 'STOPPED', 'EXPIRED'] as const satisfies readonly PipelineResult[]
const triggers = ['PUSH', 'MANUAL', 'SCHEDULED', 'PARENT_STEP'] as const
const selectorTypes = ['branches', 'tags', 'custom', 'default', 'pull-requests'] as const

/** States are the same few: shared by all that have them. Whoever changes one puts another in its place. */
const stepStates = {
  PENDING: { name: 'PENDING' },
  NOT_RUN: { name: 'COMPLETED', result: 'NOT_RUN' },
} as const satisfies Record<string, StepState>
const pausedState: RunState = { name: 'IN_PROGRESS', stage: 'PAUSED' }
const endStates = new Map<PipelineResult, RunState>(results.map((result) => [result, { name: 'COMPLETED', result }]))

function nameOf(state: StepState): string {
  return state.name === 'COMPLETED' ? state.result : state.name === 'PENDING' ? 'PENDING' : 'PAUSED'
}

function readState(from: RecordReader): StepState {
  const name = from.word([...results, 'PENDING', 'NOT_RUN', 'PAUSED'])
  if (name === 'PENDING' || name === 'NOT_RUN') return stepStates[name]
  return name === 'PAUSED' ? pausedState : (endStates.get(name) ?? stepStates.PENDING)
}

function readRunState(from: RecordReader): RunState {
  const state = readState(from)
  if (state.name === 'COMPLETED' && state.result === 'NOT_RUN') throw new Error('a pipeline cannot be left out')
  return state.name === 'COMPLETED' ? { ...state, result: state.result } : state
}

export function writePipeline(to: RecordWriter, repository: Repository, one: Pipeline): void {
  to.add('pipeline', one.uuid, one.buildNumber, one.trigger, nameOf(one.state), one.createdOn, one.completedOn)
  to.person(one.creator)
  to.person(one.stoppedBy ?? null)
  to.add(one.error?.key ?? null)
  if (one.error !== undefined) to.add(one.error.message)
  writeTarget(to, one.target)
  to.list(one.steps, (step) => writeStep(to, repository, step))
  to.endRecord()
}

/** Strings of steps repeat thousands of times: one copy of each for a whole file. */
export type Texts = Map<string, string>

export function share(texts: Texts, text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  texts.set(text, text)
  return text
}

export interface PipelineShelf {
  repository: Repository
  texts: Texts
  /** By their lines joined. */
  scripts: Map<string, string[]>
}

/** What comes after the kind of the record. */
export function readPipeline(from: RecordReader, shelf: PipelineShelf): Pipeline {
  const said = {
    uuid: from.text(),
    buildNumber: from.number(),
    trigger: from.word(triggers),
    state: readRunState(from),
    createdOn: from.moment(),
    completedOn: from.optional(() => from.moment()),
    creator: from.person(),
  }
  const stoppedBy = from.maybePerson()
  const error = from.optional(() => ({
    key: share(shelf.texts, from.text()),
    message: share(shelf.texts, from.text()),
  }))
  return {
    ...said,
    ...(stoppedBy === null ? {} : { stoppedBy }),
    ...(error === null ? {} : { error }),
    target: readTarget(from, shelf.texts),
    steps: from.list(() => readStep(from, shelf)),
    variables: [],
  }
}

function writeTarget(to: RecordWriter, one: PipelineTarget): void {
  to.add(one.kind)
  to.hash(one.hash)
  to.add(one.selector?.type ?? null)
  if (one.selector !== null && one.selector !== undefined) to.add(one.selector.pattern)
  if (one.kind === 'ref') to.add(one.refType, one.refName)
  if (one.kind !== 'pull_request') return
  to.add(one.pullRequestId, one.source, one.destination)
  to.hash(one.destinationHash)
}

function readTarget(from: RecordReader, texts: Texts): PipelineTarget {
  const kind = from.word(['ref', 'pull_request', 'commit'])
  const hash = from.hash()
  const selector = from.optional(() => ({ type: from.word(selectorTypes), pattern: share(texts, from.text()) }))
  switch (kind) {
    case 'commit':
      return { kind, hash, selector }
    case 'ref':
      return { kind, hash, selector, refType: from.word(['branch', 'tag']), refName: share(texts, from.text()) }
    case 'pull_request': {
      const [pullRequestId, source, destination] = [from.number(), share(texts, from.text()), share(texts, from.text())]
      return { kind, hash, selector, pullRequestId, source, destination, destinationHash: from.hash() }
    }
    default:
      return kind satisfies never
  }
}

function writeStep(to: RecordWriter, { environments }: Repository, one: PipelineStep): void {
  to.add(one.uuid, one.name, nameOf(one.state), one.startedOn, one.completedOn, one.buildSeconds, one.manual === true)
  to.add(one.environment === null ? -1 : environments.indexOf(one.environment), one.script.join('\n'))
}

function readStep(from: RecordReader, { repository, texts, scripts }: PipelineShelf): PipelineStep {
  const said = {
    uuid: from.text(),
    name: share(texts, from.text()),
    state: readState(from),
    startedOn: from.optional(() => from.moment()),
    completedOn: from.optional(() => from.moment()),
    buildSeconds: from.number(),
  }
  const manual = from.flag()
  const environment = repository.environments[from.number()] ?? null
  const source = from.text()
  const script = scripts.get(source) ?? source.split('\n')
  scripts.set(source, script)
  return { ...said, maxTime: 120, runNumber: 1, environment, script, log: null, ...(manual ? { manual } : {}) }
}

export function writeDeployment(to: RecordWriter, repository: Repository, one: Deployment): void {
  const { state } = one
  to.add('deployment', one.uuid, one.number, one.pipeline.buildNumber, one.pipeline.steps.indexOf(one.step))
  to.add(repository.environments.indexOf(one.environment), one.createdOn, one.lastUpdateTime)
  to.add(state.name === 'COMPLETED' ? state.status : null)
  if (state.name === 'COMPLETED') to.add(state.startedOn, state.completedOn)
  to.endRecord()
}

/** What comes after the kind of the record. */
export function readDeployment(from: RecordReader, { pipelines, environments }: Repository): Deployment {
  const [uuid, number] = [from.text(), from.number()]
  const pipeline = pipelines[from.number() - 1]
  const step = pipeline?.steps[from.number()]
  const environment = environments[from.number()]
  if (pipeline === undefined || step === undefined || environment === undefined)
    throw new Error('a deployment belongs to no step')
  const [createdOn, lastUpdateTime] = [from.moment(), from.moment()]
  const ended = from.optional(() => ({
    status: from.word(['SUCCESSFUL', 'FAILED', 'STOPPED']),
    startedOn: from.moment(),
    completedOn: from.moment(),
  }))
  const state: Deployment['state'] = ended === null ? { name: 'UNDEPLOYED' } : { name: 'COMPLETED', ...ended }
  return { uuid, number, environment, pipeline, step, state, hash: pipeline.target.hash, createdOn, lastUpdateTime }
}
