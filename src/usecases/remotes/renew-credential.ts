import { createBitbucketClient } from '../../bitbucket/client.ts'
import { toBasicCredential } from '../../bitbucket/credential.ts'
import { remoteTitles } from '../../domain/remote-kind.ts'
import { uncountedBudget } from '../../domain/request-budget.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConnectionKey,
  type ConnectionRow,
  findConnection,
  findSealedConnection,
  lockConnection,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { ensureSiteWebhook } from './ensure-site-webhook.ts'
import { type JudgedCredential, judgeCredential } from './judge-credential.ts'
import { judgeJiraToken } from './judge-jira-token.ts'
import { type ConnectDeps, resumeWork } from './save-connection.ts'
import { openCredential, type StoredCredential, sealCredential } from './stored-credential.ts'

export type RenewCredentialInput = ConnectionKey & { actor: AuditActor; username?: string | undefined; secret: string }

/**
 * Replaces the credential by another for the same workspace, checked first; waiting work goes on. Throws as
 * `judgeCredential` does, and `conflict` for a connection made by OAuth (log in again there).
 */
export async function renewCredential(deps: ConnectDeps, input: RenewCredentialInput): Promise<ConnectionView> {
  const row = await findConnection(deps.db, input)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  if (row.auth_kind === 'oauth')
    throw new AppError(
      'conflict',
      `This connection was made by logging in at ${remoteTitles[row.kind]}. Log in again to renew it.`,
    )
  const renewed = row.kind === 'jira' ? await tryForJira(deps, row, input) : await tryForBitbucket(deps, row, input)
  await deps.db.transaction().execute((tx) => replace(deps, tx, { input, renewed }))
  // Another account, or a token of another sort, may do what the one before could not.
  if (row.kind === 'jira') await ensureSiteWebhook(deps, input)
  return getConnectionView(deps, input)
}

type Renewed = {
  apiUrl: string
  judged: JudgedCredential
  credential: Exclude<StoredCredential, { kind: 'oauth' | 'forgotten' }>
}

async function tryForBitbucket(deps: ConnectDeps, row: ConnectionRow, input: RenewCredentialInput): Promise<Renewed> {
  const credential = await toNewCredential(deps, row, input)
  const apiUrl = row.api_url
  const client = createBitbucketClient({ ...deps, apiUrl, credential, budget: uncountedBudget })
  const { secret } = input
  const judged = await judgeCredential(client, { kind: credential.kind, workspace: row.workspace_uuid, secret })
  return { apiUrl, judged, credential }
}

async function tryForJira(deps: ConnectDeps, row: ConnectionRow, input: RenewCredentialInput): Promise<Renewed> {
  const { workspace_uuid: cloudId, web_url: webUrl, name } = row
  if (cloudId === null) throw new AppError('conflict', 'This connection has no site yet. Choose one first.')
  const email = await nameOrPresent(deps, input)
  return judgeJiraToken(deps, { site: { cloudId, webUrl, name }, email, token: input.secret })
}

async function replace(
  deps: ConnectDeps,
  tx: Db,
  { input, renewed }: { input: RenewCredentialInput; renewed: Renewed },
): Promise<void> {
  const { apiUrl, judged, credential } = renewed
  const row = await lockConnection(tx, input)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  const now = deps.clock()
  await updateConnection(
    tx,
    { ...input, now },
    {
      ...judged.columns,
      auth_kind: credential.kind,
      api_url: apiUrl,
      remote_account_uuid: judged.check.account?.uuid ?? null,
      remote_account_name: judged.check.account?.name ?? null,
      sealed_credential: sealCredential(deps.secretBox, input, credential),
      credential_version: row.credential_version + 1,
      paused_until: null,
      pause_seconds: 0,
      // A new token has an end of its own.
      expires_at: null,
      expiry_warned_days: null,
      checked_at: now,
    },
  )
  await resumeWork(deps, tx, { ...input, now })
  await recordAudit(deps, tx, {
    organizationId: input.organizationId,
    actor: input.actor,
    action: 'connection.renewed',
    target: { kind: 'connection', id: input.connectionId },
    after: { auth_kind: credential.kind, account: judged.check.account?.name ?? null },
  })
  await announce(tx, input.organizationId, [{ kind: 'connection', connection_id: input.connectionId }])
}

/** Without a user name the one in use is kept. */
async function toNewCredential(deps: ConnectDeps, row: ConnectionRow, input: RenewCredentialInput) {
  if (row.auth_kind === 'access_token') return { kind: 'access_token' as const, token: input.secret }
  return toBasicCredential(await nameOrPresent(deps, input), input.secret)
}

async function nameOrPresent(deps: ConnectDeps, input: RenewCredentialInput): Promise<string> {
  return input.username === undefined || input.username === '' ? usernameInUse(deps, input) : input.username
}

async function usernameInUse(deps: ConnectDeps, key: ConnectionKey): Promise<string> {
  const row = await findSealedConnection(deps.db, key)
  const stored = row === undefined ? undefined : openCredential(deps.secretBox, key, row.sealed_credential)
  if (stored?.kind === 'api_token') return stored.email
  if (stored?.kind === 'app_password') return stored.username
  throw new AppError('validation_failed', 'username: give the e-mail address that goes with the token.', {
    meta: { fields: { username: ['is needed'] } },
  })
}
