import { commitPage, cursorPage, diffstatPage, pullRequestPage, readCursor, readPagelen } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import { listCommits, readCommit } from '../git/commits.ts'
import { type Comparison, emptyTree, readDiff, readDiffstat, readPatch } from '../git/diff.ts'
import { topicBase } from '../git/merge.ts'
import { isAncestor, listRefs, mergeBase, resolveCommit } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { renderCommit, renderFileChange } from '../render/commit.ts'
import { renderPullRequest } from '../render/pull-request.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug'

export async function commitOf(call: Call, repository: Repository, revision: string): Promise<string> {
  const hash = await resolveCommit(repository.directory, revision)
  if (hash === undefined) throw notFound('Changeset not found.')
  return hash
}

async function resolveAll(repository: Repository, names: string[]): Promise<string[]> {
  return await Promise.all(
    names.map(async (name) => {
      const hash = await resolveCommit(repository.directory, name)
      if (hash === undefined) throw new SimulatorError(404, 'Commit not found', { data: { shas: [name] } })
      return hash
    }),
  )
}

async function list(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const revision = call.params['*'] ?? ''
  const wanted = [...(revision === '' ? [] : [revision]), ...call.query.getAll('include')]
  const exclude = await resolveAll(repository, call.query.getAll('exclude'))
  const include =
    wanted.length > 0
      ? await resolveAll(repository, wanted)
      : (await listRefs(repository.directory)).filter((ref) => ref.kind === 'branch').map((ref) => ref.hash)
  const pagelen = readPagelen(call, commitPage)
  const offset = readCursor(call)
  const path = call.query.get('path') ?? undefined
  const commits = await listCommits(repository.directory, { include, exclude, path, skip: offset, limit: pagelen + 1 })
  const place = { sim: call.sim, repository }
  return { body: cursorPage(call, { values: commits.map((commit) => renderCommit(place, commit)), pagelen, offset }) }
}

async function getOne(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash = await commitOf(call, repository, call.params['commit'] ?? '')
  const commit = await readCommit(repository.directory, hash)
  if (commit === undefined) throw notFound('Changeset not found.')
  return { body: renderCommit({ sim: call.sim, repository }, commit) }
}

async function pullRequestsOf(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash = await commitOf(call, repository, call.params['commit'] ?? '')
  const found = []
  for (const one of repository.pullRequests) {
    const reachable = await isAncestor(repository.directory, hash, one.sourceHash)
    const already = one.state === 'OPEN' && (await isAncestor(repository.directory, hash, one.destinationHash))
    if (reachable && !already) found.push(renderPullRequest({ sim: call.sim, repository }, one))
  }
  return listing(call, found, {
    size: { ...pullRequestPage, usual: 30 },
    hidden: ['reviewers', 'participants', 'rendered'],
  })
}

/** `sha`, `source..destination`, or `{ws}/{repo}:{source}\r{destination}`: source first, as the remote has it. */
async function readSpec(call: Call, repository: Repository): Promise<Comparison> {
  const spec = (call.params['*'] ?? '').replace(/^[^/]+\/[^:]+:/, '')
  const [source = '', destination] = spec.split(/\r|\.\./)
  const to = await commitOf(call, repository, source)
  if (destination === undefined) {
    const commit = await readCommit(repository.directory, to)
    return { from: commit?.parents[0] ?? emptyTree, to }
  }
  const other = await commitOf(call, repository, destination)
  const isTopic = call.query.get('topic') !== 'false'
  return { from: isTopic ? await topicBase(repository.directory, to, other) : other, to }
}

async function diffstat(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const range = await readSpec(call, repository)
  const wanted = call.query.getAll('path')
  const changes = (await readDiffstat(repository.directory, range)).filter(
    (change) => wanted.length === 0 || wanted.some((path) => (change.newPath ?? change.oldPath ?? '').startsWith(path)),
  )
  const place = { sim: call.sim, repository }
  return listing(
    call,
    changes.map((change) => renderFileChange(place, change, range)),
    { size: diffstatPage },
  )
}

async function diff(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const text = await readDiff(repository.directory, await readSpec(call, repository), call.query.getAll('path'))
  return { raw: { contentType: 'text/plain; charset=utf-8', bytes: text } }
}

async function commonAncestor(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const [one = '', other = ''] = (call.params['*'] ?? '').split('..')
  const hashes = { one: await commitOf(call, repository, one), other: await commitOf(call, repository, other) }
  const hash = await mergeBase(repository.directory, hashes.one, hashes.other)
  const commit = hash === undefined ? undefined : await readCommit(repository.directory, hash)
  if (commit === undefined) throw notFound('Changeset not found.')
  return { body: renderCommit({ sim: call.sim, repository }, commit) }
}

async function patch(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const range = await readSpec(call, repository)
  const text = await readPatch(
    repository.directory,
    range.from === emptyTree ? { ...range, from: `${range.to}^!` } : range,
  )
  return { raw: { contentType: 'text/plain; charset=utf-8', bytes: text } }
}

export const commitEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/commits`, need: needs.readRepository, handle: list },
  { method: 'GET', path: `${base}/commits/*`, need: needs.readRepository, handle: list },
  { method: 'GET', path: `${base}/commit/:commit`, need: needs.readRepository, handle: getOne },
  { method: 'GET', path: `${base}/commit/:commit/pullrequests`, need: needs.readPullRequest, handle: pullRequestsOf },
  { method: 'GET', path: `${base}/diffstat/*`, need: needs.readRepository, handle: diffstat },
  { method: 'GET', path: `${base}/diff/*`, need: needs.readRepository, handle: diff },
  { method: 'GET', path: `${base}/merge-base/*`, need: needs.readRepository, handle: commonAncestor },
  { method: 'GET', path: `${base}/patch/*`, need: needs.readRepository, handle: patch },
]
