import {
  type CheckedScope,
  type CredentialCheck,
  type CredentialQuestion,
  checkCredential,
} from '../../bitbucket/check-credential.ts'
import type { BitbucketClient } from '../../bitbucket/client.ts'
import { listScopeRequirements } from '../../bitbucket/scopes.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { restingState } from './connection-state.ts'

/** What a check found, as columns of the connection. */
export type JudgedCredential = { check: Pick<CredentialCheck, 'account' | 'workspace'>; columns: CheckedColumns }
export type CheckedColumns = Pick<
  ConnectionRow,
  'scopes_granted' | 'scopes_missing' | 'state' | 'state_reason' | 'has_issues' | 'is_administrator'
>

/**
 * Checks a credential somebody just gave, in words for the form: throws `credential_rejected`, `app_password_gone`,
 * `scope_missing` (with `missing` and all `scopes` in its meta), `validation_failed` (the workspace), or what the remote
 * itself failed with.
 */
export async function judgeCredential(
  client: BitbucketClient,
  question: CredentialQuestion & { secret?: string },
): Promise<JudgedCredential> {
  const check = await checkCredential(client, question).catch((error: unknown) => {
    throw toFormError(error, question)
  })
  const lacking = check.scopes.filter((scope) => scope.isRequired && scope.state === 'missing')
  if (lacking.length > 0) throw scopesMissing(check.scopes)
  if (question.workspace !== null && check.workspace === null) throw workspaceUnknown(question.workspace)
  return { check, columns: toColumns(check, question) }
}

/** The columns for a check that found nothing to refuse, or of a connection that goes on with less. */
export function toColumns(check: CredentialCheck, question: CredentialQuestion): CheckedColumns {
  const named = (state: CheckedScope['state']) =>
    check.scopes.filter((scope) => scope.state === state).map((scope) => scope.scope)
  // Tokens of one repository or project cannot have `account`: nothing to complain about.
  const missing = named('missing').filter((scope) => question.kind !== 'access_token' || scope !== 'account')
  const note = check.webhooks === 'forbidden' ? hooksForbidden : null
  return {
    scopes_granted: named('granted'),
    scopes_missing: missing,
    ...restingState({ kind: 'bitbucket', missing, note }),
    has_issues: check.hasIssues,
    is_administrator: check.isAdministrator,
  }
}

const hooksForbidden =
  'The account is no administrator, so Weir cannot make webhooks: developers’ answers arrive with the next reconciliation instead of at once. Connect with an administrator of the workspace or of the repositories.'

function scopesMissing(scopes: readonly CheckedScope[]): AppError {
  const missing = scopes.filter((scope) => scope.state === 'missing' && scope.isRequired)
  const lines = missing.map((scope) => `${scope.scope} (${scope.neededFor})`)
  return new AppError(
    'scope_missing',
    `The credential lacks ${lines.join('; ')}. Make a new one with these ticked; the permissions of an existing one cannot be changed.`,
    {
      meta: {
        missing: missing.map((scope) => scope.scope),
        scopes: scopes.map(({ scope, neededFor, state }) => ({ scope, needed_for: neededFor, state })),
      },
    },
  )
}

function toFormError(error: unknown, question: CredentialQuestion & { secret?: string }): unknown {
  if (isAppError(error, 'scope_missing')) {
    const all = listScopeRequirements(question.kind, false)
    return scopesMissing(
      all.map((one) => ({ scope: one.scope, neededFor: one.needed_for, isRequired: one.required, state: 'missing' })),
    )
  }
  if (isAppError(error, 'remote_not_found') || isAppError(error, 'remote_forbidden'))
    return workspaceUnknown(question.workspace ?? '')
  if (!isAppError(error, 'remote_unauthorized')) return error
  if (question.secret?.startsWith(appPasswordPrefix) === true) return appPasswordGone('This is an app password')
  switch (question.kind) {
    case 'app_password':
      return appPasswordGone('A user name without @ goes with an app password')
    case 'api_token':
      return new AppError(
        'credential_rejected',
        'Bitbucket does not accept this e-mail address with this API token. Use the address you log in to Atlassian with, and a token made for Bitbucket that has not expired.',
      )
    case 'access_token':
      return new AppError(
        'credential_rejected',
        'Bitbucket does not accept this access token. It may be expired, revoked or cut off while copying.',
      )
    case 'oauth':
      return new AppError('credential_rejected', 'Bitbucket does not accept the login it just gave. Log in again.')
    default:
      return question.kind satisfies never
  }
}

/** What the app passwords of the last years begin with; API tokens begin with ATATT. */
const appPasswordPrefix = 'ATBB'

function appPasswordGone(what: string): AppError {
  return new AppError(
    'app_password_gone',
    `Bitbucket does not accept this. ${what}, and those ended on 28 July 2026. The way out: at id.atlassian.com open Security, "Create API token with scopes", choose Bitbucket, tick the scopes listed here, and enter your Atlassian e-mail address with that token.`,
    { meta: { help_url: 'https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/' } },
  )
}

function workspaceUnknown(workspace: string): AppError {
  return new AppError(
    'validation_failed',
    `The credential does not see a workspace "${workspace}". Write its ID as in bitbucket.org/<workspace ID>, or its UUID, and check that the account is a member.`,
    { meta: { fields: { workspace: ['is not visible with this credential'] } } },
  )
}
