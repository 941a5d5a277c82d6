import * as z from 'zod'
import { type AppError, isAppError } from '../lib/app-error.ts'
import { segment } from '../lib/rest-client.ts'
import type { BitbucketClient } from './client.ts'
import type { BitbucketAuthKind } from './credential.ts'
import { listHooks } from './readers/hooks.ts'
import { findIssueTracker } from './readers/issue-tracker.ts'
import { type RemoteRepository, readRepositoryPage } from './readers/repositories.ts'
import { type RemoteAccount, readOwnAccount } from './readers/users.ts'
import { type RemoteWorkspace, readWorkspace, readWorkspacePermission } from './readers/workspaces.ts'
import { judgeScope, listScopeRequirements, type ScopeState } from './scopes.ts'

export type CheckedScope = { scope: string; neededFor: string; isRequired: boolean; state: ScopeState }

/** What a credential can do, found out by doing it. */
export type CredentialCheck = {
  account: RemoteAccount | null
  workspace: RemoteWorkspace | null
  /** May make a webhook for the whole workspace. */
  isAdministrator: boolean
  hasIssues: boolean
  scopes: CheckedScope[]
  /** Whether webhooks could be listed: not without administrator rights. */
  webhooks: 'possible' | 'forbidden' | 'unknown'
}

export type CredentialQuestion = {
  kind: BitbucketAuthKind
  /** Slug or UUID; null while none is chosen. */
  workspace: string | null
  /** Scopes of an OAuth token answer. */
  granted?: readonly string[]
}

type Probe<Value> = { kind: 'seen'; value: Value } | { kind: 'refused'; error: AppError }
type Knowledge = { seen: Set<string>; refused: Set<string>; granted: readonly string[] | undefined }

const anyPage = z.object({ values: z.array(z.unknown()) })
const lane = 'person'

/**
 * Tries what the connection will do, reading only. Throws what stops it all: `remote_unauthorized`,
 * `remote_not_found` (the workspace), `remote_unavailable` and the like; missing permissions are in the answer.
 */
export async function checkCredential(client: BitbucketClient, question: CredentialQuestion): Promise<CredentialCheck> {
  const known: Knowledge = { seen: new Set(), refused: new Set(), granted: question.granted }
  const isToken = question.kind === 'api_token'
  const account = await probe(known, isToken ? 'read:user:bitbucket' : 'account', () => readOwnAccount(client, lane))
  const place = question.workspace === null ? null : await checkWorkspace(client, question, known)
  known.granted = listGranted(client) ?? known.granted
  const hasIssues = place?.hasIssues ?? false
  return {
    account: account.kind === 'seen' ? account.value : null,
    workspace: place?.workspace ?? null,
    isAdministrator: place?.isAdministrator ?? false,
    hasIssues,
    webhooks: place?.webhooks ?? 'unknown',
    scopes: listScopeRequirements(question.kind, hasIssues).map((requirement) => ({
      scope: requirement.scope,
      neededFor: requirement.needed_for,
      isRequired: requirement.required,
      state: judgeScope(requirement.scope, known),
    })),
  }
}

type Place = Pick<CredentialCheck, 'workspace' | 'isAdministrator' | 'hasIssues' | 'webhooks'>

async function checkWorkspace(client: BitbucketClient, question: CredentialQuestion, known: Knowledge): Promise<Place> {
  const name = question.workspace ?? ''
  const isToken = question.kind === 'api_token'
  const found = await probe(known, isToken ? 'read:workspace:bitbucket' : undefined, () =>
    readWorkspace(client, { workspace: name, lane }),
  )
  const isOwner = question.kind !== 'access_token' && (await ownsWorkspace(client, { name, isToken, known }))
  const listed = await probe(known, isToken ? 'read:repository:bitbucket' : 'repository', () =>
    readRepositoryPage(client, { workspace: name, lane, pageLength: 1 }),
  )
  const repository = listed.kind === 'seen' ? listed.value.values.at(0) : undefined
  // Tokens of one repository or project may not read the workspace; the repository names it.
  const workspace = found.kind === 'seen' ? found.value : toWorkspace(repository)
  if (
    workspace === null &&
    found.kind === 'refused' &&
    question.kind !== 'api_token' &&
    !isAppError(found.error, 'scope_missing')
  )
    throw found.error
  const isAdministrator = isOwner || (await mayListWorkspaceHooks(client, question, known))
  const inRepository =
    repository === undefined ? null : await checkRepository(client, { name, repository, isToken, known })
  return {
    workspace,
    isAdministrator,
    hasIssues: inRepository?.hasIssues ?? false,
    webhooks: isAdministrator
      ? await checkWorkspaceHooks(client, name, isToken, known)
      : (inRepository?.webhooks ?? 'unknown'),
  }
}

