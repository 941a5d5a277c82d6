import type { JsonObject } from '../../shared/json.ts'
import type { FileVersion } from '../git/file-history.ts'
import type { TreeEntry } from '../git/tree.ts'
import { renderCommit } from './commit.ts'
import { apiRepositoryUrl, href } from './links.ts'
import { type Place, renderCommitReference } from './place.ts'

/** Types by extension, as the remote goes by the name and not by what is in the file. */
const types: Record<string, string> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  py: 'text/x-python',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  txt: 'text/plain',
  xml: 'application/xml',
  zip: 'application/zip',
}

/** null: the extension says nothing. */
export function mimetypeOf(path: string): string | null {
  return types[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? null
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** The marks of a file: how git keeps it, and whether it is text. */
function attributesOf(entry: TreeEntry, isBinary: boolean): string[] {
  if (entry.kind === 'submodule') return ['subrepository']
  if (entry.link) return ['link']
  return [...(entry.executable ? ['executable'] : []), ...(isBinary ? ['binary'] : [])]
}

/** A file or folder at a commit: the one in the address, not the one that changed it last. */
export function renderEntry(place: Place, at: { hash: string; isBinary: boolean }, entry: TreeEntry): JsonObject {
  const isFolder = entry.kind === 'directory'
  const api = apiRepositoryUrl(place.sim, place.repository)
  const file = `${at.hash}/${encodePath(entry.path)}`
  const self = `${api}/src/${file}${isFolder && entry.path !== '' ? '/' : ''}`
  const common = {
    path: entry.path,
    commit: renderCommitReference(place, at.hash),
    type: isFolder ? 'commit_directory' : 'commit_file',
  }
  if (isFolder) return { ...common, links: { self: href(self), meta: href(`${self}?format=meta`) } }
  return {
    ...common,
    attributes: attributesOf(entry, at.isBinary),
    escaped_path: encodeURI(entry.path),
    size: entry.size,
    mimetype: mimetypeOf(entry.path),
    links: { self: href(self), meta: href(`${self}?format=meta`), history: href(`${api}/filehistory/${file}`) },
  }
}

/** What `fields` has to ask for in a file's history: the rest of the commit. */
export const hiddenInHistory = ['date', 'author', 'committer', 'message', 'summary', 'parents', 'rendered'].map(
  (name) => `commit.${name}`,
)

export function renderFileVersion(place: Place, { commit, path, size }: FileVersion): JsonObject {
  const api = apiRepositoryUrl(place.sim, place.repository)
  const file = `${commit.hash}/${encodePath(path)}`
  const { repository: _repository, ...whole } = renderCommit(place, commit)
  return {
    path,
    commit: { ...whole, ...renderCommitReference(place, commit.hash) },
    type: 'commit_file',
    attributes: [],
    escaped_path: encodeURI(path),
    size,
    mimetype: mimetypeOf(path),
    links: {
      self: href(`${api}/src/${file}`),
      meta: href(`${api}/src/${file}?format=meta`),
      history: href(`${api}/filehistory/${file}`),
    },
  }
}
