import type { WebhookAction } from '../../simulators/shared/fault-plan.ts'

/** Of the requests of Weir, and of the webhooks. */
export const requestFaultShare = 0.06
export const webhookFaultShare = 0.15

export const webhookFaults: WebhookAction[] = [
  { kind: 'drop' },
  { kind: 'drop' },
  { kind: 'duplicate' },
  { kind: 'hold' },
  { kind: 'hold' },
  { kind: 'delay', ms: 500 },
]

/** What every simulator can do to a connection; how an answer fails is told by each in its own words. */
export const connectionFaults = [
  { kind: 'cut', when: 'after' },
  { kind: 'cut', when: 'after' },
  { kind: 'cut', when: 'before' },
  { kind: 'cut', when: 'in_body' },
  { kind: 'truncate' },
] as const
export const slownessFaults = [
  { kind: 'rate_limit', retryAfterSeconds: 1 },
  { kind: 'delay', ms: 300, when: 'after' },
] as const

/** So high that nothing but a planned fault limits: what limits do is measured elsewhere. */
export const withoutLimit = 100_000_000
