import type { BitbucketAuthKind } from './credential.ts'

/** One permission to tick, and what it is for. `required`: without it the connection is refused. */
export type ScopeRequirement = {
  readonly scope: string
  readonly needed_for: string
  readonly required: boolean
  /** Asked for only where the host still has its own issue tracker. */
  readonly issues: boolean
}

const must = (scope: string, neededFor: string): ScopeRequirement => ({
  scope,
  needed_for: neededFor,
  required: true,
  issues: false,
})
const may = (scope: string, neededFor: string): ScopeRequirement => ({ ...must(scope, neededFor), required: false })
const issues = (scope: string, neededFor: string): ScopeRequirement => ({ ...may(scope, neededFor), issues: true })

const who = 'knowing which account Weir writes as, so that its own comments do not come back'
const workspace = 'reading the workspace and your rights in it'
const repositories = 'listing repositories, commit comments and build results'
const pullRequests = 'reading pull requests, and writing comments and tasks on them'
const hooksRead = 'seeing whether the webhook is in place'
const hooksWrite = 'making and repairing the webhook that brings developers’ answers'
const hooksDelete = 'removing the webhook when you disconnect'
const issuesRead = 'reading issues, only on a host that still has them (bitbucket.org ended them in August 2026)'
const issuesWrite = 'writing issues and comments, only on a host that still has them'
const issuesDelete = 'removing comments deleted in Weir, only on a host that still has issues'

/** API token scopes contain nothing but themselves: write does not include read. */
const apiToken: readonly ScopeRequirement[] = [
  must('read:user:bitbucket', who),
  must('read:workspace:bitbucket', workspace),
  must('read:repository:bitbucket', repositories),
  must('read:pullrequest:bitbucket', pullRequests),
  must('read:webhook:bitbucket', hooksRead),
  must('write:webhook:bitbucket', hooksWrite),
  may('delete:webhook:bitbucket', hooksDelete),
  issues('read:issue:bitbucket', issuesRead),
  issues('write:issue:bitbucket', issuesWrite),
  issues('delete:issue:bitbucket', issuesDelete),
]

const oauth: readonly ScopeRequirement[] = [
  must('account', who),
  must('repository', repositories),
  must('pullrequest', pullRequests),
  must('webhook', `${hooksRead}, ${hooksWrite}`),
  issues('issue:write', issuesWrite),
]

/** Repository and project access tokens cannot carry `account`; only a workspace's can. */
const accessToken: readonly ScopeRequirement[] = oauth.map((requirement) =>
  requirement.scope === 'account' ? may('account', `${workspace} (workspace access tokens only)`) : requirement,
)

const requirements: Record<BitbucketAuthKind, readonly ScopeRequirement[]> = {
  api_token: apiToken,
  app_password: oauth,
  access_token: accessToken,
  oauth,
}

/** What a way of connecting needs, in the order of the form; issue scopes only when the host has issues. */
export function listScopeRequirements(kind: BitbucketAuthKind, hasIssues: boolean): ScopeRequirement[] {
  return requirements[kind].filter((requirement) => hasIssues || !requirement.issues)
}

/** What contains what among OAuth scopes. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#scopes */
const contained: Record<string, readonly string[]> = {
  'repository:write': ['repository'],
  pullrequest: ['repository'],
  'pullrequest:write': ['pullrequest', 'repository', 'repository:write'],
  'issue:write': ['issue'],
  'account:write': ['account'],
}

export type ScopeState = 'granted' | 'missing' | 'unknown'

/** State of one scope, given what is known: all that was granted (or undefined), and what was refused or seen to work. */
export function judgeScope(
  scope: string,
  known: { granted: readonly string[] | undefined; seen: ReadonlySet<string>; refused: ReadonlySet<string> },
): ScopeState {
  if (known.refused.has(scope)) return 'missing'
  if (known.seen.has(scope)) return 'granted'
  if (known.granted === undefined) return 'unknown'
  const all = new Set(known.granted.flatMap((one) => [one, ...(contained[one] ?? [])]))
  return all.has(scope) ? 'granted' : 'missing'
}
