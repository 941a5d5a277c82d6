import { uncountedBudget } from '../../bitbucket/budget.ts'
import { createBitbucketClient } from '../../bitbucket/client.ts'
import { toBasicCredential } from '../../bitbucket/credential.ts'
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
import { type JudgedCredential, judgeCredential } from './judge-credential.ts'
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
    throw new AppError('conflict', 'This connection was made by logging in at Bitbucket. Log in again to renew it.')
  const credential = await toNewCredential(deps, row, input)
  const client = createBitbucketClient({ ...deps, apiUrl: row.api_url, credential, budget: uncountedBudget })
  const judged = await judgeCredential(client, {
    kind: credential.kind,
    workspace: row.workspace_uuid,
    secret: input.secret,
  })
  await deps.db.transaction().execute((tx) => replace(deps, tx, { input, judged, credential }))
  return getConnectionView(deps, input)
}

type Replacement = {
  input: RenewCredentialInput
  judged: JudgedCredential
  credential: Exclude<StoredCredential, { kind: 'oauth' | 'forgotten' }>
}

async function replace(deps: ConnectDeps, tx: Db, { input, judged, credential }: Replacement): Promise<void> {
  const row = await lockConnection(tx, input)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  const now = deps.clock()
  await updateConnection(
    tx,
    { ...input, now },
    {
      ...judged.columns,
      auth_kind: credential.kind,
      remote_account_uuid: judged.check.account?.uuid ?? null,
      remote_account_name: judged.check.account?.name ?? null,
      sealed_credential: sealCredential(deps.secretBox, input, credential),
      credential_version: row.credential_version + 1,
      paused_until: null,
      pause_seconds: 0,
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
  const username =
    input.username === undefined || input.username === '' ? await usernameInUse(deps, input) : input.username
  return toBasicCredential(username, input.secret)
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
