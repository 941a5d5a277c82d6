import { at, hasKey, stringAt } from '../../shared/json.ts'
import { mayIn } from '../auth/permission.ts'
import { badRequest, fieldErrors } from '../jira-error.ts'
import type { ChangeItem, Issue, Named, Person, Status, Transition } from '../model.ts'
import type { Sim } from '../state.ts'
import { raiseIssueEvent } from '../webhooks/raise-event.ts'
import { addComment } from './comments.ts'
import { applyEdit, changeOfNamed } from './edit.ts'
import { recordChange } from './issues.ts'
import { type ReadEdit, readEdit } from './read-edit.ts'

/** What somebody can do to the status of an issue now; nothing for those who may only look. */
export function listTransitions(issue: Issue, person: Person): Transition[] {
  if (!mayIn(issue.project, person, 'work')) return []
  return issue.project.workflow.transitions.filter((one) => one.from === null || one.from.includes(issue.status.id))
}

export function targetOf(issue: Issue, transition: Transition): Status {
  const status = issue.project.workflow.statuses.find((one) => one.id === transition.to)
  if (status === undefined) throw new Error(`transition ${transition.id} of ${issue.project.key} leads nowhere`)
  return status
}

export function getTransition(issue: Issue, person: Person, id: string): Transition {
  const found = listTransitions(issue, person).find((one) => one.id === id)
  if (found === undefined) throw badRequest(`Transition id '${id}' is not valid for this issue.`)
  return found
}

/** Reads the body of a transition: which one, and what its screen asks for. */
export function readTransition(
  sim: Sim,
  actor: Person,
  input: { issue: Issue; body: unknown },
): { transition: Transition } & ReadEdit {
  const { issue, body } = input
  const given = at(body, 'transition', 'id')
  const id = typeof given === 'number' ? String(given) : stringAt(body, 'transition', 'id')
  if (id === undefined) throw badRequest("Missing 'transition' identifier")
  const transition = getTransition(issue, actor, id)
  const isRequired = transition.needsResolution && !hasKey(at(body, 'fields'), 'resolution')
  const problems: Record<string, string> = isRequired ? { resolution: 'Resolution is required.' } : {}
  const { transitionCommentWithoutScreen } = sim.switches
  const hasStrayComment = !transition.needsResolution && at(body, 'update', 'comment') !== undefined
  if (hasStrayComment && transitionCommentWithoutScreen === 'refused')
    problems['comment'] = "Field 'comment' cannot be set. It is not on the appropriate screen, or unknown."
  const screen = new Set(transition.needsResolution ? ['resolution', 'assignee'] : [])
  const read = readEdit(sim, { project: issue.project, issue, screen, body }, problems)
  const isIgnored = hasStrayComment && transitionCommentWithoutScreen === 'ignored'
  return { transition, edit: read.edit, comments: isIgnored ? [] : read.comments }
}

/** Without a screen, reaching a done status sets *Done* and leaving it clears the resolution, as post functions do. */
function resolutionAfter(
  sim: Sim,
  issue: Issue,
  input: { target: Status; chosen: Named | null | undefined },
): Named | null {
  const { target, chosen } = input
  if (target.category !== 'done') return null
  return chosen ?? issue.resolution ?? sim.resolutions.find((one) => one.name === 'Done') ?? null
}

/** Moves an issue along its workflow and tells the hooks once, status and resolution in one change. */
export function transitionIssue(
  sim: Sim,
  actor: Person,
  input: { issue: Issue; transition: Transition } & ReadEdit,
): void {
  const { issue, transition, edit, comments } = input
  const target = targetOf(issue, transition)
  const items: ChangeItem[] = []
  const resolution = resolutionAfter(sim, issue, { target, chosen: edit.resolution })
  if (transition.needsResolution && resolution === null) throw fieldErrors({ resolution: 'Resolution is required.' })
  items.push(...applyEdit(issue, { ...edit, resolution }, sim.customFields))
  const hasMoved = issue.status.id !== target.id
  if (hasMoved) items.push(changeOfNamed('status', issue.status, target))
  const categoryChanged = issue.status.category !== target.category
  issue.status = target
  if (items.length > 0) recordChange(sim, issue, { actor, items })
  if (categoryChanged) issue.statusChanged = issue.updated
  issue.resolved = resolution === null ? null : (issue.resolved ?? issue.updated)
  if (items.length > 0)
    raiseIssueEvent(sim, { event: 'jira:issue_updated', typeName: 'issue_generic', issue, actor, items })
  for (const body of comments) addComment(sim, actor, { issue, body, properties: new Map() })
}
