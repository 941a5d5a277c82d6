import type { Status } from '../status.ts'
import type { AcceptedSpan } from './judge-sla.ts'

/** One change of status, as the history tells it. */
export type StatusStep = { at: Date; before: Status | null; after: Status | null }

/** When a risk was accepted, from the steps of a history in their order. Looking at it again without an end goes on. */
export function listAcceptedSpans(steps: readonly StatusStep[]): AcceptedSpan[] {
  const spans: AcceptedSpan[] = []
  for (const { at, before, after } of steps) {
    const open = spans.at(-1)?.to === null ? spans.at(-1) : undefined
    if (after === 'risk_accepted' && open === undefined) spans.push({ from: at, to: null })
    if (before === 'risk_accepted' && after !== 'risk_accepted' && open !== undefined) open.to = at
  }
  return spans
}
