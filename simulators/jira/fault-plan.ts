import { createHash } from 'node:crypto'

/** Which limit a 429 names in RateLimit-Reason. */
export type RateLimitReason =
  | 'jira-burst-based'
  | 'jira-per-issue-on-write'
  | 'jira-quota-tenant-based'
  | 'jira-quota-global-based'

export type RequestAction =
  | { kind: 'delay'; ms: number }
  | { kind: 'rate_limit'; retryAfterSeconds: number | null; reason?: RateLimitReason }
  /** `before`: nothing is done. `after`: it is carried out, then its answer is replaced. */
  | { kind: 'answer'; when: 'before' | 'after'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'cut'; when: 'before' | 'after' | 'in_body' }
  /** From this request on, the credential it carries is no longer good. */
  | { kind: 'credential'; becomes: 'expired' | 'revoked' }

export type WebhookAction =
  | { kind: 'drop' }
  | { kind: 'delay'; ms: number }
  | { kind: 'duplicate' }
  /** Kept back until a later delivery to the same hook was sent, or until flushed. */
  | { kind: 'hold' }
  | { kind: 'unsigned' }
  | { kind: 'old_secret' }

/**
 * When a fault strikes among the requests it matches. `script`: the n-th of them gets the n-th step (null: nothing);
 * after the last step it is over. `chance`: each of them with this probability, decided by seed and count alone.
 */
export type Plan<Action> =
  | { kind: 'script'; steps: (Action | null)[] }
  | { kind: 'chance'; probability: number; seed: number; actions: Action[] }

interface Planned<Action> {
  plan: Plan<Action>
  /** How many it has matched; counted by the simulator. */
  seen?: number
}

export interface RequestFault extends Planned<RequestAction> {
  /** HTTP method, or `*`. */
  method: string
  /** Path below the host without its query, as in `/rest/api/3/issue/*`; `*` stands for any characters. */
  path: string
}

export interface WebhookFault extends Planned<WebhookAction> {
  /** Event, as in `comment_*`. */
  event: string
}

export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(text)
}

/** A number in [0, 1) that depends on its arguments alone. */
export function fractionOf(seed: number, count: number): number {
  return createHash('sha256').update(`${seed}:${count}`).digest().readUInt32BE(0) / 4_294_967_296
}

function step<Action>(fault: Planned<Action>): Action | null {
  const count = fault.seen ?? 0
  fault.seen = count + 1
  const { plan } = fault
  switch (plan.kind) {
    case 'script':
      return plan.steps[count] ?? null
    case 'chance': {
      const drawn = fractionOf(plan.seed, count)
      if (drawn >= plan.probability) return null
      return plan.actions[Math.floor((drawn / plan.probability) * plan.actions.length)] ?? null
    }
    default:
      return plan satisfies never
  }
}

function isOver<Action>(fault: Planned<Action>): boolean {
  return fault.plan.kind === 'script' && (fault.seen ?? 0) >= fault.plan.steps.length
}

/** The action of the first fault that strikes; every matching one before it is counted. Ended scripts are skipped. */
function take<Action>(faults: Planned<Action>[]): Action | undefined {
  for (const fault of faults) {
    if (isOver(fault)) continue
    const action = step(fault)
    if (action !== null) return action
  }
  return undefined
}

export function takeRequestFault(
  faults: RequestFault[],
  request: { method: string; path: string },
): RequestAction | undefined {
  return take(
    faults.filter(
      (one) => (one.method === '*' || one.method === request.method) && matchesPattern(one.path, request.path),
    ),
  )
}

export function takeWebhookFault(faults: WebhookFault[], event: string): WebhookAction | undefined {
  return take(faults.filter((one) => matchesPattern(one.event, event)))
}
