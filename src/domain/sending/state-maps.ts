import * as z from 'zod'
import { isOpen, type Status, statuses } from '../status.ts'
import { type Meaning, meanings } from './meanings.ts'

const remoteName = z.string().trim().min(1).max(255)

const wish = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('leave') }),
  /** `is_closed`: an item in this state asks for no more work. */
  z.strictObject({ kind: z.literal('state'), name: remoteName, is_closed: z.boolean() }),
])

/** What a route says of states; what it leaves out is as the tracker has it. */
export const stateMaps = z.strictObject({
  /** By status here: the state an item is brought to, or left as it is. */
  out: z.partialRecord(z.enum(statuses), wish).optional(),
  /** By state there, whatever its capitals: what it means here. Several may mean the same. */
  in: z
    .array(z.strictObject({ name: remoteName, means: z.enum(meanings) }))
    .max(100)
    .refine(
      (entries) => new Set(entries.map(({ name }) => fold(name))).size === entries.length,
      'A state is there twice.',
    )
    .optional(),
  /** Whose word holds where both sides moved since they last agreed. Left out: the remote's. */
  winner: z.enum(['remote', 'weir']).optional(),
  /** Risk accepted and false positive: a champion is asked, or a member with that right decides at the remote. Left out: asked. */
  decisions: z.enum(['ask', 'members']).optional(),
  /** Days for which a member accepts a risk at the remote. Left out: 90. */
  accept_days: z.number().int().min(1).max(3650).optional(),
})
export type StateMaps = z.output<typeof stateMaps>

/** What any route can say of states, whatever its tracker. */
export const routeStates = z.object({ states: stateMaps.optional() })

/** A state as the remote shows it: its name, and whether it asks for more work. */
export type SeenState = { name: string; state: 'open' | 'closed' }

/**
 * What an item should be: any state of that side, or the one that is named. `also`: names that fit as well, since they mean
 * the same here: of several the one named is what an item is brought to, and one that fits already stays.
 */
export type RemoteWish = { state: 'open' | 'closed'; name: string | null; also: readonly string[] }

type Maps = { maps: StateMaps; byDefault: 'open' | 'closed' | null }

/** What the item of a vulnerability in this status should be; null: as it is. `byDefault`: what its tracker wishes. */
export function wishFor(status: Status, { maps, byDefault }: Maps): RemoteWish | null {
  const said = maps.out?.[status]
  const also = (maps.in ?? []).filter(({ means }) => means === status).map(({ name }) => name)
  if (said?.kind === 'leave') return null
  if (said?.kind === 'state') return { state: said.is_closed ? 'closed' : 'open', name: said.name, also }
  return byDefault === null ? null : { state: byDefault, name: null, also }
}

/** Whether an item in this state is what is wished for. */
export function isWished(seen: SeenState, wished: RemoteWish): boolean {
  if (isOneOf(seen.name, wished.also)) return true
  return wished.name === null ? seen.state === wished.state : fold(wished.name) === fold(seen.name)
}

/** What the route says a state means; undefined where it says nothing. */
export function readMeaning(maps: StateMaps, name: string): Meaning | undefined {
  return maps.in?.find((entry) => fold(entry.name) === fold(name))?.means
}

/** Days for which a member accepts a risk at the remote. */
export function readAcceptDays({ accept_days: days = 90 }: StateMaps): number {
  return days
}

/** What a state means that no route speaks of: closing is the developer's "done", opening again is work. */
export function defaultMeaning(state: SeenState['state']): 'awaiting_validation' | 'in_progress' {
  return state === 'closed' ? 'awaiting_validation' : 'in_progress'
}

/**
 * `same`: nothing to do; `push`: the item is to be brought to the vulnerability; `take`: the vulnerability is to follow the
 * item. `mayBeOurs`: the item is on the side that is wished for, so that a change of ours that is under way explains it too.
 */
export type StateVerdict =
  | { kind: 'same' }
  | { kind: 'push' }
  | { kind: 'take'; means: Exclude<Meaning, 'nothing'>; isMapped: boolean; mayBeOurs: boolean }

/** `agreed`: what both sides last agreed on; its name null where that was never written down. */
export type StateComparison = Maps & {
  status: Status
  agreed: { name: string | null; state: 'open' | 'closed' }
  seen: SeenState
}

/** Compares the state of an item with the status of its vulnerability and with what both last agreed on. */
export function judgeStates({ status, maps, byDefault, agreed, seen }: StateComparison): StateVerdict {
  const wished = wishFor(status, { maps, byDefault })
  const said = readMeaning(maps, seen.name)
  // What the item is brought to is never news, whatever it means when a person brings it there.
  if (said === 'nothing' || said === status || isNamed(seen, wished)) return { kind: 'same' }
  const isCrossed = agreed.state !== seen.state
  const isRenamed = agreed.name !== null && fold(agreed.name) !== fold(seen.name)
  const fits = wished === null ? suits(status, seen.state) : wished.state === seen.state
  const isNews = said === undefined ? isCrossed && !fits : isCrossed || isRenamed
  if (!isNews) return { kind: wished !== null && !fits ? 'push' : 'same' }
  const hasMovedHere = wished !== null && !isWished({ name: agreed.name ?? '', state: agreed.state }, wished)
  if (hasMovedHere && maps.winner === 'weir') return { kind: 'push' }
  const mayBeOurs = wished !== null && fits
  return { kind: 'take', means: said ?? defaultMeaning(seen.state), isMapped: said !== undefined, mayBeOurs }
}

/** Where the item is left as it is: what awaits validation, or is over, may be closed; what is worked on may be open. */
function suits(status: Status, state: SeenState['state']): boolean {
  const isWork = isOpen(status) && status !== 'awaiting_validation'
  return isWork === (state === 'open')
}

function isNamed(seen: SeenState, wished: RemoteWish | null): boolean {
  return wished !== null && wished.name !== null && fold(wished.name) === fold(seen.name)
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some((one) => fold(one) === fold(name))
}

/** Names of states differ neither by capitals nor by blanks around them. */
function fold(name: string): string {
  return name.trim().toLowerCase()
}
