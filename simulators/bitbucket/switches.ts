import type { WebhookFault } from '../shared/fault-plan.ts'
import type { RequestFault } from './faults.ts'
import type { PipelineResult } from './model/pipelines.ts'

/** What a test or a demonstration can change about the simulator while it runs. README.md lists every switch. */

export interface Switches {
  requestFaults: RequestFault[]
  webhookFaults: WebhookFault[]
  /**
   * Page sizes over the maximum: refused with 400 `Invalid pagelen` in lists of pull requests and of their activity and
   * clamped elsewhere (as recorded), refused everywhere, or nowhere.
   */
  strictPagelen: 'pull_requests' | boolean
  /** A POST or PUT that does not say how long it is: 411, or taken for an empty one. */
  writesWithoutLength: 'refused' | 'accepted'
  /** A POST or PUT that says it is JSON and is empty: 400 (reported twice in 2026), or, as published clients rely on, no body. */
  emptyJsonBody: 'refused' | 'accepted'
  /** Which answer an unseen repository's `/issues` gets after the tracker's removal. */
  removedIssuesOrder: '410_first' | '404_first'
  /** Anonymous call on a private resource. */
  anonymousStatus: 401 | 404
  /** A person without rights asks for a private repository. */
  hiddenRepositoryStatus: 403 | 404
  /** Subscribing to `issue:*` in 2026 mode: refused with 400, or accepted and never fired. */
  issueEvents2026: 'refused' | 'inert'
  /** Hooks to loopback and private addresses; the real one answers 400. */
  allowPrivateHookUrls: boolean
  hooksPerSubject: number
  /** Wait before the second and third attempt, milliseconds. */
  webhookRetryDelayMs: number
  webhookTimeoutMs: number
  /** Same X-Request-UUID on every attempt, or a new one. */
  sameRequestUuidOnRetry: boolean
  /** How far the Date header and new timestamps are from the simulator's clock, milliseconds. */
  clockSkewMs: number
  /** Legacy mode: how many minutes from 00, 06, 12 and 18 o'clock UTC what is about to be removed is refused already. */
  brownOutMinutes: { appPasswords: number; issues: number }
  /** Requests per rolling hour. */
  rateLimits: { anonymous: number; api: number; webhooks: number; raw: number; git: number }
  /** Requests per hour of access tokens in a scaled workspace; only these replies carry X-RateLimit headers. */
  scaledRateLimit: number | null
  /** Sent with 429 when set; the real one leaves it out. */
  retryAfterSeconds: number | null
  /** Lifetime of OAuth access tokens, seconds. */
  oauthExpiresIn: number
  /** How long a refresh token still works after its use, seconds. */
  refreshTokenGraceSeconds: number
  /** PKCE: parameters ignored, or a code_verifier insisted on where the authorization had a code_challenge. */
  pkce: 'ignored' | 'checked'
  /** REST answer to an app password in 2026 mode; null: the words for any invalid token. */
  appPasswordMessage: string | null
  /** What an old address of a renamed repository answers to GET. */
  renamedRepositoryStatus: 301 | 302 | 404
  /** A page number after the last page: an empty page, or 404. */
  pageBeyondEnd: 'empty' | '404'
  /** Which budget files read through `/src` count against. */
  sourceRateGroup: 'api' | 'raw'
  /** `/user`, `/workspaces` and the other families beside `/repositories`: budgets of their own, or one for all. */
  rateLimitFamilies: 'apart' | 'together'
  /** Largest page of `/user/workspaces`. */
  userWorkspacesPagelen: number
  /** Failed deliveries in a row after which a hook is switched off; null: never. */
  disableHookAfterFailures: number | null
  /** Requests kept in the history of a hook, and for how long. */
  hookHistory: { entries: number; days: number }
  /** Age at which reports of Code Insights are gone; null: never. */
  reportDays: number | null
  /** A repository made by the API takes its project's branching model and merge strategy until it is told otherwise. */
  newRepositoriesInherit: boolean
  /** A pull request made by the API that names no reviewers gets the default ones; the web page always offers them. */
  defaultReviewersByApi: boolean
  /** Legacy mode: announces the tracker's end in Deprecation, Sunset and Link headers. */
  deprecationHeaders: boolean
  /** Refusals to merge (conflicts, no fast-forward, merge checks); recorded as 400, older documentation says 409. */
  mergeRefusalStatus: 400 | 409
  /** Hash of the merge commit in the answer to a merge: twelve characters as elsewhere in pull requests, or all. */
  mergeAnswerHash: 'short' | 'full'
  /** Merge checks of branch restrictions: always obeyed, or only beside an `enforce_merge_checks` (else they warn). */
  mergeChecks: 'enforced' | 'when_restricted'
  /** A merge that is waited for: it ends in time, answers 202 and goes on by itself, or 555 and nothing is merged. */
  slowMerge: 'waits' | 'answers_202' | 'answers_555'
  /** How often the status of a merge task says PENDING before it tells the outcome. */
  mergeTaskPendingPolls: number
  /** Bytes above which a diff, diffstat or patch takes too long (555); null: none does. */
  largestDiff: number | null
  /** `max_depth` above which a listing of `src` takes too long (555); null: none does. */
  deepestSource: number | null
  /** Pull requests of a commit: known, still being looked for (202), or the app that links them is not installed (404). */
  pullRequestLinks: 'indexed' | 'indexing' | 'not_installed'
  /** A second pull request for the same branches: edits the open one (recorded), takes its place, or stands beside it. */
  samePullRequestAgain: 'updates' | 'supersedes' | 'second'
  /** `state` of the list of pull requests when there is a `q` too: without effect (recorded), or applied. */
  stateBesideQuery: 'ignored' | 'applied'
  /** A pull request from a fork that one may see and not push to: documented as 400, refused elsewhere with 403. */
  forkSourceRefusal: 400 | 403
  /** Whose commits are listed although the source branch is gone: those of merged pull requests, or nobody's. */
  commitsOfDeletedBranch: 'merged' | 'none'
  /** Author of a commit that squashes. */
  squashAuthor: 'merger' | 'pull_request_author'
  /** `text` of task changes as webhook: pullrequest:updated, or none. */
  taskWebhooks: boolean
  tracker: {
    /** Issues and comments that contain it are refused as spam; null: nothing is. */
    spamPhrase: string | null
    /** How long an export or import takes, milliseconds of the simulator's clock. */
    jobMs: number
    /** How long the one-time address of an attachment works. */
    linkSeconds: number
    /** Adding files to an issue writes a comment without words as well, with its webhook. */
    filesAsComments: boolean
  }
  pipelines: {
    /** Pushes, merges and pull requests start pipelines where they are enabled and the tree has a bitbucket-pipelines.yml. */
    startOnPush: boolean
    /** Wait before the first step, milliseconds of the simulator's clock. */
    pendingMs: number
    /** How long a step takes. */
    stepMs: number
    /** How pipelines end that do not say so by their variables or scripts. */
    result: PipelineResult
    /** Finished logs answer 307 to a signed address outside the API. */
    logRedirect: boolean
    /** Logs asked for as JSON or as plain text: 406 (recorded), or sent all the same. */
    logAccept: 'checked' | 'ignored'
    schedulesPerRepository: number
    /** Order of `deployments` without `sort`: as recorded (by step), or by age. */
    deploymentsOrder: 'step' | 'oldest_first'
  }
}

