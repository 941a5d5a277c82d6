import {
  authorizationUrl,
  exchangeCode,
  type OAuthConsumer,
  type OAuthTokens,
  refreshTokens,
} from '../../bitbucket/oauth.ts'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import { exchangeJiraCode, jiraAuthorizationUrl, refreshJiraTokens } from '../../jira/oauth.ts'
import type { Clock } from '../../lib/clock.ts'
import type { HttpClient } from '../../lib/http-client.ts'

type Deps = { http: HttpClient; clock: Clock }

/** How people log in at a remote. All throw as the remote's own functions do. */
type OAuthRemote = {
  authorizationUrl: (input: { webUrl: string; clientId: string; state: string; redirectUri: string }) => string
  exchangeCode: (
    deps: Deps,
    input: { consumer: OAuthConsumer; code: string; redirectUri: string },
  ) => Promise<OAuthTokens>
  refreshTokens: (deps: Deps, input: { consumer: OAuthConsumer; refreshToken: string }) => Promise<OAuthTokens>
}

export const oauthRemotes: Readonly<Record<RemoteKind, OAuthRemote>> = {
  bitbucket: { authorizationUrl, exchangeCode, refreshTokens },
  jira: { authorizationUrl: jiraAuthorizationUrl, exchangeCode: exchangeJiraCode, refreshTokens: refreshJiraTokens },
}
