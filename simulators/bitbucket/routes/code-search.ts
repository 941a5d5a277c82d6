import { isJsonObject } from '../../shared/json.ts'
import { findWorkspace } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, callerOf, type Endpoint, listItems, workspaceOf } from '../call.ts'
import type { Workspace } from '../model.ts'
import { parseSearchQuery, searchCode } from '../operations/search-code.ts'
import { renderSearchResult } from '../render/search-result.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'

async function search(call: Call, workspace: Workspace | undefined): Promise<Answer> {
  const text = call.query.get('search_query')
  if (text === null)
    throw new SimulatorError(400, 'The search query is missing.', { data: { key: 'search.query.missing' } })
  const query = parseSearchQuery(text)
  const found = workspace === undefined ? [] : await searchCode(call.sim, call.principal, { workspace, query })
  const page = listItems(call, found, {
    hidden: ['file.commit'],
    render: (one) => renderSearchResult(call.sim, query.words, one),
  })
  return isJsonObject(page.body) ? { ...page, body: { ...page.body, query_substituted: false } } : page
}

function isPerson(call: Call, name: string): boolean {
  return call.sim.people.some((one) => [one.username, one.uuid, one.accountId].includes(name))
}

function wrongKind(): SimulatorError {
  return new SimulatorError(400, 'The account is not of the requested type.', { data: { key: 'search.account.type' } })
}

export const codeSearchEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: '/workspaces/:workspace/search/code',
    need: needs.readRepository,
    handle: async (call) => await search(call, workspaceOf(call).workspace),
  },
  {
    method: 'GET',
    path: '/teams/:username/search/code',
    need: needs.readRepository,
    handle: async (call) => {
      const name = call.params['username'] ?? ''
      if (isPerson(call, name)) throw wrongKind()
      return await search(call, workspaceOf({ ...call, params: { workspace: name } }).workspace)
    },
  },
  {
    method: 'GET',
    path: '/users/:user/search/code',
    need: needs.readRepository,
    handle: async (call) => {
      callerOf(call)
      const name = call.params['user'] ?? ''
      if (findWorkspace(call.sim, name) !== undefined) throw wrongKind()
      if (!isPerson(call, name)) throw notFound(`User not found: ${name}`)
      // People own no repositories here but through their workspaces.
      return await search(call, undefined)
    },
  },
]
