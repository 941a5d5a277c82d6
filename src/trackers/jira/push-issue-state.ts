import type * as z from 'zod'
import { isWished, type RemoteWish, type SeenState } from '../../domain/sending/state-maps.ts'
import type { Status } from '../../domain/status.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Fetched, ItemRef, TrackerItem } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { type Aim, type Choice, chooseTransition, isAim, type Transition } from './choose-transition.ts'
import { issuePath, type JiraPlace, readIssue } from './jira-place.ts'
import { type RemoteIssue, remote, remoteTransitions, type WorkflowSettings, workflowSettings } from './schema.ts'

/** Longer than the longest way through a workflow people draw. */
const stepsAtMost = 12

/**
 * Takes an issue along its workflow until its status is of the category our status asks for. Throws `remote_refused`
 * with what to change when the workflow offers no way, or a screen asks for what the route does not give, and
 * `remote_not_found` for an issue that is not shown to us.
 */
export async function pushIssueState(
  place: JiraPlace,
  { item, status, wish }: { item: ItemRef; status: Status; wish?: RemoteWish },
): Promise<Fetched<TrackerItem>> {
  const wanted = wish?.state ?? wantedState(status)
  const route = workflowSettings.parse(place.settings)
  const seen = new Set<string>()
  for (let steps = 0; ; steps++) {
    const { issue, item: now } = await readIssue(place, remote.parse(item.remote).issue)
    const isThere = wish === undefined ? now.state === wanted : isWished(toSeen(now), wish)
    if (wanted === null || isThere) return { kind: 'found', value: now }
    const aim = { state: wanted, statusName: wish?.name ?? route.statuses[status] }
    if (steps === stepsAtMost) throw noWay(now, aim)
    const to = await step(place, { item, issue, now, aim, seen, status, route })
    // Where it leads is known beforehand, so that nothing is read once more. Rules that take it further are told by webhook.
    if (to !== undefined && isAim(to, aim))
      return { kind: 'found', value: { ...now, state: wanted, remoteState: to.name, version: '' } }
  }
}

function toSeen({ remoteState, state }: TrackerItem): SeenState {
  return { name: remoteState, state: state === 'closed' ? 'closed' : 'open' }
}

type Walk = {
  item: ItemRef
  issue: RemoteIssue
  now: TrackerItem
  aim: Aim
  /** Ids of the statuses it was taken to. */
  seen: Set<string>
  status: Status
  route: WorkflowSettings
}

/** Takes one step and answers to where; undefined when somebody else moved it in the same moment. */
async function step(place: JiraPlace, walk: Walk): Promise<Transition['to'] | undefined> {
  // Conditions may hold for one issue and not for another, so that what its likes were offered is tried and no more.
  const known = choose(await readLikes(place, walk), walk)
  if (known.kind === 'step' && (await take(place, walk, known.transition)) === undefined) return known.transition.to
  const { now, aim } = walk
  const own = choose(await readTransitions(place, walk.item), walk)
  if (own.kind === 'none') throw noWay(now, aim)
  const { transition } = own
  if (own.kind === 'blocked')
    throw new AppError(
      'remote_refused',
      `The step “${transition.name}” in Jira asks for ${transition.missing.join(', ')}, which the route does not give. Set it in the route, or close the issue in Jira.`,
    )
  const refusal = await take(place, walk, transition)
  if (refusal === undefined) return transition.to
  // Somebody may have moved it in the same moment; then the way begins where it is now.
  const { item: moved } = await readIssue(place, remote.parse(walk.item.remote).issue)
  if (moved.remoteState === now.remoteState) throw refusal
  return undefined
}

/** Answers Jira's refusal, if it refuses. */
async function take(place: JiraPlace, { item, seen }: Walk, transition: Transition): Promise<AppError | undefined> {
  const body = { transition: { id: transition.id }, fields: transition.fields }
  const call = { what: `take the issue to ${transition.to.name}`, lane: place.lane, body }
  try {
    await place.client.write('POST', `${issuePath(item)}/transitions`, call)
    seen.add(transition.to.id)
    return undefined
  } catch (error) {
    if (!isAppError(error, 'remote_refused')) throw error
    return error
  }
}

type Offered = z.output<typeof remoteTransitions>

/** What issues of this kind were offered in this status a moment ago. */
function readLikes(place: JiraPlace, { item, issue }: Walk): Promise<Offered> {
  const { project, issuetype, status } = issue.fields
  return place.remember(`steps:${project.id}:${issuetype?.id ?? '-'}:${status.id}`, () => readTransitions(place, item))
}

function readTransitions({ client, lane }: JiraPlace, item: ItemRef): Promise<Offered> {
  const query = { expand: 'transitions.fields' }
  const call = { what: 'read the steps of the workflow', lane, schema: remoteTransitions, query }
  return client.get(`${issuePath(item)}/transitions`, call)
}

function choose({ transitions }: Offered, { aim, seen, status, route }: Walk): Choice {
  const offered = transitions
    .filter(({ isAvailable }) => isAvailable !== false)
    .map(({ id, name, to, fields }) => ({
      id,
      name,
      to: { id: to.id, name: to.name, category: to.statusCategory.key },
      ...fillScreen(fields ?? {}, { status, route }),
    }))
  return chooseTransition(offered, aim, seen)
}

type Screen = NonNullable<z.output<typeof remoteTransitions>['transitions'][number]['fields']>

function fillScreen(screen: Screen, { status, route }: Pick<Walk, 'status' | 'route'>) {
  const resolution = route.resolutions[status]
  const given: Record<string, unknown> = {
    ...route.transitionFields,
    ...(resolution !== undefined && { resolution: { name: resolution } }),
  }
  const fields = Object.fromEntries(Object.entries(given).filter(([id]) => id in screen))
  const missing = Object.entries(screen)
    .filter(([id, field]) => field.required && field.hasDefaultValue !== true && !(id in fields))
    .map(([id, field]) => field.name ?? id)
  return { fields, missing }
}

function noWay(now: TrackerItem, { state, statusName }: Aim): AppError {
  const to = statusName === undefined ? `a status that is ${state === 'closed' ? '' : 'not '}done` : `“${statusName}”`
  return new AppError(
    'remote_refused',
    `The workflow in Jira offers our account no way from “${now.remoteState}” to ${to}. Name a status in the route that can be reached, or move the issue in Jira.`,
  )
}
