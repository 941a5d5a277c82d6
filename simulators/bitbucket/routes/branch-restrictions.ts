import { at, hasKey, numberAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import {
  type BranchMatch,
  type BranchRestriction,
  branchTypes,
  type Group,
  restrictionKinds,
} from '../model/administration.ts'
import type { Person, Workspace } from '../model.ts'
import {
  createRestriction,
  deleteRestriction,
  getRestriction,
  type RestrictionFields,
  updateRestriction,
} from '../operations/branch-restrictions.ts'
import { renderRestriction } from '../render/administration.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { getPerson } from './find-person.ts'

const base = '/repositories/:workspace/:slug/branch-restrictions'

function listAt(body: unknown, field: string): unknown[] | undefined {
  const value = at(body, field)
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw badRequest('Bad request', { [field]: ['Expected a list.'] })
  return value
}

function readUsers(call: Call): Person[] | undefined {
  return listAt(call.body, 'users')?.map((one) =>
    getPerson(call, stringAt(one, 'uuid') ?? stringAt(one, 'account_id') ?? stringAt(one, 'username') ?? ''),
  )
}

function readGroups(call: Call, workspace: Workspace): Group[] | undefined {
  return listAt(call.body, 'groups')?.map((one) => {
    const slug = stringAt(one, 'slug') ?? stringAt(one, 'full_slug')?.split(':')[1]
    const group = workspace.groups.find((other) => other.slug === slug)
    if (group === undefined) throw notFound(`Group ${slug ?? ''} not found`)
    return group
  })
}

function readChoice<Choice extends string>(text: string, choices: readonly Choice[], field: string): Choice {
  const found = choices.find((one) => one === text)
  if (found === undefined) throw badRequest('Bad request', { [field]: [`"${text}" is not a valid choice.`] })
  return found
}

function readMatch(body: unknown, before: BranchMatch | undefined): BranchMatch {
  const kind = readChoice(
    stringAt(body, 'branch_match_kind') ?? before?.kind ?? 'glob',
    ['glob', 'branching_model'] as const,
    'branch_match_kind',
  )
  if (kind === 'glob')
    return { kind, pattern: stringAt(body, 'pattern') ?? (before?.kind === 'glob' ? before.pattern : '') }
  const branchType = stringAt(body, 'branch_type') ?? (before?.kind === kind ? before.branchType : undefined)
  if (branchType === undefined) throw badRequest('Bad request', { branch_type: ['required key not provided'] })
  return { kind, branchType: readChoice(branchType, branchTypes, 'branch_type') }
}

/** What the body says, and what it leaves out as it was before. */
function readFields(call: Call, workspace: Workspace, before?: BranchRestriction): RestrictionFields {
  const { body } = call
  const kind = stringAt(body, 'kind') ?? before?.kind
  if (kind === undefined) throw badRequest('Bad request', { kind: ['required key not provided'] })
  return {
    kind: readChoice(kind, restrictionKinds, 'kind'),
    match: readMatch(body, before?.match),
    value: hasKey(body, 'value') ? (numberAt(body, 'value') ?? null) : (before?.value ?? null),
    users: readUsers(call) ?? before?.users,
    groups: readGroups(call, workspace) ?? before?.groups,
  }
}

export const branchRestrictionEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      const [kind, pattern] = [call.query.get('kind'), call.query.get('pattern')]
      const found = repository.restrictions.filter(
        (one) =>
          (kind === null || one.kind === kind) &&
          (pattern === null || (one.match.kind === 'glob' && one.match.pattern === pattern)),
      )
      return listItems(call, found, { render: (one) => renderRestriction({ sim: call.sim, repository }, one) })
    },
  },
  {
    method: 'POST',
    path: base,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      const made = createRestriction(call.sim, repository, readFields(call, repository.workspace))
      return {
        status: 201,
        body: renderRestriction({ sim: call.sim, repository }, made),
        headers: { location: `${apiRepositoryUrl(call.sim, repository)}/branch-restrictions/${made.id}` },
      }
    },
  },
  {
    method: 'GET',
    path: `${base}/:id`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      const found = getRestriction(repository, call.params['id'] ?? '')
      return { body: renderRestriction({ sim: call.sim, repository }, found) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/:id`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      const found = getRestriction(repository, call.params['id'] ?? '')
      updateRestriction(repository, found, readFields(call, repository.workspace, found))
      return { body: renderRestriction({ sim: call.sim, repository }, found) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:id`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      deleteRestriction(repository, getRestriction(repository, call.params['id'] ?? ''))
      return { status: 204 }
    },
  },
]
