import { createHash } from 'node:crypto'
import { matchesPattern } from './glob.ts'

/** What a fault can do to a request of any simulated product; a product adds its own kinds. */
export type CommonAction =
  /** Before anything is done, unless `when` says so. */
  | { kind: 'delay'; ms: number; when?: 'before' | 'after' }
  /** `before`: nothing is done. `after`: it is carried out, then its answer is replaced. */
  | { kind: 'answer'; when?: 'before' | 'after'; status: number; headers?: Record<string, string>; body?: string }
  /** The connection ends. `in_body`: half of the answer's body arrives. */
  | { kind: 'cut'; when: 'before' | 'after' | 'in_body' }
  /** A whole answer with the first half of its body, as a broken proxy sends it. */
  | { kind: 'truncate' }

export type WebhookAction =
  | { kind: 'drop' }
  | { kind: 'delay'; ms: number }
  | { kind: 'duplicate' }
  /** Kept back until a later delivery to the same hook was sent, or until flushed. */
  | { kind: 'hold' }
  | { kind: 'unsigned' }
  | { kind: 'old_secret' }

/**
 * When a fault strikes among what it matches. `script`: the n-th match gets the n-th step (null: nothing), after the
 * last step it is over. `repeat`: every match from the `from`-th (1) on, `times` times (for good). `chance`: each match
 * with this probability, decided by seed and count alone.
 */
export type Plan<Action> =
  | { kind: 'script'; steps: (Action | null)[] }
  | { kind: 'repeat'; action: Action; from?: number; times?: number }
  | { kind: 'chance'; probability: number; seed: number; actions: Action[] }

interface Planned<Action> {
  plan: Plan<Action>
  /** How many it has matched; counted by the simulator. */
  seen?: number
}

export interface RequestFault<Action> extends Planned<Action> {
  /** HTTP method, or `*`. */
  method: string
  /** Path below the host without its query; `*` stands for any characters. */
  path: string
}

export interface WebhookFault extends Planned<WebhookAction> {
  /** Event; `*` stands for any characters. */
  event: string
}

/** The short way to plan a fault: the next request that matches, the next `times`, those from the `from`-th on. */
export interface NextRequestFault<Action> {
  method?: string
  path?: string
  from?: number
  times?: number
  action: Action
}

export interface NextWebhookFault {
  event?: string
  from?: number
  times?: number
  action: WebhookAction
}

/** Plans a fault for the next matching request, or as many as `times` says. */
export function nextRequestFault<Action>(next: NextRequestFault<Action>): RequestFault<Action> {
  const { method = '*', path = '*', from = 1, times = 1, action } = next
  return { method, path, plan: { kind: 'repeat', action, from, times } }
}

/** Plans a fault for the next matching webhook, or as many as `times` says. */
export function nextWebhookFault(next: NextWebhookFault): WebhookFault {
  const { event = '*', from = 1, times = 1, action } = next
  return { event, plan: { kind: 'repeat', action, from, times } }
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
    case 'repeat':
      return count >= (plan.from ?? 1) - 1 ? plan.action : null
    case 'chance': {
      const drawn = fractionOf(plan.seed, count)
      if (drawn >= plan.probability) return null
      return plan.actions[Math.floor((drawn / plan.probability) * plan.actions.length)] ?? null
    }
    default:
      return plan satisfies never
  }
}

/** Whether a fault has done all it was planned to do. */
export function isOver<Action>({ plan, seen = 0 }: Planned<Action>): boolean {
  switch (plan.kind) {
    case 'script':
      return seen >= plan.steps.length
    case 'repeat':
      return plan.times !== undefined && seen >= (plan.from ?? 1) - 1 + plan.times
    case 'chance':
      return false
    default:
      return plan satisfies never
  }
}

/** The action of the first fault that strikes; every matching one before it is counted. Ended ones are skipped. */
function take<Action>(faults: Planned<Action>[]): Action | undefined {
  for (const fault of faults) {
    if (isOver(fault)) continue
    const action = step(fault)
    if (action !== null) return action
  }
  return undefined
}

/** What is planned for this request, if anything; counts it. */
export function takeRequestFault<Action>(
  faults: RequestFault<Action>[],
  request: { method: string; path: string },
): Action | undefined {
  return take(
    faults.filter(
      (one) => (one.method === '*' || one.method === request.method) && matchesPattern(one.path, request.path),
    ),
  )
}

/** What is planned for a delivery of this event, if anything; counts it. */
export function takeWebhookFault(faults: WebhookFault[], event: string): WebhookAction | undefined {
  return take(faults.filter((one) => matchesPattern(one.event, event)))
}
