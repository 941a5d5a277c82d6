import { type JsonObject, ownValue } from '../../shared/json.ts'
import type { GitCommit } from '../git/commits.ts'
import type { FileChange } from '../git/diff.ts'
import { mergeStrategies } from '../git/merge.ts'
import type { GitRef } from '../git/refs.ts'
import type { CommitStatus } from '../model.ts'
import type { Sim } from '../state.ts'
import { renderAccount } from './account.ts'
import { renderContent } from './content.ts'
import { apiRepositoryUrl, fullName, href, webRepositoryUrl } from './links.ts'
import { type Place, renderCommitReference } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

/** `Name <mail>`, with the account when the address is known. */
function renderAuthor(sim: Sim, raw: string): JsonObject {
  const email = /<([^>]*)>/.exec(raw)?.[1]
  const person = sim.people.find((one) => one.email === email)
  return { type: 'author', raw, ...(person === undefined ? {} : { user: renderAccount(sim, person) }) }
}

function commitLinks(place: Place, hash: string): JsonObject {
  const api = apiRepositoryUrl(place.sim, place.repository)
  return {
    self: href(`${api}/commit/${hash}`),
    html: href(`${webRepositoryUrl(place.sim, place.repository)}/commits/${hash}`),
    diff: href(`${api}/diff/${hash}`),
    approve: href(`${api}/commit/${hash}/approve`),
    comments: href(`${api}/commit/${hash}/comments`),
    statuses: href(`${api}/commit/${hash}/statuses`),
    patch: href(`${api}/patch/${hash}`),
  }
}

export function renderCommit(place: Place, commit: GitCommit): JsonObject {
  const message = renderContent(place, commit.message)
  return {
    type: 'commit',
    hash: commit.hash,
    date: commit.date,
    author: renderAuthor(place.sim, commit.author),
    committer: { ...renderAuthor(place.sim, commit.committer), type: 'committer' },
    message: commit.message,
    summary: message,
    links: commitLinks(place, commit.hash),
    parents: commit.parents.map((hash) => renderCommitReference(place, hash)),
    rendered: { message },
    repository: renderRepositoryReference(place.sim, place.repository),
  }
}

/** A commit inside a push payload; as the target of a ref it has fewer links still. */
export function renderPayloadCommit(place: Place, commit: GitCommit, links: 'all' | 'few' = 'all'): JsonObject {
  const { repository: _repository, ...rest } = renderCommit(place, commit)
  const all = commitLinks(place, commit.hash)
  const { self = null, html = null } = all
  return { ...rest, links: links === 'all' ? all : { self, html }, committer: {}, rendered: {}, properties: {} }
}

/** The commit of a build status in a payload. */
export function renderStatusCommit(place: Place, commit: GitCommit): JsonObject {
  const { type, hash, date, author, message, links } = renderCommit(place, commit)
  return {
    type: type ?? 'commit',
    hash: hash ?? '',
    date: date ?? '',
    author: author ?? null,
    message: message ?? '',
    links: links ?? {},
  }
}

export function renderRef(place: Place, ref: GitRef, target: JsonObject): JsonObject {
  const api = apiRepositoryUrl(place.sim, place.repository)
  const web = webRepositoryUrl(place.sim, place.repository)
  const isBranch = ref.kind === 'branch'
  const links: JsonObject = {
    self: href(`${api}/refs/${isBranch ? 'branches' : 'tags'}/${ref.name}`),
    commits: href(`${api}/commits/${ref.name}`),
    html: href(isBranch ? `${web}/branch/${ref.name}` : `${web}/commits/tag/${ref.name}`),
  }
  if (isBranch) {
    links['pullrequest_create'] = href(`${web}/pull-requests/new?source=${ref.name}&t=1`)
    return {
      name: ref.name,
      target,
      links,
      type: 'branch',
      merge_strategies: [...mergeStrategies],
      sync_strategies: ['merge_commit', 'rebase'],
      default_merge_strategy: 'merge_commit',
    }
  }
  return {
    name: ref.name,
    type: 'tag',
    message: ref.annotation?.message ?? null,
    date: ref.annotation?.date ?? null,
    tagger: ref.annotation === null ? null : renderAuthor(place.sim, ref.annotation.tagger),
    target,
    links,
  }
}

export function renderFileChange(place: Place, change: FileChange, commits: { from: string; to: string }): JsonObject {
  const api = apiRepositoryUrl(place.sim, place.repository)
  const file = (path: string | null, hash: string): JsonObject | null =>
    path === null
      ? null
      : {
          path,
          type: 'commit_file',
          escaped_path: encodeURI(path),
          links: { self: href(`${api}/src/${hash}/${encodeURI(path)}`) },
        }
  return {
    type: 'diffstat',
    lines_added: change.linesAdded,
    lines_removed: change.linesRemoved,
    status: change.status,
    old: file(change.oldPath, commits.from),
    new: file(change.newPath, commits.to),
  }
}

/** An address may be a template: `{repository.full_name}`, `{commit.hash}` and their like are filled in when shown. */
function fillUrl({ sim, repository }: Place, { url, hash }: CommitStatus): string {
  const values: Record<string, string> = {
    'repository.uuid': repository.uuid,
    'repository.name': repository.slug,
    'repository.full_name': fullName(repository),
    'commit.hash': hash,
  }
  const filled = url.replace(/\{([\w.]+)\}/g, (whole, name: string) => ownValue(values, name) ?? whole)
  return filled.startsWith('/') ? `${sim.urls.web}${filled}` : filled
}

export function renderStatus(place: Place, status: CommitStatus): JsonObject {
  const api = `${apiRepositoryUrl(place.sim, place.repository)}/commit/${status.hash}`
  return {
    key: status.key,
    type: 'build',
    state: status.state,
    name: status.name,
    refname: status.refname,
    description: status.description,
    // Planted ones stand below the web address, which was not known then.
    url: fillUrl(place, status),
    commit: renderCommitReference(place, status.hash),
    repository: renderRepositoryReference(place.sim, place.repository),
    created_on: status.createdOn,
    updated_on: status.updatedOn,
    links: {
      commit: href(api),
      self: href(`${api}/statuses/build/${encodeURIComponent(status.key)}`),
    },
  }
}
