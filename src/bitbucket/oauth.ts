import * as z from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpClient } from '../lib/http-client.ts'
import { parseErrorBody } from './error-body.ts'
import { toBitbucketError } from './to-bitbucket-error.ts'

/** An OAuth consumer of a workspace. https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/ */
export type OAuthConsumer = { clientId: string; clientSecret: string; webUrl: string }

/** What a grant gave us. The refresh token works once: it is replaced by the next answer's. */
export type OAuthTokens = { accessToken: string; refreshToken: string | null; expiresAt: Date; scopes: string[] }

export type OAuthDeps = { http: HttpClient; clock: Clock }

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive(),
  // `scope` since CHANGE-3052 (2026-05), `scopes` before.
  scope: z.string().optional(),
  scopes: z.string().optional(),
})

/** Where the browser goes to log in and consent. Scopes are a property of the consumer and cannot be asked for here. */
export function authorizationUrl(input: {
  webUrl: string
  clientId: string
  state: string
  redirectUri: string
}): string {
  const url = new URL(`${input.webUrl}/site/oauth2/authorize`)
  url.searchParams.set('client_id', input.clientId)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('state', input.state)
  url.searchParams.set('redirect_uri', input.redirectUri)
  return url.href
}

/** Swaps the code of the callback. Throws `credential_rejected` when the code or the consumer is refused. */
export async function exchangeCode(
  deps: OAuthDeps,
  input: { consumer: OAuthConsumer; code: string; redirectUri: string },
): Promise<OAuthTokens> {
  const form = { grant_type: 'authorization_code', code: input.code, redirect_uri: input.redirectUri }
  return requestTokens(deps, input.consumer, form)
}

/** Uses up a refresh token. Throws `credential_rejected` when it is no longer good. */
export async function refreshTokens(
  deps: OAuthDeps,
  input: { consumer: OAuthConsumer; refreshToken: string },
): Promise<OAuthTokens> {
  return requestTokens(deps, input.consumer, { grant_type: 'refresh_token', refresh_token: input.refreshToken })
}

async function requestTokens(
  { http, clock }: OAuthDeps,
  consumer: OAuthConsumer,
  form: Record<string, string>,
): Promise<OAuthTokens> {
  const askedAt = clock()
  const key = Buffer.from(`${consumer.clientId}:${consumer.clientSecret}`).toString('base64')
  const answer = await http.request({
    method: 'POST',
    url: `${consumer.webUrl}/site/oauth2/access_token`,
    headers: { authorization: `Basic ${key}`, accept: 'application/json' },
    body: new URLSearchParams(form),
    timeoutMs: 10_000,
  })
  if (answer.status === 400 || answer.status === 401) throw toRejection(parseErrorBody(answer).message, form)
  if (answer.status !== 200) throw toBitbucketError(answer, 'log in', clock())
  const parsed = tokenAnswer.safeParse(answer.json())
  if (!parsed.success) throw new AppError('remote_invalid_answer', 'The login server answered without an access token.')
  const { access_token, refresh_token, expires_in, scope, scopes } = parsed.data
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresAt: new Date(askedAt.getTime() + expires_in * 1000),
    scopes: (scope ?? scopes ?? '').split(/[\s,]+/).filter((one) => one !== ''),
  }
}

function toRejection(message: string, form: Record<string, string>): AppError {
  const said = message === '' ? '' : ` ("${message}")`
  return form['grant_type'] === 'refresh_token'
    ? new AppError(
        'credential_rejected',
        `Bitbucket ended the login${said}. Log in again with OAuth; waiting work then goes on.`,
      )
    : new AppError(
        'credential_rejected',
        `Bitbucket did not accept the login${said}. Check the consumer's key, secret and callback address, then start again.`,
      )
}