async function ownsWorkspace(
  client: BitbucketClient,
  { name, isToken, known }: { name: string; isToken: boolean; known: Knowledge },
): Promise<boolean> {
  const rights = await probe(known, isToken ? 'read:workspace:bitbucket' : undefined, () =>
    readWorkspacePermission(client, { workspace: name, lane }),
  )
  return rights.kind === 'seen' && rights.value === 'owner'
}

/** Access tokens are refused where rights are asked for: a workspace's token shows its own by doing. */
async function mayListWorkspaceHooks(
  client: BitbucketClient,
  question: CredentialQuestion,
  known: Knowledge,
): Promise<boolean> {
  if (question.kind !== 'access_token' || question.workspace === null) return false
  return (await checkWorkspaceHooks(client, question.workspace, false, known)) === 'possible'
}

async function checkWorkspaceHooks(
  client: BitbucketClient,
  workspace: string,
  isToken: boolean,
  known: Knowledge,
): Promise<Place['webhooks']> {
  const hooks = await probe(known, isToken ? 'read:webhook:bitbucket' : 'webhook', () =>
    listHooks(client, { subject: { kind: 'workspace', workspace }, lane }),
  )
  return judgeHooks(hooks)
}

function judgeHooks(hooks: Probe<unknown>): Place['webhooks'] {
  if (hooks.kind === 'seen') return 'possible'
  return isAppError(hooks.error, 'scope_missing') ? 'unknown' : 'forbidden'
}

async function checkRepository(
  client: BitbucketClient,
  input: { name: string; repository: RemoteRepository; isToken: boolean; known: Knowledge },
): Promise<{ hasIssues: boolean; webhooks: Place['webhooks'] }> {
  const { name, repository, isToken, known } = input
  const place = { workspace: name, repository: repository.slug }
  const path = `/repositories/${segment(name)}/${segment(repository.slug)}/pullrequests`
  await probe(known, isToken ? 'read:pullrequest:bitbucket' : 'pullrequest', () =>
    client.get(path, { what: 'read pull requests', lane, schema: anyPage, query: { pagelen: 1 } }),
  )
  const hooks = await probe(known, isToken ? 'read:webhook:bitbucket' : 'webhook', () =>
    listHooks(client, { subject: { kind: 'repository', ...place }, lane }),
  )
  const tracker = await findIssueTracker(client, { ...place, lane })
  if (tracker.kind !== 'scope_missing') return { hasIssues: tracker.kind !== 'gone', webhooks: judgeHooks(hooks) }
  // Where the tracker is gone, the scope may still be asked for first: then the repository's own flag decides.
  if (repository.hasIssues) for (const scope of tracker.required) known.refused.add(scope)
  return { hasIssues: repository.hasIssues, webhooks: judgeHooks(hooks) }
}

/** Runs one try and remembers what it says about scopes. Refusals are answers here; everything else is thrown. */
async function probe<Value>(
  known: Knowledge,
  scope: string | undefined,
  ask: () => Promise<Value>,
): Promise<Probe<Value>> {
  try {
    const value = await ask()
    if (scope !== undefined) known.seen.add(scope)
    return { kind: 'seen', value }
  } catch (error) {
    if (isAppError(error, 'scope_missing')) {
      const lists = scopeLists.parse(error.meta ?? {})
      // A token without any scope is refused before anything is looked at: then nothing else can be found out.
      if (lists.required.length === 0) throw error
      for (const missing of lists.missing) known.refused.add(missing)
      known.granted = lists.granted
      return { kind: 'refused', error }
    }
    if (isAppError(error, 'remote_forbidden')) return { kind: 'refused', error }
    throw error
  }
}

const texts = z.array(z.string()).catch([])
const scopeLists = z.object({ required: texts, granted: texts, missing: texts })

function listGranted(client: BitbucketClient): readonly string[] | undefined {
  const granted = client.grantedScopes()
  return granted === undefined || granted.length === 0 ? undefined : granted
}

function toWorkspace(repository: RemoteRepository | undefined): RemoteWorkspace | null {
  const workspace = repository?.workspace ?? null
  return workspace === null ? null : { ...workspace, name: workspace.name ?? workspace.slug }
}
