/** What a test or a demonstration can change about the simulator while it runs. README.md lists every switch. */

/** One planned fault: the next `times` requests whose method and path match get it. */
export interface Fault {
  /** HTTP method, or `*`. */
  method: string
  /** Path below the host, as in `/2.0/repositories/{slug}/pullrequests`; `*` stands for any characters. */
  path: string
  times: number
  /** `before`: nothing is done. `after`: the request is carried out, then its answer is replaced. */
  when: 'before' | 'after'
  action:
    | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
    | { kind: 'truncate' }
    | { kind: 'reset' }
    | { kind: 'delay'; ms: number }
}

export interface Switches {
  faults: Fault[]
  /** Page sizes over the maximum: refused with 400 `Invalid pagelen`, or clamped (open question of the real one). */
  strictPagelen: boolean
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
  webhooks: {
    /** The next N deliveries are lost. */
    dropNext: number
    /** The next N deliveries are sent twice. */
    duplicateNext: number
    delayMs: number
    /** Keeps deliveries back until flushed; then the newest goes first. */
    reorder: boolean
  }
  /** Requests per rolling hour. */
  rateLimits: { anonymous: number; api: number; webhooks: number; raw: number; git: number }
  /** Requests per hour of access tokens in a scaled workspace; only these replies carry X-RateLimit headers. */
  scaledRateLimit: number | null
  /** Sent with 429 when set; the real one leaves it out. */
  retryAfterSeconds: number | null
  /** Lifetime of OAuth access tokens, seconds. */
  oauthExpiresIn: number
  /** Legacy mode: announces the tracker's end in Deprecation, Sunset and Link headers. */
  deprecationHeaders: boolean
  /** `text` of task changes as webhook: pullrequest:updated, or none. */
  taskWebhooks: boolean
}

export function defaultSwitches(): Switches {
  return {
    faults: [],
    strictPagelen: false,
    removedIssuesOrder: '410_first',
    anonymousStatus: 401,
    hiddenRepositoryStatus: 403,
    issueEvents2026: 'refused',
    allowPrivateHookUrls: true,
    hooksPerSubject: 50,
    webhookRetryDelayMs: 200,
    webhookTimeoutMs: 10_000,
    sameRequestUuidOnRetry: true,
    webhooks: { dropNext: 0, duplicateNext: 0, delayMs: 0, reorder: false },
    rateLimits: { anonymous: 60, api: 1000, webhooks: 1000, raw: 5000, git: 60_000 },
    scaledRateLimit: null,
    retryAfterSeconds: null,
    oauthExpiresIn: 7200,
    deprecationHeaders: false,
    taskWebhooks: false,
  }
}

function matchesPath(pattern: string, path: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(path)
}

/** Takes one use of the first fault planned for this request, if any. `path` is without its query. */
export function takeFault(switches: Switches, request: { method: string; path: string }): Fault | undefined {
  const fault = switches.faults.find(
    (one) =>
      one.times > 0 && (one.method === '*' || one.method === request.method) && matchesPath(one.path, request.path),
  )
  if (fault !== undefined) fault.times -= 1
  switches.faults = switches.faults.filter((one) => one.times > 0)
  return fault
}
