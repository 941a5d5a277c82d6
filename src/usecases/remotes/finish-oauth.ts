import { uncountedBudget } from '../../bitbucket/budget.ts'
import { createBitbucketClient } from '../../bitbucket/client.ts'
import { exchangeCode, type OAuthTokens } from '../../bitbucket/oauth.ts'
import { AppError } from '../../lib/app-error.ts'
import { findOAuthToMend } from '../../store/remotes/connections.ts'
import { useAuthorization } from '../../store/remotes/oauth.ts'
import type { AuditActor } from '../access/audit.ts'
import { hashSecret } from '../access/secret-hash.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { judgeCredential } from './judge-credential.ts'
import { keepConsumer, type LoginConsumer, readLoginConsumer } from './oauth-consumer.ts'
import { oauthCallbackUrl } from './remote-settings.ts'
import { toStoredOAuth } from './renew-oauth.ts'
import { type ConnectDeps, saveConnectionWithin } from './save-connection.ts'

export type FinishOAuthInput = {
  organizationId: string
  memberId: string
  sessionId: string
  actor: AuditActor
  state: string
  code?: string | undefined
  error?: string | undefined
  errorDescription?: string | undefined
}

/**
 * Finishes a login with what Bitbucket's redirect brought. The state works once, for the member and session that began,
 * within ten minutes. Throws `credential_rejected` and as `judgeCredential` does.
 */
export async function finishOAuth(deps: ConnectDeps, input: FinishOAuthInput): Promise<ConnectionView> {
  const consumer = await useState(deps, input)
  if (input.code === undefined) throw refusedThere(input)
  const tokens = await exchangeCode(deps, {
    consumer,
    code: input.code,
    redirectUri: oauthCallbackUrl(deps.settings),
  })
  return connect(deps, input, { consumer, tokens })
}

async function useState(deps: ConnectDeps, input: FinishOAuthInput): Promise<LoginConsumer> {
  const { organizationId, memberId, sessionId } = input
  const used = await useAuthorization(deps.db, {
    organizationId,
    memberId,
    sessionId,
    stateHash: hashSecret(input.state),
    now: deps.clock(),
  })
  const consumer = used === undefined ? undefined : await readLoginConsumer(deps, used)
  if (consumer !== undefined) return consumer
  throw new AppError(
    'credential_rejected',
    'This login was begun elsewhere, was used already, or took longer than ten minutes. Start again with Integrate.',
  )
}

function refusedThere(input: FinishOAuthInput): AppError {
  const isDenied = input.error === 'access_denied'
  const said = input.errorDescription ?? input.error ?? 'no code came back'
  return new AppError(
    'credential_rejected',
    isDenied
      ? 'Access was not granted in Bitbucket. Start again and choose "Grant access".'
      : `Bitbucket ended the login: ${said}. Check the consumer's callback address and permissions, then start again.`,
  )
}

async function connect(
  deps: ConnectDeps,
  input: FinishOAuthInput,
  { consumer, tokens }: { consumer: LoginConsumer; tokens: OAuthTokens },
): Promise<ConnectionView> {
  const { organizationId } = input
  const addresses = { apiUrl: consumer.apiUrl, webUrl: consumer.webUrl }
  const credential = { kind: 'oauth', accessToken: tokens.accessToken } as const
  const client = createBitbucketClient({ ...deps, apiUrl: addresses.apiUrl, credential, budget: uncountedBudget })
  // An answer without scopes says nothing about them.
  const granted = tokens.scopes.length === 0 ? {} : { granted: tokens.scopes }
  const first = await judgeCredential(client, { kind: 'oauth', workspace: null, ...granted })
  const accountUuid = first.check.account?.uuid
  const earlier =
    accountUuid === undefined
      ? undefined
      : await findOAuthToMend(deps.db, { organizationId, apiUrl: addresses.apiUrl, accountUuid })
  const workspace = earlier?.workspace_uuid ?? null
  const judged = workspace === null ? first : await judgeCredential(client, { kind: 'oauth', workspace, ...granted })
  const key = await deps.db.transaction().execute(async (tx) =>
    saveConnectionWithin(deps, tx, {
      organizationId,
      actor: input.actor,
      addresses,
      authKind: 'oauth',
      credential: toStoredOAuth(tokens),
      oauthConsumerId: await keepConsumer(deps, tx, { organizationId, consumer }),
      ...(earlier === undefined ? {} : { takeUp: earlier.id }),
      judged,
    }),
  )
  return getConnectionView(deps, key)
}
