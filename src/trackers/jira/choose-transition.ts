import type { ItemState } from '../tracker.ts'

/** A step the workflow offers now. `missing`: names of fields its screen asks for and nobody fills. */
export type Transition = {
  id: string
  name: string
  to: { id: string; name: string; category: string }
  fields: Readonly<Record<string, unknown>>
  missing: readonly string[]
}

/** Where an issue should go: to a status by its name, or to any of the right category. */
export type Aim = { state: ItemState; statusName: string | undefined }

/** The next step on the way, `blocked` by a screen that asks for what nobody gave, or `none`. */
export type Choice =
  | { kind: 'step'; transition: Transition }
  | { kind: 'blocked'; transition: Transition }
  | { kind: 'none' }

/**
 * The next step towards a state. A workflow shows only the steps from where an issue is, so that the way is found by
 * going it: straight to the aim where that is offered, else on to a status not yet `seen`, never by way of *done*, which
 * others would take for the end.
 */
export function chooseTransition(offered: readonly Transition[], aim: Aim, seen: ReadonlySet<string>): Choice {
  const direct = offered.filter(({ to }) => isAim(to, aim)).toSorted((one, other) => rankAim(one) - rankAim(other))
  const open = direct.find(({ missing }) => missing.length === 0)
  if (open !== undefined) return { kind: 'step', transition: open }
  const [blocked] = direct
  // The very status that is named is a step away: going elsewhere would not help.
  if (blocked !== undefined && aim.statusName !== undefined) return { kind: 'blocked', transition: blocked }
  const onward = offered
    .filter(({ to, missing }) => missing.length === 0 && !seen.has(to.id) && isOnTheWay(to, aim))
    .toSorted((one, other) => rankWay(one) - rankWay(other))
  const [next] = onward
  if (next !== undefined) return { kind: 'step', transition: next }
  return blocked === undefined ? { kind: 'none' } : { kind: 'blocked', transition: blocked }
}

/** Whether a status is where the issue should go. */
export function isAim(to: Transition['to'], { state, statusName }: Aim): boolean {
  if ((to.category === 'done') !== (state === 'closed')) return false
  return statusName === undefined || to.name.trim().toLowerCase() === statusName.trim().toLowerCase()
}

/** What is opened again begins anew where it can. */
function rankAim({ to }: Transition): number {
  return to.category === 'new' ? 0 : 1
}

function isOnTheWay(to: Transition['to'], { state }: Aim): boolean {
  return state === 'open' || to.category !== 'done'
}

/** Work under way is nearer to its end than work not begun; a status that is over comes last. */
function rankWay({ to }: Transition): number {
  return to.category === 'indeterminate' ? 0 : to.category === 'done' ? 2 : 1
}
