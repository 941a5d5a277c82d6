import type { JsonObject } from '../../shared/json.ts'
import { cursorPage, readCursor, readPagelen, usualPage } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, repositoryOf } from '../call.ts'
import { readCommit } from '../git/commits.ts'
import { resolveCommit } from '../git/refs.ts'
import { findEntry, listFolder, readFile, type TreeEntry } from '../git/tree.ts'
import type { Repository } from '../model.ts'
import { apiRepositoryUrl, href } from '../render/links.ts'
import { renderCommitReference } from '../render/place.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug'

interface Spot {
  repository: Repository
  hash: string
}

function renderEntry(call: Call, spot: Spot, entry: TreeEntry): JsonObject {
  const isFolder = entry.kind === 'directory'
  const self = `${apiRepositoryUrl(call.sim, spot.repository)}/src/${spot.hash}/${encodeURI(entry.path)}${isFolder ? '/' : ''}`
  const place = { sim: call.sim, repository: spot.repository }
  const common = {
    path: entry.path,
    commit: renderCommitReference(place, spot.hash),
    type: isFolder ? 'commit_directory' : 'commit_file',
  }
  if (isFolder) return { ...common, links: { self: href(self), meta: href(`${self}?format=meta`) } }
  return {
    ...common,
    attributes: entry.executable ? ['executable'] : [],
    escaped_path: encodeURI(entry.path),
    size: entry.size,
    mimetype: null,
    links: {
      self: href(self),
      meta: href(`${self}?format=meta`),
      history: href(self.replace('/src/', '/filehistory/')),
    },
  }
}

async function folder(call: Call, spot: Spot, path: string): Promise<Answer> {
  const depth = Number(call.query.get('max_depth') ?? '1')
  const entries = await listFolder(spot.repository.directory, {
    commit: spot.hash,
    path,
    depth: Number.isInteger(depth) && depth > 0 ? depth : 1,
  })
  const pagelen = readPagelen(call, usualPage)
  const offset = readCursor(call)
  const values = entries.slice(offset, offset + pagelen + 1).map((entry) => renderEntry(call, spot, entry))
  return { body: cursorPage(call, { values, pagelen, offset }) }
}

async function read(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const revision = call.params['commit'] ?? ''
  const hash = await resolveCommit(repository.directory, revision)
  if (hash === undefined) throw new SimulatorError(404, 'Commit not found', { data: { shas: [revision] } })
  const path = (call.params['*'] ?? '').replace(/\/+$/, '')
  const entry = await findEntry(repository.directory, hash, path)
  if (entry === undefined) throw notFound(`No such file or directory: ${path}`)
  const spot = { repository, hash }
  if (call.query.get('format') === 'meta') return { body: renderEntry(call, spot, entry) }
  if (entry.kind === 'directory') return await folder(call, spot, path)
  const bytes = await readFile(repository.directory, hash, path)
  const isText = !bytes.subarray(0, 8000).includes(0)
  return { raw: { contentType: isText ? 'text/plain; charset=utf-8' : 'application/octet-stream', bytes } }
}

async function toMainBranch(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const hash =
    repository.mainBranch === null ? undefined : await resolveCommit(repository.directory, repository.mainBranch)
  const commit = hash === undefined ? undefined : await readCommit(repository.directory, hash)
  if (commit === undefined) throw notFound('Commit not found')
  return { status: 302, headers: { location: `${apiRepositoryUrl(call.sim, repository)}/src/${commit.hash}/` } }
}

export const sourceEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/src`, need: needs.readRepository, handle: toMainBranch },
  { method: 'GET', path: `${base}/src/:commit`, need: needs.readRepository, group: 'source', handle: read },
  { method: 'GET', path: `${base}/src/:commit/*`, need: needs.readRepository, group: 'source', handle: read },
]
