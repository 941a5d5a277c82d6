import { needs } from '../auth/scopes.ts'
import { actingOn, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import {
  deleteReport,
  forgetOldReports,
  getReport,
  putAnnotations,
  putReport,
  reportsOf,
} from '../operations/reports.ts'
import { renderAnnotation, renderReport } from '../render/report.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { commitOf } from './commits.ts'

const base = '/repositories/:workspace/:slug/commit/:commit'
const need = needs.readRepository

async function reportOf(call: Call) {
  const repository = repositoryOf(call)
  forgetOldReports(call.sim, repository)
  return { repository, report: getReport(repository, await commitOf(call, repository), call.params['report'] ?? '') }
}

const reports: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/reports`,
    need,
    handle: async (call) => {
      const repository = repositoryOf(call)
      forgetOldReports(call.sim, repository)
      const hash = await commitOf(call, repository)
      return listing(call, reportsOf(repository, hash).map(renderReport))
    },
  },
  {
    method: 'PUT',
    path: `${base}/reports/:report`,
    need,
    handle: async (call) => {
      const { repository } = actingOn(call)
      const hash = await commitOf(call, repository)
      return {
        body: renderReport(
          putReport(call.sim, repository, { hash, externalId: call.params['report'] ?? '', body: call.body }),
        ),
      }
    },
  },
  {
    method: 'GET',
    path: `${base}/reports/:report`,
    need,
    handle: async (call) => ({ body: renderReport((await reportOf(call)).report) }),
  },
  {
    method: 'DELETE',
    path: `${base}/reports/:report`,
    need,
    handle: async (call) => {
      const { repository } = actingOn(call)
      deleteReport(repository, await commitOf(call, repository), call.params['report'] ?? '')
      return { status: 204 }
    },
  },
]

const annotations: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/reports/:report/annotations`,
    need,
    handle: async (call) => listing(call, (await reportOf(call)).report.annotations.map(renderAnnotation)),
  },
  {
    method: 'POST',
    path: `${base}/reports/:report/annotations`,
    need,
    handle: async (call) => {
      actingOn(call)
      const { report } = await reportOf(call)
      if (!Array.isArray(call.body)) throw badRequest('Bad request', { annotations: ['Expected a list.'] })
      return { body: putAnnotations(call.sim, report, call.body).map(renderAnnotation) }
    },
  },
  {
    method: 'GET',
    path: `${base}/reports/:report/annotations/:annotation`,
    need,
    handle: async (call) => {
      const { report } = await reportOf(call)
      const id = call.params['annotation'] ?? ''
      const found = report.annotations.find((one) => one.externalId === id || one.uuid === id)
      if (found === undefined) throw notFound('Annotation not found.')
      return { body: renderAnnotation(found) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/reports/:report/annotations/:annotation`,
    need,
    handle: async (call) => {
      actingOn(call)
      const { report } = await reportOf(call)
      const body = typeof call.body === 'object' && call.body !== null ? call.body : {}
      const [made] = putAnnotations(call.sim, report, [{ ...body, external_id: call.params['annotation'] ?? '' }])
      if (made === undefined) throw badRequest('Bad request')
      return { body: renderAnnotation(made) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/reports/:report/annotations/:annotation`,
    need,
    handle: async (call) => {
      actingOn(call)
      const { report } = await reportOf(call)
      const id = call.params['annotation'] ?? ''
      report.annotations = report.annotations.filter((one) => one.externalId !== id && one.uuid !== id)
      return { status: 204 }
    },
  },
]

export const reportEndpoints: Endpoint[] = [...reports, ...annotations]
