/** Scopes of a call: what an OAuth or access token needs, and what an API token needs (all of them; nothing is implied). */
export interface Need {
  oauth: string[]
  token: string[]
}

function need(oauth: string, ...token: string[]): Need {
  return { oauth: oauth.split(' '), token: token.map((scope) => `${scope}:bitbucket`) }
}

export const needs = {
  readUser: need('account', 'read:user'),
  readEmail: need('email', 'read:user'),
  readWorkspace: need('account', 'read:workspace'),
  readPermissions: need('account', 'read:repository'),
  readProject: need('project', 'read:project'),
  readRepository: need('repository', 'read:repository'),
  writeRepository: need('repository:write', 'read:repository', 'write:repository'),
  deleteBranch: need('repository:write', 'write:repository'),
  adminRepository: need('repository:admin', 'admin:repository'),
  readPullRequest: need('pullrequest', 'read:pullrequest'),
  writePullRequest: need('pullrequest:write', 'read:pullrequest', 'write:pullrequest'),
  withdrawReview: need('pullrequest:write', 'write:pullrequest'),
  readWebhook: need('webhook', 'read:webhook'),
  writeWebhook: need('webhook', 'read:webhook', 'write:webhook'),
  deleteWebhook: need('webhook', 'delete:webhook'),
  readIssue: need('issue', 'read:issue'),
  writeIssue: need('issue:write', 'read:issue', 'write:issue'),
  deleteIssue: need('issue:write', 'delete:issue'),
  deleteIssueComment: need('issue:write', 'write:issue'),
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

const implied: Record<string, string[]> = {
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
