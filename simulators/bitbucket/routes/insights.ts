import { stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, listing, repositoryOf } from '../call.ts'
import type { Repository } from '../model.ts'
import {
  deleteReport,
  forgetOldReports,
  getReport,
  putAnnotations,
  putReport,
  reportsOf,
} from '../operations/reports.ts'
import { getStatus, putStatus, type StatusInput } from '../operations/statuses.ts'
import { queryable } from '../query/select-items.ts'
import { renderStatus } from '../render/commit.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderAnnotation, renderReport } from '../render/report.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { commitOf } from './commits.ts'

const base = '/repositories/:workspace/:slug/commit/:commit'
const need = needs.readRepository

async function hashOf(call: Call, repository: Repository): Promise<string> {
  return await commitOf(call, repository, call.params['commit'] ?? '')
}

function readStatus(body: unknown, hash: string, key: string | undefined): StatusInput {
  return {
    hash,
    key,
    state: stringAt(body, 'state'),
    url: stringAt(body, 'url'),
    name: stringAt(body, 'name'),
    description: stringAt(body, 'description'),
    refname: stringAt(body, 'refname'),
  }
}

async function listStatuses(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash = await hashOf(call, repository)
  const refname = call.query.get('refname')
  const found = repository.statuses.filter(
    (one) => one.hash === hash && (refname === null || one.refname === null || one.refname === refname),
  )
  return listItems(call, found, {
    queryable: queryable.status,
    render: (one) => renderStatus({ sim: call.sim, repository }, one),
  })
}

const statuses: Endpoint[] = [
  { method: 'GET', path: `${base}/statuses`, need, handle: listStatuses },
  { method: 'GET', path: `${base}/statuses/build`, need, handle: listStatuses },
  {
    method: 'POST',
    path: `${base}/statuses/build`,
    need,
    handle: async (call) => {
      const acting = actingOn(call)
      const hash = await hashOf(call, acting.repository)
      const status = await putStatus(call.sim, acting, readStatus(call.body, hash, stringAt(call.body, 'key')))
      const place = { sim: call.sim, repository: acting.repository }
      const location = `${apiRepositoryUrl(call.sim, acting.repository)}/commit/${hash}/statuses/build/${encodeURIComponent(status.key)}`
      return { status: 201, body: renderStatus(place, status), headers: { location } }
    },
  },
  {
    method: 'GET',
    path: `${base}/statuses/build/:key`,
    need,
    handle: async (call) => {
      const repository = repositoryOf(call)
      const status = getStatus(repository, await hashOf(call, repository), call.params['key'] ?? '')
      return { body: renderStatus({ sim: call.sim, repository }, status) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/statuses/build/:key`,
    need,
    handle: async (call) => {
      const acting = actingOn(call)
      const hash = await hashOf(call, acting.repository)
      const known = getStatus(acting.repository, hash, call.params['key'] ?? '')
      const status = await putStatus(call.sim, acting, readStatus(call.body, hash, known.key))
      return { body: renderStatus({ sim: call.sim, repository: acting.repository }, status) }
    },
  },
]

async function reportOf(call: Call) {
  const repository = repositoryOf(call)
  forgetOldReports(call.sim, repository)
  return { repository, report: getReport(repository, await hashOf(call, repository), call.params['report'] ?? '') }
}

const reports: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/reports`,
    need,
    handle: async (call) => {
      const repository = repositoryOf(call)
      forgetOldReports(call.sim, repository)
      const hash = await hashOf(call, repository)
      return listing(call, reportsOf(repository, hash).map(renderReport))
    },
  },
  {
    method: 'PUT',
    path: `${base}/reports/:report`,
    need,
    handle: async (call) => {
      const { repository } = actingOn(call)
      const hash = await hashOf(call, repository)
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
      deleteReport(repository, await hashOf(call, repository), call.params['report'] ?? '')
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

export const insightEndpoints: Endpoint[] = [...statuses, ...reports, ...annotations]
