import type { WebhookFault } from '../shared/fault-plan.ts'
import type { RequestFault } from './faults.ts'

/** What a test or a demonstration can change about the simulator while it runs. README.md lists every switch. */
export interface Switches {
  requestFaults: RequestFault[]
  webhookFaults: WebhookFault[]
  /** A wrong, expired or revoked credential at the site: treated as nobody (empty lists, 404s), or refused with 401. */
  badCredentials: 'refused' | 'anonymous'
  /** API tokens without scopes at `/ex/jira/{cloudId}`. */
  unscopedTokensAtGateway: 'refused' | 'accepted'
  /** Seconds in which a used refresh token may be used again. */
  refreshReuseLeewaySeconds: number
  /** A used refresh token shown after that ends every token of the same consent. */
  refreshReuseEndsGrant: boolean
  /** Lifetime of OAuth access tokens, seconds. */
  oauthExpiresIn: number
  /** Days after which an unused refresh token ends. */
  refreshIdleDays: number
  /** E-mail addresses of others; each person sees their own. */
  showEmails: boolean
  /** A comment sent with a transition that shows no screen. */
  transitionCommentWithoutScreen: 'refused' | 'ignored' | 'accepted'
  /** A comment also raises jira:issue_updated (issue_event_type_name issue_commented). */
  commentsRaiseIssueUpdated: boolean
  /** Setting an entity property changes `updated` of its issue. */
  propertiesTouchIssue: boolean
  /** Milliseconds for which a search does not see a new issue, nor that an old one changed. */
  searchIndexDelayMs: number
  /** Next pages look at the issues as they are then, or at the ids found first. */
  searchPaging: 'live' | 'snapshot'
  /** What the limit of 32,767 characters counts in a description or comment. */
  textLimitCounts: 'adf_json' | 'text'
  /** Largest file that may be attached, bytes. */
  attachmentLimit: number
  /** Hooks to loopback, private addresses and http; the real one wants https. */
  allowPrivateHookUrls: boolean
  /** Wait before each repeated delivery, milliseconds; the real one waits 5 to 15 minutes. */
  webhookRetryDelayMs: number
  webhookTimeoutMs: number
  rateLimits: {
    /** Requests per second to one endpoint with one method. */
    burst: number
    /** Writes to one issue in 2 and in 30 seconds. */
    issueWrites2s: number
    issueWrites30s: number
    /** Points per hour of an OAuth app; API tokens have none. */
    points: number
  }
}

export function defaultSwitches(): Switches {
  return {
    requestFaults: [],
    webhookFaults: [],
    badCredentials: 'anonymous',
    unscopedTokensAtGateway: 'refused',
    refreshReuseLeewaySeconds: 0,
    refreshReuseEndsGrant: true,
    oauthExpiresIn: 3600,
    refreshIdleDays: 90,
    showEmails: false,
    transitionCommentWithoutScreen: 'refused',
    commentsRaiseIssueUpdated: true,
    propertiesTouchIssue: false,
    searchIndexDelayMs: 0,
    searchPaging: 'live',
    textLimitCounts: 'adf_json',
    attachmentLimit: 10 * 1024 * 1024,
    allowPrivateHookUrls: true,
    webhookRetryDelayMs: 200,
    webhookTimeoutMs: 10_000,
    rateLimits: { burst: 100, issueWrites2s: 20, issueWrites30s: 100, points: 65_000 },
  }
}
