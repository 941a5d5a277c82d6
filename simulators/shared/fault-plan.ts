import { createHash } from 'node:crypto'
import { matchesPattern } from './glob.ts'
import type { Json } from './json.ts'

/** A text as it is; anything else is sent as JSON. */
type AnswerBody = string | Json[] | { [key: string]: Json }

/** What a fault can do to a request of any simulated product; a product adds its own kinds. */
export type CommonAction =
  /** Before anything is done, unless `when` says so. */
  | { kind: 'delay'; ms: number; when?: 'before' | 'after' }
  /** `before`: nothing is done. `after`: it is carried out, then its answer is replaced. */
  | { kind: 'answer'; when?: 'before' | 'after'; status: number; headers?: Record<string, string>; body?: AnswerBody }
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
 * with this probability, decided by the seed, what was matched and how often that was: in whatever order many are asked
 * at once, the fate of each is the same.
 */
export type Plan<Action> =
  | { kind: 'script'; steps: (Action | null)[] }
  | { kind: 'repeat'; action: Action; from?: number; times?: number }
  | { kind: 'chance'; probability: number; seed: number; actions: Action[] }

interface Planned<Action> {
  plan: Plan<Action>
  /** How many it has matched, also after its end; counted by the simulator. */
  seen?: number
}

/** For faults by chance: how often each has met what, by method and path or by event and hook. Kept beside the plans. */
export type Drawn = WeakMap<object, Map<string, number>>

interface Met {
  /** What a fault by chance tells matches apart by. */
  key: string
  drawn: Drawn
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
function fractionOf(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}:${name}`).digest().readUInt32BE(0) / 4_294_967_296
}

function timesMet(fault: object, { key, drawn }: Met): number {
  const counts = drawn.get(fault) ?? new Map<string, number>()
  drawn.set(fault, counts)
  const times = counts.get(key) ?? 0
  counts.set(key, times + 1)
  return times
}

function step<Action>(fault: Planned<Action>, met: Met): Action | null {
  const count = fault.seen ?? 0
  const wasOver = isOver(fault)
  fault.seen = count + 1
  if (wasOver) return null
  const { plan } = fault
  switch (plan.kind) {
    case 'script':
      return plan.steps[count] ?? null
    case 'repeat':
      return count >= (plan.from ?? 1) - 1 ? plan.action : null
    case 'chance': {
      const drawn = fractionOf(plan.seed, `${met.key}:${timesMet(fault, met)}`)
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

/** The action of the first fault that strikes; every matching one before it is counted, ended ones too. */
function take<Action>(faults: Planned<Action>[], met: Met): Action | undefined {
  for (const fault of faults) {
    const action = step(fault, met)
    if (action !== null) return action
  }
  return undefined
}

/** What is planned for this request, if anything; counts it. */
export function takeRequestFault<Action>(
  faults: RequestFault<Action>[],
  request: { method: string; path: string },
  drawn: Drawn,
): Action | undefined {
  const matching = faults.filter(
    (one) => (one.method === '*' || one.method === request.method) && matchesPattern(one.path, request.path),
  )
  return take(matching, { key: `${request.method} ${request.path}`, drawn })
}

/** What is planned for this delivery to the hook that is so-manieth, if anything; counts it. */
export function takeWebhookFault(
  faults: WebhookFault[],
  delivery: { event: string; hook: number },
  drawn: Drawn,
): WebhookAction | undefined {
  const matching = faults.filter((one) => matchesPattern(one.event, delivery.event))
  return take(matching, { key: `${delivery.event} ${delivery.hook}`, drawn })
}
