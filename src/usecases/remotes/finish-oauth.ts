import { createBitbucketClient } from '../../bitbucket/client.ts'
import type { OAuthTokens } from '../../bitbucket/oauth.ts'
import { type RemoteKind, remoteTitles } from '../../domain/remote-kind.ts'
import { uncountedBudget } from '../../domain/request-budget.ts'
import { AppError } from '../../lib/app-error.ts'
import { type ConnectionKey, findOAuthToMend } from '../../store/remotes/connections.ts'
import { useAuthorization } from '../../store/remotes/oauth.ts'
import type { AuditActor } from '../access/audit.ts'
import { hashSecret } from '../access/secret-hash.ts'
import { connectJiraLogin } from './connect-jira-login.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { ensureSiteWebhook } from './ensure-site-webhook.ts'
import { type JudgedCredential, judgeCredential } from './judge-credential.ts'
import { keepConsumer, type LoginConsumer, readLoginConsumer } from './oauth-consumer.ts'
import { oauthRemotes } from './oauth-remotes.ts'
import { oauthCallbackUrl, type RemoteAddresses } from './remote-settings.ts'
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
 * Finishes a login with what the remote's redirect brought. The state works once, for the member and session that began,
 * within ten minutes. Throws `credential_rejected` and as `judgeCredential` or `connectJiraLogin` does.
 */
export async function finishOAuth(deps: ConnectDeps, input: FinishOAuthInput): Promise<ConnectionView> {
  const consumer = await useState(deps, input)
  if (input.code === undefined) throw refusedThere(consumer.kind, input)
  const tokens = await oauthRemotes[consumer.kind].exchangeCode(deps, {
    consumer,
    code: input.code,
    redirectUri: oauthCallbackUrl(deps.settings, consumer.kind),
  })
  const login = { consumer, tokens }
  return consumer.kind === 'jira' ? connectJira(deps, input, login) : connectBitbucket(deps, input, login)
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

function refusedThere(kind: RemoteKind, input: FinishOAuthInput): AppError {
  const title = remoteTitles[kind]
  const isDenied = input.error === 'access_denied'
  const said = input.errorDescription ?? input.error ?? 'no code came back'
  return new AppError(
    'credential_rejected',
    isDenied
      ? `Access was not granted in ${title}. Start again and choose "${kind === 'jira' ? 'Accept' : 'Grant access'}".`
      : `${title} ended the login: ${said}. Check the consumer's callback address and permissions, then start again.`,
  )
}

type Login = { consumer: LoginConsumer; tokens: OAuthTokens }

async function connectJira(deps: ConnectDeps, input: FinishOAuthInput, login: Login): Promise<ConnectionView> {
  const { organizationId } = input
  const { accessToken } = login.tokens
  const found = await connectJiraLogin(deps, { organizationId, consumer: login.consumer, accessToken })
  const key = await saveLogin(deps, input, { ...login, ...found })
  if (found.judged.check.workspace !== null) await ensureSiteWebhook(deps, key)
  return getConnectionView(deps, key)
}

async function connectBitbucket(
  deps: ConnectDeps,
  input: FinishOAuthInput,
  { consumer, tokens }: Login,
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
  const takeUp = earlier === undefined ? {} : { takeUp: earlier.id }
  const key = await saveLogin(deps, input, { consumer, tokens, addresses, judged, ...takeUp })
  return getConnectionView(deps, key)
}

type JudgedLogin = Login & { addresses: RemoteAddresses; judged: JudgedCredential; takeUp?: string }

async function saveLogin(
  deps: ConnectDeps,
  { organizationId, actor }: FinishOAuthInput,
  { consumer, tokens, addresses, judged, takeUp }: JudgedLogin,
): Promise<ConnectionKey> {
  return deps.db.transaction().execute(async (tx) =>
    saveConnectionWithin(deps, tx, {
      organizationId,
      actor,
      kind: consumer.kind,
      addresses,
      authKind: 'oauth',
      credential: toStoredOAuth(tokens),
      oauthConsumerId: await keepConsumer(deps, tx, { organizationId, consumer }),
      ...(takeUp === undefined ? {} : { takeUp }),
      judged,
    }),
  )
}
