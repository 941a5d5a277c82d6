import type { Mode } from '../model.ts'

/** Scopes of a call: what an OAuth or access token needs, and what an API token needs (all of them; nothing is implied). */
export interface Need {
  oauth: string[]
  token: string[]
}

function need(oauth: string, ...token: string[]): Need {
  return { oauth: oauth.split(' ').filter((scope) => scope !== ''), token: token.map((scope) => `${scope}:bitbucket`) }
}

export const needs = {
  readUser: need('account', 'read:user'),
  /** Another's profile, or a workspace: to any OAuth or access token. */
  readProfile: need('', 'read:user'),
  readAnyWorkspace: need('', 'read:workspace'),
  readEmail: need('email', 'read:user'),
  readWorkspace: need('account', 'read:workspace'),
  readPermissions: need('account', 'read:repository'),
  readOwnPermissions: need('account repository', 'read:repository'),
  readWorkspaces: need('account', 'read:user', 'read:workspace'),
  readSnippet: need('snippet', 'read:snippet'),
  readProject: need('project', 'read:project'),
  readRepository: need('repository', 'read:repository'),
  writeRepository: need('repository:write', 'read:repository', 'write:repository'),
  deleteBranch: need('repository:write', 'write:repository'),
  changeRepository: need('repository:write', 'write:repository'),
  adminRepository: need('repository:admin', 'admin:repository'),
  deleteRepository: need('repository:delete', 'delete:repository'),
  writeDownload: need('repository:write', 'write:repository'),
  readGrants: need('repository:admin', 'read:repository'),
  writeGrant: need('repository:admin', 'admin:repository', 'write:permission'),
  deleteGrant: need('repository:admin', 'admin:repository', 'delete:permission'),
  readDeployKey: need('repository repository:admin', 'admin:repository'),
  writeDeployKey: need('repository repository:admin', 'admin:repository', 'write:ssh-key'),
  deleteDeployKey: need('repository repository:admin', 'admin:repository', 'delete:ssh-key'),
  adminProject: need('project:admin', 'admin:project'),
  readProjectGrants: need('project:admin', 'read:project'),
  writeProjectGrant: need('project:admin', 'admin:project', 'write:permission'),
  deleteProjectGrant: need('project:admin', 'admin:project', 'delete:permission'),
  readProjectDeployKey: need('project project:admin', 'admin:project'),
  writeProjectDeployKey: need('project project:admin', 'admin:project', 'write:ssh-key'),
  deleteProjectDeployKey: need('project project:admin', 'admin:project', 'delete:ssh-key'),
  readProjectBranchingModel: need('project:admin', 'read:repository'),
  readProjectReviewers: need('project:admin', 'read:pullrequest'),
  readPullRequest: need('pullrequest', 'read:pullrequest'),
  writePullRequest: need('pullrequest:write', 'read:pullrequest', 'write:pullrequest'),
  withdrawReview: need('pullrequest:write', 'write:pullrequest'),
  readPipeline: need('pipeline', 'read:pipeline'),
  writePipeline: need('pipeline:write', 'read:pipeline', 'write:pipeline'),
  stopPipeline: need('pipeline:write', 'write:pipeline'),
  adminPipeline: need('pipeline:variable', 'admin:pipeline'),
  adminEnvironment: need('pipeline', 'admin:pipeline'),
  readWebhook: need('webhook', 'read:webhook'),
  writeWebhook: need('webhook', 'read:webhook', 'write:webhook'),
  deleteWebhook: need('webhook', 'delete:webhook'),
  readIssue: need('issue', 'read:issue'),
  writeIssue: need('issue:write', 'read:issue', 'write:issue'),
  deleteIssue: need('issue:write', 'delete:issue'),
  deleteIssueComment: need('issue:write', 'write:issue'),
  changeAttachment: need('issue:write', 'write:issue'),
  readInterest: need('account issue', 'read:issue', 'read:user'),
  showInterest: need('account:write issue', 'write:issue', 'write:user'),
  dropInterest: need('account:write issue:write', 'write:issue', 'write:user'),
  exportIssues: need('issue repository:admin', 'read:issue'),
  importIssues: need('issue:write repository:admin', 'write:issue', 'admin:repository'),
} as const

const families: Record<string, string[]> = {
  repository: ['read', 'write', 'admin', 'delete'],
  pullrequest: ['read', 'write'],
  project: ['read', 'admin'],
  workspace: ['read', 'admin'],
  user: ['read', 'write'],
  pipeline: ['read', 'write', 'admin'],
  runner: ['read', 'write'],
  issue: ['read', 'write', 'delete'],
  webhook: ['read', 'write', 'delete'],
  snippet: ['read', 'write', 'delete'],
  'ssh-key': ['read', 'write', 'delete'],
  'gpg-key': ['read', 'write', 'delete'],
  permission: ['read', 'write', 'delete'],
}

/** The closed list of API token scopes. */
export const apiTokenScopes: string[] = Object.entries(families).flatMap(([name, verbs]) =>
  verbs.map((verb) => `${verb}:${name}:bitbucket`),
)

export const oauthScopes = [
  'project',
  'project:admin',
  'repository',
  'repository:write',
  'repository:admin',
  'repository:delete',
  'pullrequest',
  'pullrequest:write',
  'issue',
  'issue:write',
  'wiki',
  'webhook',
  'snippet',
  'snippet:write',
  'email',
  'account',
  'account:write',
  'pipeline',
  'pipeline:write',
  'pipeline:variable',
  'runner',
  'runner:write',
]

/** Of issue tracker and wikis: still in the lists, and with nothing left to open in 2026 mode. */
const ofRemoved = /^((read|write|delete):)?(issue|wiki)(:|$)/

/** The scopes that open something in this mode. */
export function livingScopes(mode: Mode, scopes: readonly string[]): string[] {
  return scopes.filter((scope) => mode === 'legacy' || !ofRemoved.test(scope))
}

const everyAccessToken = [
  'repository',
  'repository:write',
  'repository:admin',
  'repository:delete',
  'pullrequest',
  'pullrequest:write',
  'webhook',
  'pipeline',
  'pipeline:write',
  'pipeline:variable',
  'runner',
  'runner:write',
]

/** What an access token can be given at all, by what it belongs to. */
export const accessTokenScopes: Record<'repository' | 'project' | 'workspace', string[]> = {
  repository: everyAccessToken,
  project: [...everyAccessToken, 'project'],
  workspace: [...everyAccessToken, 'project', 'project:admin', 'account'],
}

const implied: Record<string, string[]> = {
  project: ['repository'],
  'repository:write': ['repository'],
  pullrequest: ['repository'],
  'pullrequest:write': ['pullrequest', 'repository', 'repository:write'],
  'issue:write': ['issue'],
  'account:write': ['account'],
  'pipeline:write': ['pipeline'],
  'snippet:write': ['snippet'],
  'runner:write': ['runner'],
}

/** OAuth scopes with all they contain. API token scopes contain nothing but themselves. */
export function withImplied(scopes: string[]): Set<string> {
  return new Set(scopes.flatMap((scope) => [scope, ...(implied[scope] ?? [])]))
}
