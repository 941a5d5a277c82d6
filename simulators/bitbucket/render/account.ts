import { createHash } from 'node:crypto'
import type { JsonObject } from '../../shared/json.ts'
import type { Person, Project, Workspace, WorkspaceRole } from '../model.ts'
import type { Sim } from '../state.ts'
import { encodeUuid, href } from './links.ts'

export function initials(name: string): string {
  return name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase()
}

/** What the address of a person's picture says of their e-mail address. */
export function avatarHash(person: Person): string {
  return createHash('md5').update(person.email).digest('hex')
}

/** A user as others see it: no e-mail address, no user name. Of a deleted one nothing is left. */
export function renderAccount(sim: Sim, person: Person): JsonObject | null {
  return person.isDeleted === true ? null : renderPresent(sim, person)
}

function renderPresent(sim: Sim, person: Person): JsonObject {
  const uuid = encodeUuid(person.uuid)
  const links = {
    self: href(`${sim.urls.api}/users/${uuid}`),
    avatar: href(`${sim.urls.web}/account/avatar/${avatarHash(person)}/${initials(person.displayName)}-1.png`),
    html: href(`${sim.urls.web}/${uuid}/`),
  }
  if (person.kind === 'app_user') {
    return {
      display_name: person.displayName,
      links: { self: links.self, avatar: links.avatar },
      type: 'app_user',
      uuid: person.uuid,
      account_id: person.accountId,
      created_on: person.createdOn,
      account_status: 'active',
    }
  }
  return {
    display_name: person.displayName,
    links,
    type: 'user',
    uuid: person.uuid,
    account_id: person.accountId,
    nickname: person.displayName,
  }
}

/** The caller's own record: `GET /user` and `GET /users/{id}` say a little more. */
export function renderFullAccount(sim: Sim, person: Person): JsonObject {
  const account = renderPresent(sim, person)
  if (person.kind === 'app_user') return account
  return {
    ...account,
    links: {
      ...(typeof account['links'] === 'object' && !Array.isArray(account['links']) ? account['links'] : {}),
      repositories: href(`${sim.urls.api}/repositories/${encodeUuid(person.uuid)}`),
      snippets: href(`${sim.urls.api}/snippets/${encodeUuid(person.uuid)}`),
      hooks: href(`${sim.urls.api}/workspaces/${encodeUuid(person.uuid)}/hooks`),
    },
    created_on: person.createdOn,
    is_staff: false,
    location: null,
    account_status: 'active',
    has_2fa_enabled: null,
    username: person.username,
  }
}

/** The workspace as the owner of a repository. */
export function renderOwner(sim: Sim, workspace: Workspace): JsonObject {
  const uuid = encodeUuid(workspace.uuid)
  return {
    display_name: workspace.name,
    links: {
      self: href(`${sim.urls.api}/workspaces/${uuid}`),
      avatar: href(`${sim.urls.web}/account/${workspace.slug}/avatar/`),
      html: href(`${sim.urls.web}/${uuid}/`),
    },
    type: 'team',
    uuid: workspace.uuid,
    username: workspace.slug,
  }
}

export function renderWorkspaceReference(sim: Sim, workspace: Workspace): JsonObject {
  return {
    type: 'workspace',
    uuid: workspace.uuid,
    name: workspace.name,
    slug: workspace.slug,
    links: {
      avatar: href(`${sim.urls.web}/workspaces/${workspace.slug}/avatar/?ts=1763600000`),
      html: href(`${sim.urls.web}/${workspace.slug}/`),
      self: href(`${sim.urls.api}/workspaces/${workspace.slug}`),
    },
  }
}

export function renderWorkspace(sim: Sim, workspace: Workspace): JsonObject {
  const api = `${sim.urls.api}/workspaces/${workspace.slug}`
  return {
    ...renderWorkspaceReference(sim, workspace),
    links: {
      owners: href(`${api}/members?q=permission%3D%22owner%22`),
      hooks: href(`${api}/hooks`),
      self: href(api),
      repositories: href(`${sim.urls.api}/repositories/${workspace.slug}`),
      snippets: href(`${sim.urls.api}/snippets/${workspace.slug}`),
      html: href(`${sim.urls.web}/${workspace.slug}/`),
      avatar: href(`${sim.urls.web}/workspaces/${workspace.slug}/avatar/?ts=1763600000`),
      members: href(`${api}/members`),
      projects: href(`${api}/projects`),
    },
    created_on: workspace.createdOn,
    updated_on: workspace.createdOn,
    is_private: true,
    is_personal: false,
    is_privacy_enforced: false,
    forking_mode: 'allow_forks',
  }
}

/** `workspace_base`: the thin record of GET /user/workspaces, without a name. */
export function renderWorkspaceAccess(sim: Sim, workspace: Workspace, role: WorkspaceRole): JsonObject {
  return {
    type: 'workspace_access',
    administrator: role === 'owner',
    workspace: {
      type: 'workspace_base',
      uuid: workspace.uuid,
      slug: workspace.slug,
      links: {
        avatar: href(`${sim.urls.web}/workspaces/${workspace.slug}/avatar/`),
        self: href(`${sim.urls.api}/workspaces/${workspace.slug}`),
      },
    },
  }
}

export function renderMembership(
  sim: Sim,
  input: { workspace: Workspace; person: Person; role?: WorkspaceRole; withEmail: boolean },
): JsonObject {
  const { workspace, person } = input
  const user = renderPresent(sim, person)
  if (input.withEmail) user['email'] = person.email
  return {
    type: 'workspace_membership',
    ...(input.role === undefined ? {} : { permission: input.role }),
    user,
    workspace: renderWorkspaceReference(sim, workspace),
    links: { self: href(`${sim.urls.api}/workspaces/${workspace.slug}/members/${encodeUuid(person.uuid)}`) },
  }
}

export function renderProjectReference(sim: Sim, workspace: Workspace, project: Project): JsonObject {
  return {
    type: 'project',
    key: project.key,
    uuid: project.uuid,
    name: project.name,
    links: {
      self: href(`${sim.urls.api}/workspaces/${workspace.slug}/projects/${project.key}`),
      html: href(`${sim.urls.web}/${workspace.slug}/workspace/projects/${project.key}`),
      avatar: href(`${sim.urls.web}/${workspace.slug}/workspace/projects/${project.key}/avatar/32?ts=1763600000`),
    },
  }
}

export function renderProject(sim: Sim, workspace: Workspace, project: Project): JsonObject {
  return {
    ...renderProjectReference(sim, workspace, project),
    owner: renderOwner(sim, workspace),
    workspace: renderWorkspaceReference(sim, workspace),
    description: project.description,
    is_private: project.isPrivate,
    has_publicly_visible_repos: sim.repositories.some((one) => one.project === project && !one.isPrivate),
    created_on: project.createdOn,
    updated_on: project.updatedOn,
  }
}
