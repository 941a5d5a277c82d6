import type { SlaVerdict } from './judge-sla.ts'

/** The furthest that was announced of a deadline; kept between two looks. */
export type Announced = 'none' | 'approaching' | 'breached'

/** A deadline came near or went by; `at` is when, which may be long before anybody looked. */
export type Crossing = { kind: 'approaching' | 'breached'; at: Date }

const order = ['none', 'approaching', 'breached'] as const

/**
 * What happened since the last look, in order, and what to remember for the next one: each crossing is announced once,
 * however often and late one looks. What goes back (a later deadline, a fix) is no announcement, but lets the next crossing
 * be one again.
 */
export function listCrossings(
  announced: Announced,
  verdict: SlaVerdict,
): { crossings: Crossing[]; announced: Announced } {
  switch (verdict.state) {
    case 'approaching':
    case 'breached': {
      const { approachesAt, dueAt } = verdict
      const passed = order.slice(order.indexOf(announced) + 1, order.indexOf(verdict.state) + 1)
      const crossings = passed.flatMap((kind): Crossing[] =>
        kind === 'none' ? [] : [{ kind, at: kind === 'approaching' ? approachesAt : dueAt }],
      )
      return { crossings, announced: verdict.state }
    }
    case 'on_track':
    case 'resolved':
    case 'not_tracked':
    case 'not_set':
      return { crossings: [], announced: 'none' }
    default:
      return verdict satisfies never
  }
}