function pipelineDefaults(): Switches['pipelines'] {
  return {
    startOnPush: true,
    pendingMs: 1000,
    stepMs: 2000,
    result: 'SUCCESSFUL',
    logRedirect: false,
    logAccept: 'checked',
    schedulesPerRepository: 10,
    deploymentsOrder: 'step',
  }
}

export function defaultSwitches(): Switches {
  return {
    requestFaults: [],
    webhookFaults: [],
    strictPagelen: 'pull_requests',
    writesWithoutLength: 'refused',
    emptyJsonBody: 'accepted',
    removedIssuesOrder: '410_first',
    anonymousStatus: 401,
    hiddenRepositoryStatus: 403,
    issueEvents2026: 'refused',
    allowPrivateHookUrls: true,
    hooksPerSubject: 50,
    webhookRetryDelayMs: 200,
    webhookTimeoutMs: 10_000,
    sameRequestUuidOnRetry: true,
    clockSkewMs: 0,
    brownOutMinutes: { appPasswords: 0, issues: 0 },
    rateLimits: { anonymous: 60, api: 1000, webhooks: 1000, raw: 5000, git: 60_000 },
    scaledRateLimit: null,
    retryAfterSeconds: null,
    oauthExpiresIn: 7200,
    refreshTokenGraceSeconds: 0,
    pkce: 'ignored',
    appPasswordMessage: null,
    renamedRepositoryStatus: 301,
    pageBeyondEnd: 'empty',
    sourceRateGroup: 'api',
    rateLimitFamilies: 'apart',
    userWorkspacesPagelen: 100,
    disableHookAfterFailures: null,
    hookHistory: { entries: 500, days: 30 },
    reportDays: null,
    newRepositoriesInherit: false,
    defaultReviewersByApi: false,
    deprecationHeaders: false,
    mergeRefusalStatus: 400,
    mergeAnswerHash: 'short',
    mergeChecks: 'when_restricted',
    slowMerge: 'waits',
    mergeTaskPendingPolls: 1,
    largestDiff: null,
    deepestSource: null,
    pullRequestLinks: 'indexed',
    samePullRequestAgain: 'updates',
    stateBesideQuery: 'ignored',
    forkSourceRefusal: 400,
    commitsOfDeletedBranch: 'merged',
    squashAuthor: 'merger',
    taskWebhooks: false,
    tracker: { spamPhrase: null, jobMs: 1000, linkSeconds: 600, filesAsComments: false },
    pipelines: pipelineDefaults(),
  }
}
