import { createHash } from 'node:crypto'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems } from '../call.ts'
import type { Pipeline, PipelineStep, TestCase } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { signedLogUrl } from '../pipelines/log-storage.ts'
import { renderStep, renderTestCase, renderTestReport, testCaseUuid } from '../render/pipeline.ts'
import { SimulatorError } from '../simulator-error.ts'
import { currentRepository, pipelineOf } from './pipelines.ts'

const base = '/repositories/:workspace/:slug/pipelines/:pipeline/steps'
const need = needs.readPipeline

interface StepPlace {
  repository: Repository
  pipeline: Pipeline
  step: PipelineStep
}

async function stepOf(call: Call): Promise<StepPlace> {
  const repository = await currentRepository(call)
  const pipeline = pipelineOf(call, repository)
  const uuid = call.params['step'] ?? ''
  const step = pipeline.steps.find((one) => one.uuid === uuid)
  if (step !== undefined) return { repository, pipeline, step }
  throw new SimulatorError(404, 'Not found', {
    detail: `Step with uuid '${uuid}' not found in pipeline ${pipeline.uuid}`,
    data: { key: 'result-service.step.not-found' },
  })
}

function noLog(uuid: string): SimulatorError {
  return new SimulatorError(404, 'Not Found', { detail: `Log in step ${uuid} does not exist.` })
}

function header(call: Call, name: string): string | undefined {
  const value = call.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** First and last byte of a single range; undefined when the header asks for something else. */
function readRange(text: string | undefined, size: number): { first: number; last: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  if (from === '') return { first: Math.max(0, size - Number(to)), last: size - 1 }
  return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}

/** A log is bytes and nothing else: whoever asks for JSON or plain text alone gets nothing. */
function takesBytes(call: Call): boolean {
  const accept = header(call, 'accept') ?? '*/*'
  return call.sim.switches.pipelines.logAccept === 'ignored' || /\*\/\*|application\/(\*|octet-stream)/i.test(accept)
}

/** A log as bytes: all of them, a part of them, or 304, 307, 404, 406, 416. */
function answerLog(call: Call, { repository, step }: StepPlace): Answer {
  if (!takesBytes(call)) return { status: 406 }
  if (step.log === null) throw noLog(step.uuid)
  if (call.sim.switches.pipelines.logRedirect && step.state.name === 'COMPLETED')
    return { status: 307, headers: { location: signedLogUrl(call.sim, repository, step) } }
  const bytes = Buffer.from(step.log)
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`
  const seen = header(call, 'if-none-match')?.split(/,\s*/) ?? []
  const headers = { etag, 'accept-ranges': 'bytes' }
  if (seen.includes(etag)) return { status: 304, headers }
  const contentType = 'application/octet-stream'
  const range = readRange(header(call, 'range'), bytes.length)
  if (range === undefined) return { raw: { contentType, bytes }, headers }
  const { first, last } = range
  if (first > last || first >= bytes.length) {
    throw new SimulatorError(416, 'Requested range not satisfiable', {
      detail: `The range does not exist in a log of ${bytes.length} bytes.`,
      headers: { 'content-range': `bytes */${bytes.length}` },
    })
  }
  return {
    status: 206,
    raw: { contentType, bytes: bytes.subarray(first, last + 1) },
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${bytes.length}` },
  }
}

async function testsOf(call: Call): Promise<StepPlace & { tests: TestCase[] }> {
  const place = await stepOf(call)
  const { tests } = place.step
  if (tests === undefined || place.step.state.name !== 'COMPLETED')
    throw new SimulatorError(404, 'Not found', { detail: `No test report was found for step ${place.step.uuid}` })
  return { ...place, tests }
}

export const pipelineStepEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need,
    handle: async (call) => {
      const pipeline = pipelineOf(call, await currentRepository(call))
      // Recorded with all of them, whatever `pagelen` says.
      const query = new URLSearchParams(call.query)
      query.delete('pagelen')
      const size = { usual: 100, most: 100 }
      return listItems({ ...call, query }, pipeline.steps, { size, render: (step) => renderStep(pipeline, step) })
    },
  },
  {
    method: 'GET',
    path: `${base}/:step`,
    need,
    handle: async (call) => {
      const { pipeline, step } = await stepOf(call)
      return { body: renderStep(pipeline, step) }
    },
  },
  {
    method: 'GET',
    path: `${base}/:step/log`,
    need,
    handle: async (call) => answerLog(call, await stepOf(call)),
  },
  {
    method: 'GET',
    path: `${base}/:step/logs/:log`,
    need,
    handle: async (call) => {
      const place = await stepOf(call)
      // The build container's log goes by the step's UUID; there are no service containers.
      if (call.params['log'] !== place.step.uuid) throw noLog(place.step.uuid)
      return answerLog(call, place)
    },
  },
  {
    method: 'GET',
    path: `${base}/:step/test_reports`,
    need,
    handle: async (call) => {
      const { step, tests } = await testsOf(call)
      return { body: renderTestReport(step, tests) }
    },
  },
  {
    method: 'GET',
    path: `${base}/:step/test_reports/test_cases`,
    need,
    handle: async (call) => {
      const { step, tests } = await testsOf(call)
      return listItems(call, tests, { render: (test) => renderTestCase(call.sim, step, test) })
    },
  },
  {
    method: 'GET',
    path: `${base}/:step/test_reports/test_cases/:case/test_case_reasons`,
    need,
    handle: async (call) => {
      const { step, tests } = await testsOf(call)
      const test = tests.find((one) => testCaseUuid(call.sim, step, one) === call.params['case'])
      if (test === undefined) throw new SimulatorError(404, 'Not found', { detail: 'Test case not found' })
      const reasons = test.reason === null ? [] : [test.reason]
      return listItems(call, reasons, { render: (reason) => ({ message: reason, stack_trace: reason }) })
    },
  },
]
