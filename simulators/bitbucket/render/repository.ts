import type { JsonObject } from '../../shared/json.ts'
import type { Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { renderOwner, renderProjectReference, renderWorkspaceReference } from './account.ts'
import { apiRepositoryUrl, encodeUuid, fullName, href, webRepositoryUrl } from './links.ts'

function basicLinks(sim: Sim, repository: Repository): JsonObject {
  return {
    self: href(apiRepositoryUrl(sim, repository)),
    html: href(webRepositoryUrl(sim, repository)),
    avatar: href(`${sim.urls.web}/ravatar/${encodeUuid(repository.uuid)}?ts=default`),
  }
}

/** The five fields every nested repository has. */
export function renderRepositoryReference(sim: Sim, repository: Repository): JsonObject {
  return {
    type: 'repository',
    full_name: fullName(repository),
    links: basicLinks(sim, repository),
    name: repository.name,
    uuid: repository.uuid,
  }
}

/** The repository of a webhook payload. */
export function renderPayloadRepository(sim: Sim, repository: Repository): JsonObject {
  return {
    type: 'repository',
    full_name: fullName(repository),
    links: basicLinks(sim, repository),
    name: repository.name,
    scm: 'git',
    website: repository.website,
    owner: renderOwner(sim, repository.workspace),
    workspace: renderWorkspaceReference(sim, repository.workspace),
    is_private: repository.isPrivate,
    project: renderProjectReference(sim, repository.workspace, repository.project),
    uuid: repository.uuid,
    parent: repository.parent === null ? null : renderRepositoryReference(sim, repository.parent),
  }
}

export function renderRepository(sim: Sim, repository: Repository): JsonObject {
  const api = apiRepositoryUrl(sim, repository)
  const web = webRepositoryUrl(sim, repository)
  // Without the port: after the colon of such an address comes the path.
  const { hostname } = new URL(sim.urls.web)
  const links: JsonObject = {
    ...basicLinks(sim, repository),
    pullrequests: href(`${api}/pullrequests`),
    commits: href(`${api}/commits`),
    forks: href(`${api}/forks`),
    watchers: href(`${api}/watchers`),
    branches: href(`${api}/refs/branches`),
    tags: href(`${api}/refs/tags`),
    downloads: href(`${api}/downloads`),
    source: href(`${api}/src`),
    clone: [
      { name: 'https', href: `${web}.git` },
      { name: 'ssh', href: `git@${hostname}:${fullName(repository)}.git` },
    ],
    hooks: href(`${api}/hooks`),
  }
  if (sim.mode === 'legacy' && repository.hasIssues) links['issues'] = href(`${api}/issues`)
  return {
    type: 'repository',
    full_name: fullName(repository),
    links,
    name: repository.name,
    slug: repository.slug,
    description: repository.description,
    scm: 'git',
    website: repository.website,
    owner: renderOwner(sim, repository.workspace),
    workspace: renderWorkspaceReference(sim, repository.workspace),
    is_private: repository.isPrivate,
    project: renderProjectReference(sim, repository.workspace, repository.project),
    fork_policy: repository.forkPolicy,
    created_on: repository.createdOn,
    updated_on: repository.updatedOn,
    size: repository.size,
    language: repository.language,
    ...(sim.mode === 'legacy' ? { has_issues: repository.hasIssues, has_wiki: false } : {}),
    uuid: repository.uuid,
    mainbranch: repository.mainBranch === null ? null : { name: repository.mainBranch, type: 'branch' },
    override_settings: { ...repository.overrides },
    parent: repository.parent === null ? null : renderRepositoryReference(sim, repository.parent),
    enforced_signed_commits: null,
  }
}
