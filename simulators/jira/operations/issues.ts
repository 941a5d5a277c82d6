import { at, type Json, stringAt } from '../../shared/json.ts'
import { assertMay, findProject } from '../auth/permission.ts'
import { fieldErrors } from '../jira-error.ts'
import type { ChangeItem, Issue, IssueType, Person, Project } from '../model.ts'
import type { Sim } from '../state.ts'
import { raiseCommentEvent, raiseIssueEvent } from '../webhooks/raise-event.ts'
import { addComment } from './comments.ts'
import { applyEdit, type Edit } from './edit.ts'
import { type ReadEdit, readEdit } from './read-edit.ts'

const systemFields = ['summary', 'description', 'priority', 'labels', 'assignee', 'reporter', 'duedate'] as const

/** Ids of the fields the create and edit screens of a project show. */
export function screenOf(project: Project): Set<string> {
  return new Set([...systemFields, ...project.customFields.map((one) => one.field.id)])
}

/** A change of any kind: `updated` moves on, and the history says what it was. */
export function recordChange(sim: Sim, issue: Issue, input: { actor: Person; items: ChangeItem[] }): void {
  const created = touch(sim, issue)
  if (input.items.length > 0)
    issue.histories.push({ id: sim.newId(), author: input.actor, created, items: input.items })
}

export function touch(sim: Sim, issue: Issue): number {
  issue.updated = sim.now()
  issue.touches.push(issue.updated)
  return issue.updated
}

function findType(project: Project, value: unknown): IssueType | undefined {
  const [id, name] = [stringAt(value, 'id'), stringAt(value, 'name')]
  return project.issueTypes.find((one) => (id === undefined ? one.name === name : one.id === id))
}

interface Draft extends ReadEdit {
  project: Project
  type: IssueType
}

/** Reads the body of a creation. Throws Jira's 400 naming every field that is wrong or missing. */
export function readDraft(sim: Sim, actor: Person, body: unknown): Draft {
  const wanted = at(body, 'fields', 'project')
  const project = findProject(sim, actor, stringAt(wanted, 'id') ?? stringAt(wanted, 'key') ?? '')
  if (project === undefined) throw fieldErrors({ project: 'Specify a valid project ID or key' })
  assertMay(project, actor, { wanted: 'work', message: 'You do not have permission to create issues in this project.' })
  const problems: Record<string, string> = {}
  const type = findType(project, at(body, 'fields', 'issuetype'))
  if (type === undefined) problems['issuetype'] = 'Specify a valid issue type'
  if (at(body, 'fields', 'summary') === undefined) problems['summary'] = 'You must specify a summary of the issue.'
  for (const { field, isRequired } of project.customFields) {
    if (isRequired && (at(body, 'fields', field.id) ?? null) === null) problems[field.id] = `${field.name} is required.`
  }
  const read = readEdit(sim, { project, issue: null, screen: screenOf(project), body }, problems)
  if (type === undefined) throw fieldErrors(problems)
  return { ...read, project, type }
}

function blank(sim: Sim, draft: { project: Project; type: IssueType }, actor: Person): Issue {
  const { project, type } = draft
  const status = project.workflow.statuses.find((one) => one.id === project.workflow.initial)
  const priority = sim.priorities.find((one) => one.name === 'Medium')
  if (status === undefined || priority === undefined) throw new Error(`the seed of ${project.key} is broken`)
  const created = sim.now()
  return {
    id: sim.newId(),
    key: `${project.key}-${(project.counter += 1)}`,
    number: project.counter,
    formerKeys: [],
    project,
    type,
    summary: '',
    description: null,
    status,
    priority,
    resolution: null,
    labels: [],
    reporter: actor,
    creator: actor,
    assignee: null,
    dueDate: null,
    custom: new Map(),
    properties: new Map(),
    comments: [],
    attachments: [],
    histories: [],
    created,
    updated: created,
    touches: [created],
    statusChanged: created,
    resolved: null,
  }
}

interface NewIssue {
  project: Project
  type: IssueType
  edit: Edit
  properties: Map<string, Json>
}

/** Makes an issue and tells the hooks. */
export function createIssue(sim: Sim, actor: Person, input: NewIssue): Issue {
  const issue = blank(sim, input, actor)
  applyEdit(issue, input.edit, sim.customFields)
  for (const [key, value] of input.properties) issue.properties.set(key, value)
  sim.issues.push(issue)
  raiseIssueEvent(sim, { event: 'jira:issue_created', typeName: 'issue_created', issue, actor })
  return issue
}

/** Changes an issue as far as it differs; comments sent along are added after it. */
export function editIssue(sim: Sim, actor: Person, input: { issue: Issue } & ReadEdit): void {
  const { issue, edit, comments } = input
  const missing = issue.project.customFields.find((one) => one.isRequired && edit.custom.get(one.field.id) === null)
  if (missing !== undefined) throw fieldErrors({ [missing.field.id]: `${missing.field.name} is required.` })
  const items = applyEdit(issue, edit, sim.customFields)
  if (items.length > 0) {
    recordChange(sim, issue, { actor, items })
    const isAssignment = items.every((one) => one.fieldId === 'assignee')
    const typeName = isAssignment ? 'issue_assigned' : 'issue_updated'
    raiseIssueEvent(sim, { event: 'jira:issue_updated', typeName, issue, actor, items })
  }
  for (const body of comments) addComment(sim, actor, { issue, body, properties: new Map() })
}

/** Removes an issue for good; its comments' own deletions follow as secondary deliveries. */
export function deleteIssue(sim: Sim, actor: Person, issue: Issue): void {
  assertMay(issue.project, actor, {
    wanted: 'admin',
    message: 'You do not have permission to delete issues in this project.',
  })
  // Told first: a filter that names the issue must still find it.
  raiseIssueEvent(sim, { event: 'jira:issue_deleted', typeName: 'issue_deleted', issue, actor })
  for (const comment of issue.comments)
    raiseCommentEvent(sim, { event: 'comment_deleted', issue, comment, flow: 'Secondary' })
  sim.issues.splice(sim.issues.indexOf(issue), 1)
}
