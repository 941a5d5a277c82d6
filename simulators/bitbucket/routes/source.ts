import { cursorPage, readCursor, readPagelen, usualPage } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { emptyTree, listBinary } from '../git/diff.ts'
import { readFileHistory } from '../git/file-history.ts'
import { resolveCommit } from '../git/refs.ts'
import { findEntry, listFolder, readFile, type TreeEntry } from '../git/tree.ts'
import type { Repository } from '../model.ts'
import { selectItems } from '../query/select-items.ts'
import { renderContent } from '../render/content.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { hiddenInHistory, mimetypeOf, renderEntry, renderFileVersion } from '../render/source.ts'
import { badRequest, notFound, SimulatorError, tookTooLong } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug'

/** What a file's text may be marked up with; the rest is not rendered. */
const rendered = /\.(md|markdown|mkd|mkdn|mdown|text|rst|textile)$/i

const queryable = ['path', 'escaped_path', 'type', 'size', 'attributes', 'mimetype', 'commit.hash', 'commit.date']

interface Spot {
  repository: Repository
  hash: string
}

async function spotOf(call: Call): Promise<Spot> {
  const repository = repositoryOf(call)
  const revision = call.params['commit'] ?? ''
  const hash = await resolveCommit(repository.directory, revision)
  if (hash === undefined) throw new SimulatorError(404, 'Commit not found', { data: { shas: [revision] } })
  return { repository, hash }
}

async function binariesOf({ repository, hash }: Spot, entries: TreeEntry[]): Promise<Set<string>> {
  const files = entries.filter((entry) => entry.kind === 'file').map((entry) => entry.path)
  if (files.length === 0) return new Set()
  return new Set(await listBinary(repository.directory, { from: emptyTree, to: hash }, files))
}

function readDepth(call: Call): number {
  const text = call.query.get('max_depth')
  if (text === null) return 1
  const depth = Number(text)
  if (!Number.isInteger(depth) || depth < 1) throw badRequest('Bad request', { max_depth: ['Enter a whole number.'] })
  const { deepestSource } = call.sim.switches
  if (deepestSource !== null && depth > deepestSource) throw tookTooLong('The request timed out.')
  return depth
}

async function folder(call: Call, spot: Spot, path: string): Promise<Answer> {
  const { repository, hash } = spot
  const place = { sim: call.sim, repository }
  const entries = await listFolder(repository.directory, { commit: hash, path, depth: readDepth(call) })
  const asksForAttributes = /attributes/.test(`${call.query.get('q') ?? ''} ${call.query.get('sort') ?? ''}`)
  const all = asksForAttributes ? await binariesOf(spot, entries) : new Set<string>()
  const kept = selectItems(entries, call.query, queryable, {
    render: (entry) => renderEntry(place, { hash, isBinary: all.has(entry.path) }, entry),
    quick: { path: (entry) => entry.path, size: (entry) => entry.size },
  })
  const pagelen = readPagelen(call, usualPage)
  const offset = readCursor(call)
  const shown = kept.slice(offset, offset + pagelen + 1)
  const binary = await binariesOf(spot, shown)
  const values = shown.map((entry) => renderEntry(place, { hash, isBinary: binary.has(entry.path) }, entry))
  // Unlike the other listings by cursor this one counts its pages.
  return { body: { ...cursorPage(call, { values, pagelen, offset }), page: Math.floor(offset / pagelen) + 1 } }
}

async function raw(spot: Spot, entry: TreeEntry): Promise<Answer> {
  const bytes = await readFile(spot.repository.directory, spot.hash, entry.path)
  const isText = !bytes.subarray(0, 8000).includes(0)
  const contentType = mimetypeOf(entry.path) ?? (isText ? 'text/plain' : 'application/octet-stream')
  const name = entry.path.split('/').at(-1) ?? ''
  return {
    raw: { contentType, bytes },
    headers: {
      'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
      // Content and attributes alone: the same file has the same tag wherever it lies.
      etag: `"${entry.hash}${entry.executable ? '-executable' : ''}${entry.link ? '-link' : ''}"`,
    },
  }
}

async function asMarkup(call: Call, spot: Spot, entry: TreeEntry): Promise<Answer> {
  if (entry.kind !== 'file' || !rendered.test(entry.path))
    throw badRequest('Bad request', { format: ['This file cannot be rendered.'] })
  const bytes = await readFile(spot.repository.directory, spot.hash, entry.path)
  return { body: renderContent({ sim: call.sim, repository: spot.repository }, bytes.toString('utf8')) }
}

async function read(call: Call): Promise<Answer> {
  const spot = await spotOf(call)
  const { directory } = spot.repository
  const path = (call.params['*'] ?? '').replace(/^\/+|\/+$/g, '')
  const entry = await findEntry(directory, spot.hash, path)
  if (entry === undefined) throw notFound(`No such file or directory: ${path}`)
  switch (call.query.get('format')) {
    case 'meta': {
      const isBinary = (await binariesOf(spot, [entry])).has(path)
      return {
        body: renderEntry({ sim: call.sim, repository: spot.repository }, { hash: spot.hash, isBinary }, entry),
      }
    }
    case 'rendered':
      return await asMarkup(call, spot, entry)
    default:
  }
  if (entry.kind === 'directory') return await folder(call, spot, path)
  // A submodule has no content here but the commit it is at.
  if (entry.kind === 'submodule') return { raw: { contentType: 'text/plain', bytes: entry.hash } }
  return await raw(spot, entry)
}

async function toMainBranch(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const { mainBranch } = repository
  const hash = mainBranch === null ? undefined : await resolveCommit(repository.directory, mainBranch)
  if (hash === undefined) throw notFound('Commit not found')
  const query = call.query.size === 0 ? '' : `?${call.query.toString()}`
  return { status: 302, headers: { location: `${apiRepositoryUrl(call.sim, repository)}/src/${hash}/${query}` } }
}

async function history(call: Call): Promise<Answer> {
  const { repository, hash } = await spotOf(call)
  const path = (call.params['*'] ?? '').replace(/^\/+|\/+$/g, '')
  const renames = call.query.get('renames') !== 'false'
  const versions = await readFileHistory(repository.directory, { commit: hash, path, renames })
  if (versions.length === 0) throw notFound(`No such file or directory: ${path}`)
  return listItems(call, versions, {
    queryable,
    hidden: hiddenInHistory,
    render: (version) => renderFileVersion({ sim: call.sim, repository }, version),
    quick: { path: (one) => one.path, size: (one) => one.size, 'commit.date': (one) => one.commit.date },
  })
}

export const sourceEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/src`, need: needs.readRepository, handle: toMainBranch },
  { method: 'GET', path: `${base}/src/:commit`, need: needs.readRepository, group: 'source', handle: read },
  { method: 'GET', path: `${base}/src/:commit/*`, need: needs.readRepository, group: 'source', handle: read },
  { method: 'GET', path: `${base}/filehistory/:commit/*`, need: needs.readRepository, handle: history },
]
