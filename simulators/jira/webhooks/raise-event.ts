import { type JsonObject, ownValue } from '../../shared/json.ts'
import { JiraError } from '../jira-error.ts'
import { matchesJql } from '../jql/run-jql.ts'
import type { ChangeItem, Comment, Delivery, Hook, Issue, Person } from '../model.ts'
import { renderCommentForHook } from '../render/comment.ts'
import { renderChangeItem, renderIssueForHook, renderIssueStub } from '../render/issue.ts'
import { renderPerson } from '../render/person.ts'
import type { Sim } from '../state.ts'
import { startDelivery } from './deliver.ts'
import type { EventName } from './event-names.ts'

interface Raised {
  event: EventName
  issue: Issue
  flow: Delivery['flow']
  payload: JsonObject
}

function listens(sim: Sim, hook: Hook, raised: Raised): boolean {
  if (!hook.isEnabled || !hook.events.includes(raised.event)) return false
  if (hook.jql === null) return true
  try {
    return matchesJql({ sim, person: hook.owner, now: sim.clock() }, hook.jql, raised.issue)
  } catch (error) {
    // What the filter names has gone since it was set: it finds nothing, and the change itself goes on.
    if (error instanceof JiraError) return false
    throw error
  }
}

/** `${issue.key}` and the like in the address of a hook. */
function fillAddress(url: string, issue: Issue): string {
  const values: Record<string, string> = {
    'issue.id': issue.id,
    'issue.key': issue.key,
    'project.id': issue.project.id,
    'project.key': issue.project.key,
  }
  return url.replace(/\$\{([a-z.]+)\}/g, (whole, name: string) => ownValue(values, name) ?? whole)
}

function raise(sim: Sim, raised: Raised): void {
  const { event, flow, issue, payload } = raised
  for (const hook of sim.hooks.filter((one) => listens(sim, one, raised))) {
    const body = hook.excludeBody ? '' : JSON.stringify(payload)
    startDelivery(sim, hook, { event, flow, body, url: fillAddress(hook.url, issue) })
  }
}

export interface IssueEvent {
  event: 'jira:issue_created' | 'jira:issue_updated' | 'jira:issue_deleted'
  typeName: string
  issue: Issue
  actor: Person
  items?: ChangeItem[]
  comment?: Comment
}

/** Hooks carry the older, textual form of bodies, whatever version of the API made the change. */
export function raiseIssueEvent(sim: Sim, input: IssueEvent): void {
  const { event, typeName, issue, actor, items, comment } = input
  const place = { sim, base: sim.url, viewer: null }
  const payload: JsonObject = {
    timestamp: sim.clock(),
    webhookEvent: event,
    issue_event_type_name: typeName,
    user: renderPerson(place, actor),
    issue: renderIssueForHook(place, issue),
  }
  if (items !== undefined)
    payload['changelog'] = { id: issue.histories.at(-1)?.id ?? '', items: items.map(renderChangeItem) }
  if (comment !== undefined) payload['comment'] = renderCommentForHook(place, issue, comment)
  raise(sim, { event, issue, flow: 'Primary', payload })
}

export interface CommentEvent {
  event: 'comment_created' | 'comment_updated' | 'comment_deleted'
  issue: Issue
  comment: Comment
  flow: Delivery['flow']
}

export function raiseCommentEvent(sim: Sim, input: CommentEvent): void {
  const { event, issue, comment, flow } = input
  const place = { sim, base: sim.url, viewer: null }
  const payload: JsonObject = {
    timestamp: sim.clock(),
    webhookEvent: event,
    comment: renderCommentForHook(place, issue, comment),
    issue: renderIssueStub(place, issue),
    eventType: flow === 'Primary' ? 'primaryAction' : 'secondaryAction',
  }
  raise(sim, { event, issue, flow, payload })
}
