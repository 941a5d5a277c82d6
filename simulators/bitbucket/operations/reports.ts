import { at, isObject, type JsonObject, numberAt, stringAt, toJson } from '../../shared/json.ts'
import type { Annotation, Report, Repository } from '../model.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertWebUrl } from './assert-web-url.ts'

const annotationsPerRequest = 100
const annotationsPerReport = 1000
const dataPerReport = 10

/** Reports older than the switch says are gone; without it they stay for ever. */
export function forgetOldReports(sim: Sim, repository: Repository): void {
  const { reportDays } = sim.switches
  if (reportDays === null) return
  const oldest = sim.clock() - reportDays * 86_400_000
  repository.reports = repository.reports.filter((one) => Date.parse(one.updatedOn) >= oldest)
}

export function reportsOf(repository: Repository, hash: string): Report[] {
  return repository.reports.filter((one) => one.hash === hash)
}

export function getReport(repository: Repository, hash: string, id: string): Report {
  const found = reportsOf(repository, hash).find((one) => one.externalId === id || one.uuid === id)
  if (found === undefined) throw notFound('Report not found.')
  return found
}

function checkChoice(body: unknown, field: string, choices: string[]): void {
  const value = at(body, field)
  if (value === undefined || value === null) return
  if (typeof value !== 'string' || !choices.includes(value))
    throw badRequest('Bad request', {
      [field]: [`"${typeof value === 'string' ? value : JSON.stringify(value)}" is not a valid choice.`],
    })
}

function checkLink(body: unknown, field: string): void {
  const value = at(body, field)
  if (value !== undefined && value !== null && value !== '') assertWebUrl(field, value)
}

/** Of what a report counts, links alone are addresses: plain, or with a text of their own. */
function checkData(data: unknown): void {
  if (!Array.isArray(data)) return
  if (data.length > dataPerReport) throw badRequest('Bad request', { data: [`At most ${dataPerReport} data fields.`] })
  for (const one of data) {
    if (at(one, 'type') !== 'LINK') continue
    assertWebUrl('data', at(one, 'value', 'href') ?? at(one, 'value'))
  }
}

const reportFields = [
  'title',
  'details',
  'report_type',
  'reporter',
  'link',
  'logo_url',
  'remote_link_enabled',
  'result',
  'data',
]
const annotationFields = [
  'annotation_type',
  'summary',
  'details',
  'result',
  'severity',
  'path',
  'line',
  'link',
  'title',
]

function take(body: unknown, names: string[]): JsonObject {
  const taken: JsonObject = {}
  for (const name of names) {
    const value = at(body, name)
    if (value !== undefined) taken[name] = toJson(value)
  }
  return taken
}

/** The same id on the same commit overwrites the report and keeps its annotations. */
export function putReport(
  sim: Sim,
  repository: Repository,
  input: { hash: string; externalId: string; body: unknown },
): Report {
  const { body } = input
  if (stringAt(body, 'title') === undefined) throw badRequest('Bad request', { title: ['required key not provided'] })
  if (stringAt(body, 'details') === undefined)
    throw badRequest('Bad request', { details: ['required key not provided'] })
  checkChoice(body, 'report_type', ['SECURITY', 'COVERAGE', 'TEST', 'BUG'])
  checkChoice(body, 'result', ['PASSED', 'FAILED', 'PENDING'])
  checkLink(body, 'link')
  checkLink(body, 'logo_url')
  checkData(at(body, 'data'))
  const date = sim.now()
  const known = reportsOf(repository, input.hash).find((one) => one.externalId === input.externalId)
  const fields = take(body, reportFields)
  if (known !== undefined) return Object.assign(known, { fields, updatedOn: date })
  const report: Report = {
    hash: input.hash,
    uuid: sim.newUuid(),
    externalId: input.externalId,
    fields,
    annotations: [],
    createdOn: date,
    updatedOn: date,
  }
  repository.reports.push(report)
  return report
}

export function deleteReport(repository: Repository, hash: string, id: string): void {
  const report = getReport(repository, hash, id)
  repository.reports = repository.reports.filter((one) => one !== report)
}

function checkAnnotation(body: unknown): string {
  const externalId = stringAt(body, 'external_id')
  if (!isObject(body) || externalId === undefined || externalId === '')
    throw badRequest('Bad request', { external_id: ['required key not provided'] })
  if (stringAt(body, 'summary') === undefined)
    throw badRequest('Bad request', { summary: ['required key not provided'] })
  if ((stringAt(body, 'summary') ?? '').length > 450)
    throw badRequest('Bad request', { summary: ['Ensure this field has no more than 450 characters.'] })
  checkChoice(body, 'annotation_type', ['VULNERABILITY', 'CODE_SMELL', 'BUG'])
  checkChoice(body, 'result', ['PASSED', 'FAILED', 'IGNORED', 'SKIPPED'])
  checkChoice(body, 'severity', ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])
  checkLink(body, 'link')
  const line = numberAt(body, 'line')
  if (line !== undefined && (!Number.isInteger(line) || line < 0))
    throw badRequest('Bad request', { line: ['Enter a valid line number.'] })
  return externalId
}

/** Adds or overwrites by external id: at most 100 in one request, 1000 in a report. */
export function putAnnotations(sim: Sim, report: Report, bodies: unknown[]): Annotation[] {
  if (bodies.length > annotationsPerRequest)
    throw badRequest(`You can only upload up to ${annotationsPerRequest} annotations per request.`)
  const ids = bodies.map(checkAnnotation)
  const added = new Set(ids.filter((id) => !report.annotations.some((one) => one.externalId === id)))
  if (report.annotations.length + added.size > annotationsPerReport) {
    throw badRequest(`A report can have at most ${annotationsPerReport} annotations.`)
  }
  return bodies.map((body, index) => {
    const date = sim.now()
    const externalId = ids[index] ?? ''
    const fields = take(body, annotationFields)
    const known = report.annotations.find((one) => one.externalId === externalId)
    if (known !== undefined) return Object.assign(known, { fields, updatedOn: date })
    const annotation: Annotation = { uuid: sim.newUuid(), externalId, fields, createdOn: date, updatedOn: date }
    report.annotations.push(annotation)
    return annotation
  })
}
