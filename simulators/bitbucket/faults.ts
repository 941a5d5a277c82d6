import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './switches.ts'

/** What goes over the wire. */
export interface Wire {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

export type PlannedFault = Fault | undefined

/** What a fault makes of a request that is not carried out; undefined: carry it out. */
export async function faultBefore(fault: PlannedFault): Promise<Wire | 'reset' | undefined> {
  if (fault === undefined || fault.when !== 'before') return undefined
  switch (fault.action.kind) {
    case 'answer':
      return { status: fault.action.status, headers: fault.action.headers ?? {}, body: fault.action.body ?? '' }
    case 'reset':
      return 'reset'
    case 'delay':
      await sleep(fault.action.ms)
      return undefined
    case 'truncate':
      // Needs an answer to cut: done afterwards.
      return undefined
    default:
      return fault.action satisfies never
  }
}

/** What a fault makes of the answer to a request that was carried out. */
export async function faultAfter(fault: PlannedFault, wire: Wire): Promise<Wire | 'reset'> {
  if (fault === undefined) return wire
  const { action } = fault
  if (action.kind === 'truncate') return { ...wire, body: wire.body.slice(0, Math.floor(wire.body.length / 2)) }
  if (fault.when === 'before') return wire
  switch (action.kind) {
    case 'answer':
      return { status: action.status, headers: action.headers ?? {}, body: action.body ?? '' }
    case 'reset':
      return 'reset'
    case 'delay':
      await sleep(action.ms)
      return wire
    default:
      return action satisfies never
  }
}
