import type { Json, JsonObject } from '../../shared/json.ts'
import type { Artifact, BranchRestriction, DeployKey, Group } from '../model/administration.ts'
import type { Project, Repository, Workspace } from '../model.ts'
import type { Sim } from '../state.ts'
import { renderAccount, renderOwner, renderProjectReference, renderWorkspaceReference } from './account.ts'
import { apiRepositoryUrl, href } from './links.ts'
import type { Place } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

export function apiProjectUrl(sim: Sim, workspace: Workspace, project: Project): string {
  return `${sim.urls.api}/workspaces/${workspace.slug}/projects/${project.key}`
}

export function renderGroup(sim: Sim, workspace: Workspace, group: Group): JsonObject {
  return {
    type: 'group',
    owner: renderOwner(sim, workspace),
    workspace: renderWorkspaceReference(sim, workspace),
    name: group.name,
    slug: group.slug,
    full_slug: `${workspace.slug}:${group.slug}`,
    links: { html: href(`${sim.urls.web}/${workspace.slug}/workspace/settings/groups/${group.slug}`) },
  }
}

export function renderRestriction({ sim, repository }: Place, restriction: BranchRestriction): JsonObject {
  const { id, kind, match, value } = restriction
  return {
    type: 'branchrestriction',
    id,
    kind,
    branch_match_kind: match.kind,
    // Empty, not absent, when the branching model says which branches are meant.
    pattern: match.kind === 'glob' ? match.pattern : '',
    ...(match.kind === 'glob' ? {} : { branch_type: match.branchType }),
    value,
    users: restriction.users.map((person) => renderAccount(sim, person)),
    groups: restriction.groups.map((group) => renderGroup(sim, repository.workspace, group)),
    links: { self: href(`${apiRepositoryUrl(sim, repository)}/branch-restrictions/${id}`) },
  }
}

function renderKey(key: DeployKey, self: string): JsonObject {
  return {
    id: key.id,
    key: key.key,
    comment: key.comment,
    label: key.label,
    created_on: key.createdOn,
    added_on: key.createdOn,
    last_used: null,
    links: { self: href(self) },
  }
}

export function renderDeployKey(sim: Sim, repository: Repository, key: DeployKey): JsonObject {
  return {
    type: 'deploy_key',
    ...renderKey(key, `${apiRepositoryUrl(sim, repository)}/deploy-keys/${key.id}`),
    repository: renderRepositoryReference(sim, repository),
    owner: renderAccount(sim, key.createdBy),
  }
}

export function renderProjectDeployKey(
  sim: Sim,
  on: { workspace: Workspace; project: Project },
  key: DeployKey,
): JsonObject {
  return {
    type: 'project_deploy_key',
    ...renderKey(key, `${apiProjectUrl(sim, on.workspace, on.project)}/deploy-keys/${key.id}`),
    project: renderProjectReference(sim, on.workspace, on.project),
    created_by: renderAccount(sim, key.createdBy),
  }
}

export function renderArtifact({ sim, repository }: Place, artifact: Artifact): JsonObject {
  const file = `downloads/${encodeURIComponent(artifact.name)}`
  const user: Json = renderAccount(sim, artifact.person)
  return {
    type: 'download',
    name: artifact.name,
    size: artifact.content.length,
    downloads: artifact.downloads,
    created_on: artifact.createdOn,
    user,
    links: { self: href(`${apiRepositoryUrl(sim, repository)}/${file}`) },
  }
}
