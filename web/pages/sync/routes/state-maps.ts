import type { RemoteState } from '../../../../contract/sync/remote-states.ts'
import type { Meaning } from '../../../../src/domain/sending/meanings.ts'
import type { StateMaps } from '../../../../src/domain/sending/state-maps.ts'
import type { Status } from '../../../../src/domain/status.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { statusWords } from '../../../ui/words.ts'

type Tracker = RouteResponse<'listTrackers'>['items'][number]

/** How a choice is written down in a select. */
export const asDefault = ''
export const leftAlone = 'leave'
const named = 'state:'

export const meaningWords: Record<Meaning, string> = {
  identified: 'Identified',
  in_progress: 'In progress',
  awaiting_validation: 'Awaiting validation',
  fixed: 'Fixed',
  risk_accepted: 'Risk accepted',
  false_positive: 'False positive',
  nothing: 'Nothing: it stays as it is',
}

/** What an item is brought to, as a select has it. */
export function readOut(maps: StateMaps, status: Status): string {
  const wish = maps.out?.[status]
  if (wish === undefined) return asDefault
  return wish.kind === 'leave' ? leftAlone : named + wish.name
}

export function writeOut(maps: StateMaps, { status, choice, states }: OutChoice): StateMaps {
  const { [status]: _before, ...others } = maps.out ?? {}
  if (choice === asDefault) return { ...maps, out: others }
  if (choice === leftAlone) return { ...maps, out: { ...others, [status]: { kind: 'leave' } } }
  const name = choice.slice(named.length)
  const isClosed = states.find((state) => state.name === name)?.is_closed ?? maps.out?.[status]?.kind === 'state'
  return { ...maps, out: { ...others, [status]: { kind: 'state', name, is_closed: isClosed } } }
}
type OutChoice = { status: Status; choice: string; states: readonly RemoteState[] }

export function listOutChoices(
  { tracker, maps, states }: { tracker: Tracker; maps: StateMaps; states: readonly RemoteState[] },
  status: Status,
) {
  const said = maps.out?.[status]
  // A state the remote has no more is still what the route says.
  const gone = said?.kind === 'state' && !states.some(({ name }) => name === said.name) ? [said.name] : []
  return [
    { value: asDefault, label: describeDefault(tracker.default_states[status]) },
    { value: leftAlone, label: 'Left as it is' },
    ...[...states.map(({ name }) => name), ...gone].map((name) => ({ value: named + name, label: toTitle(name) })),
  ]
}

function describeDefault(wanted: Tracker['default_states'][Status]): string {
  if (wanted === null) return 'Default: left as it is'
  const side = wanted.is_closed ? 'any that is done' : 'any that is not done'
  return `Default: ${wanted.name === null ? side : toTitle(wanted.name)}`
}

export function readIn(maps: StateMaps, name: string): Meaning | '' {
  return maps.in?.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.means ?? asDefault
}

export function writeIn(maps: StateMaps, name: string, means: Meaning | undefined): StateMaps {
  const others = (maps.in ?? []).filter((entry) => entry.name.toLowerCase() !== name.toLowerCase())
  return { ...maps, in: means === undefined ? others : [...others, { name, means }] }
}

/** What a state means by default, in the words of the page. */
export function describeMeaning({ is_closed: isClosed }: RemoteState): string {
  return isClosed
    ? `Default: ${statusWords.awaiting_validation.label.toLowerCase()}`
    : `Default: ${statusWords.in_progress.label.toLowerCase()} again`
}

/** States a route speaks of, and those the remote has. */
export function listStates(maps: StateMaps, states: readonly RemoteState[]): RemoteState[] {
  const known = new Set(states.map(({ name }) => name.toLowerCase()))
  const gone = (maps.in ?? []).filter(({ name }) => !known.has(name.toLowerCase()))
  return [...states, ...gone.map(({ name }) => ({ name, is_closed: false }))]
}

/** Whether a state is said to mean a decision of security. */
export function hasDecision(maps: StateMaps): boolean {
  return (maps.in ?? []).some(({ means }) => means === 'risk_accepted' || means === 'false_positive')
}

/** `on hold` → `On hold`; names with capitals of their own stay. */
export function toTitle(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
