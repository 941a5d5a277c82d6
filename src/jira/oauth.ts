import * as z from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpAnswer, HttpClient } from '../lib/http-client.ts'
import { jiraScopes } from './permissions.ts'
import { toJiraError } from './to-jira-error.ts'

/** An OAuth 2.0 (3LO) app of the developer console; `webUrl` is where people log in. https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ */
export type JiraApp = { clientId: string; clientSecret: string; webUrl: string }

/** What a grant gave us. The refresh token works once: it is replaced by the next answer's. */
export type JiraTokens = { accessToken: string; refreshToken: string | null; expiresAt: Date; scopes: string[] }

type Deps = { http: HttpClient; clock: Clock }

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive(),
  scope: z.string().optional(),
})

const refusal = z.object({ error: z.string().catch(''), error_description: z.string().catch('') }).partial()

/** Where the browser goes to log in, to choose a site and to consent. */
export function jiraAuthorizationUrl(input: {
  webUrl: string
  clientId: string
  state: string
  redirectUri: string
}): string {
  const url = new URL(`${input.webUrl}/authorize`)
  const query = {
    audience: 'api.atlassian.com',
    client_id: input.clientId,
    // Without `offline_access` the login would end after an hour.
    scope: [...jiraScopes.map((one) => one.scope), 'offline_access'].join(' '),
    redirect_uri: input.redirectUri,
    state: input.state,
    response_type: 'code',
    prompt: 'consent',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/** Swaps the code of the callback. Throws `credential_rejected` when the code or the app is refused. */
export async function exchangeJiraCode(
  deps: Deps,
  input: { consumer: JiraApp; code: string; redirectUri: string },
): Promise<JiraTokens> {
  const grant = { grant_type: 'authorization_code', code: input.code, redirect_uri: input.redirectUri }
  return requestTokens(deps, input.consumer, grant)
}

/** Uses up a refresh token. Throws `credential_rejected` when it is no longer good. */
export async function refreshJiraTokens(
  deps: Deps,
  input: { consumer: JiraApp; refreshToken: string },
): Promise<JiraTokens> {
  return requestTokens(deps, input.consumer, { grant_type: 'refresh_token', refresh_token: input.refreshToken })
}

async function requestTokens(
  { http, clock }: Deps,
  { clientId, clientSecret, webUrl }: JiraApp,
  grant: { grant_type: string } & Record<string, string>,
): Promise<JiraTokens> {
  const askedAt = clock()
  const answer = await http.request({
    method: 'POST',
    url: `${webUrl}/oauth/token`,
    headers: { accept: 'application/json' },
    json: { ...grant, client_id: clientId, client_secret: clientSecret },
    timeoutMs: 10_000,
  })
  if (answer.status === 400 || answer.status === 401 || answer.status === 403)
    throw toRejection(readReason(answer), grant.grant_type === 'refresh_token')
  if (answer.status !== 200) throw toJiraError(answer, 'log in', clock())
  const parsed = tokenAnswer.safeParse(answer.json())
  if (!parsed.success) throw new AppError('remote_invalid_answer', 'The login server answered without an access token.')
  const { access_token, refresh_token, expires_in, scope } = parsed.data
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresAt: new Date(askedAt.getTime() + expires_in * 1000),
    scopes: (scope ?? '').split(/\s+/).filter((one) => one !== ''),
  }
}

function readReason(answer: HttpAnswer): string {
  try {
    const { error = '', error_description: said = '' } = refusal.parse(answer.json())
    return said === '' ? error : said
  } catch {
    return ''
  }
}

function toRejection(reason: string, isRefresh: boolean): AppError {
  const said = reason === '' ? '' : ` ("${reason}")`
  return new AppError(
    'credential_rejected',
    isRefresh
      ? `Atlassian ended the login${said}. Log in again with OAuth; waiting work then goes on.`
      : `Atlassian did not accept the login${said}. Check the app's client ID, secret and callback URL, then start again.`,
  )
}
