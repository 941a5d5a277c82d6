import { at } from '../../shared/json.ts'
import { commitPage, cursorPage, pullRequestPage, readCursor, readPagelen } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { listCommits, readCommit } from '../git/commits.ts'
import { listDescendants, resolveCommit } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { approvalsOf, approveCommit, unapproveCommit } from '../operations/commit-approvals.ts'
import { renderCommit } from '../render/commit.ts'
import { renderParticipant, renderPullRequest } from '../render/pull-request.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug'

/** The hash of a revision, else of the one in the path. */
export async function commitOf(
  call: Call,
  repository: Repository,
  revision = call.params['commit'] ?? '',
): Promise<string> {
  const hash = await resolveCommit(repository.directory, revision)
  if (hash === undefined) throw notFound('Changeset not found.')
  return hash
}

async function resolveAll(repository: Repository, names: string[]): Promise<string[]> {
  const hashes: string[] = []
  // One after the other: a body can name thousands.
  for (const name of new Set(names)) {
    const hash = await resolveCommit(repository.directory, name)
    if (hash === undefined) throw new SimulatorError(404, 'Commit not found', { data: { shas: [name] } })
    hashes.push(hash)
  }
  return hashes
}

/** `include` and `exclude` are repeated in the query, or stand in the body of a POST: as form or as JSON. */
function readNames(call: Call, name: 'include' | 'exclude'): string[] {
  const inForm = (call.form() ?? []).filter((part) => part.name === name).map((part) => part.bytes.toString('utf8'))
  const inBody = inForm.length > 0 ? inForm : at(call.body, name)
  const listed = Array.isArray(inBody) ? inBody : [inBody]
  return [...call.query.getAll(name), ...listed.filter((one) => typeof one === 'string')]
}

async function list(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const revision = call.params['*'] ?? ''
  const wanted = [...(revision === '' ? [] : [revision]), ...readNames(call, 'include')]
  const exclude = await resolveAll(repository, readNames(call, 'exclude'))
  const include = wanted.length > 0 ? await resolveAll(repository, wanted) : ('all' as const)
  const pagelen = readPagelen(call, commitPage)
  const offset = readCursor(call)
  const path = call.query.get('path') ?? undefined
  const commits = await listCommits(repository.directory, { include, exclude, path, skip: offset, limit: pagelen + 1 })
  const place = { sim: call.sim, repository }
  return { body: cursorPage(call, { values: commits.map((commit) => renderCommit(place, commit)), pagelen, offset }) }
}

async function getOne(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash = await commitOf(call, repository)
  const commit = await readCommit(repository.directory, hash)
  if (commit === undefined) throw notFound('Changeset not found.')
  const participants = approvalsOf(repository, hash).map((one) => renderParticipant(call.sim, one))
  return { body: { ...renderCommit({ sim: call.sim, repository }, commit), participants } }
}

/** Every pull request that brought the commit to its destination. */
async function pullRequestsOf(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash = await commitOf(call, repository)
  const { pullRequestLinks } = call.sim.switches
  if (pullRequestLinks === 'not_installed') throw notFound('Pull request commit links have not yet been indexed.')
  const all = repository.pullRequests
  const ends = all.flatMap((one) => [one.sourceHash, one.destinationHash])
  const having = await listDescendants(repository.directory, hash, ends)
  const found = all.filter((one) => having.has(one.sourceHash) && !having.has(one.destinationHash))
  const page = listItems(call, pullRequestLinks === 'indexing' ? [] : found, {
    size: { ...pullRequestPage, usual: 30 },
    hidden: ['reviewers', 'participants', 'rendered'],
    render: (one) => renderPullRequest({ sim: call.sim, repository }, one),
  })
  return pullRequestLinks === 'indexing' ? { ...page, status: 202 } : page
}

async function approve(call: Call): Promise<Answer> {
  const acting = actingOn(call)
  const hash = await commitOf(call, acting.repository)
  return { body: renderParticipant(call.sim, approveCommit(call.sim, acting, hash)) }
}

async function unapprove(call: Call): Promise<Answer> {
  const acting = actingOn(call)
  const hash = await commitOf(call, acting.repository)
  unapproveCommit(acting, hash)
  return { status: 204 }
}

const commit = `${base}/commit/:commit`

export const commitEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/commits`, need: needs.readRepository, handle: list },
  { method: 'POST', path: `${base}/commits`, need: needs.readRepository, handle: list },
  { method: 'GET', path: `${base}/commits/*`, need: needs.readRepository, handle: list },
  { method: 'POST', path: `${base}/commits/*`, need: needs.readRepository, handle: list },
  { method: 'GET', path: commit, need: needs.readRepository, handle: getOne },
  { method: 'GET', path: `${commit}/pullrequests`, need: needs.readPullRequest, handle: pullRequestsOf },
  { method: 'POST', path: `${commit}/approve`, need: needs.writeRepository, handle: approve },
  { method: 'DELETE', path: `${commit}/approve`, need: needs.changeRepository, handle: unapprove },
]
