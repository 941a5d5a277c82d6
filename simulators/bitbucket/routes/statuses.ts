import { stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { getStatus, putStatus, type StatusInput } from '../operations/statuses.ts'
import { queryable } from '../query/select-items.ts'
import { renderStatus } from '../render/commit.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { commitOf } from './commits.ts'

const base = '/repositories/:workspace/:slug/commit/:commit'
const need = needs.readRepository

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
  const hash = await commitOf(call, repository)
  const refname = call.query.get('refname')
  const found = repository.statuses.filter(
    (one) => one.hash === hash && (refname === null || one.refname === null || one.refname === refname),
  )
  return listItems(call, found, {
    queryable: queryable.status,
    render: (one) => renderStatus({ sim: call.sim, repository }, one),
  })
}

export const statusEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/statuses`, need, handle: listStatuses },
  { method: 'GET', path: `${base}/statuses/build`, need, handle: listStatuses },
  {
    method: 'POST',
    path: `${base}/statuses/build`,
    need,
    handle: async (call) => {
      const acting = actingOn(call)
      const hash = await commitOf(call, acting.repository)
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
      const status = getStatus(repository, await commitOf(call, repository), call.params['key'] ?? '')
      return { body: renderStatus({ sim: call.sim, repository }, status) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/statuses/build/:key`,
    need,
    handle: async (call) => {
      const acting = actingOn(call)
      const hash = await commitOf(call, acting.repository)
      const known = getStatus(acting.repository, hash, call.params['key'] ?? '')
      const status = await putStatus(call.sim, acting, readStatus(call.body, hash, known.key))
      return { body: renderStatus({ sim: call.sim, repository: acting.repository }, status) }
    },
  },
]
