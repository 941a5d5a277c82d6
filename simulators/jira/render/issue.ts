import { type Json, type JsonObject, stringAt } from '../../shared/json.ts'
import { documentToText } from '../adf/document-to-text.ts'
import type { ChangeItem, History, Issue } from '../model.ts'
import { toTimestamp } from '../state.ts'
import { renderAttachment } from './attachment.ts'
import { renderComment, renderCommentForHook } from './comment.ts'
import { renderPerson, renderPersonOrNull } from './person.ts'
import { type Place, self } from './place.ts'
import {
  renderCategory,
  renderPriority,
  renderProjectStub,
  renderResolution,
  renderStatus,
  renderType,
} from './project.ts'

const expandable = 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations'

type FieldRenderer = (place: Place, issue: Issue) => Json

function renderCommentField(place: Place, issue: Issue): JsonObject {
  const comments = issue.comments.map((one) => renderComment(place, issue, one))
  const total = comments.length
  return { comments, self: self(place, `issue/${issue.id}/comment`), maxResults: total, total, startAt: 0 }
}

const renderers: Record<string, FieldRenderer> = {
  summary: (_place, issue) => issue.summary,
  description: (_place, issue) => issue.description,
  issuetype: (place, issue) => renderType(place, issue.type),
  project: (place, issue) => renderProjectStub(place, issue.project),
  status: (place, issue) => renderStatus(place, issue.status),
  statusCategory: (place, issue) => renderCategory(place, issue.status.category),
  statuscategorychangedate: (_place, issue) => toTimestamp(issue.statusChanged),
  priority: (place, issue) => renderPriority(place, issue.priority),
  labels: (_place, issue) => issue.labels,
  reporter: (place, issue) => renderPerson(place, issue.reporter),
  creator: (place, issue) => renderPerson(place, issue.creator),
  assignee: (place, issue) => renderPersonOrNull(place, issue.assignee),
  resolution: (place, issue) => (issue.resolution === null ? null : renderResolution(place, issue.resolution)),
  resolutiondate: (_place, issue) => (issue.resolved === null ? null : toTimestamp(issue.resolved)),
  duedate: (_place, issue) => issue.dueDate,
  created: (_place, issue) => toTimestamp(issue.created),
  updated: (_place, issue) => toTimestamp(issue.updated),
  components: () => [],
  fixVersions: () => [],
  versions: () => [],
  issuelinks: () => [],
  subtasks: () => [],
  attachment: (place, issue) => issue.attachments.map((one) => renderAttachment(place, one)),
  comment: renderCommentField,
}

const notNavigable = new Set(['comment', 'attachment'])

function renderCustom(place: Place, issue: Issue, id: string): Json {
  const value = issue.custom.get(id) ?? null
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return { self: self(place, `customFieldOption/${stringAt(value, 'id') ?? ''}`), ...value }
}

function fieldNames(issue: Issue): string[] {
  return [...Object.keys(renderers), ...issue.project.customFields.map((one) => one.field.id)]
}

function navigable(issue: Issue): string[] {
  return fieldNames(issue).filter((one) => !notNavigable.has(one))
}

/** Names that `fields` stands for: `*all`, `*navigable`, a name, or `-name` to leave one out. */
export function chooseFields(issue: Issue, wanted: string[]): string[] {
  const chosen = new Set<string>()
  const startsWithout = wanted.length > 0 && wanted.every((one) => one.startsWith('-'))
  for (const one of startsWithout ? ['*all', ...wanted] : wanted) {
    if (one === '*all') for (const name of fieldNames(issue)) chosen.add(name)
    else if (one === '*navigable') for (const name of navigable(issue)) chosen.add(name)
    else if (one.startsWith('-')) chosen.delete(one.slice(1))
    else if (fieldNames(issue).includes(one)) chosen.add(one)
  }
  return [...chosen]
}

export function renderFields(place: Place, issue: Issue, names: string[]): JsonObject {
  return Object.fromEntries(
    names.map((name): [string, Json] => [name, renderers[name]?.(place, issue) ?? renderCustom(place, issue, name)]),
  )
}

interface Shape {
  fields: string[]
  properties: string[]
  withChangelog: boolean
}

export function renderIssue(place: Place, issue: Issue, shape: Shape): JsonObject {
  const properties = shape.properties.filter((key) => issue.properties.has(key))
  return {
    expand: expandable,
    id: issue.id,
    self: self(place, `issue/${issue.id}`),
    key: issue.key,
    ...(shape.withChangelog ? { changelog: renderChangelog(place, issue) } : {}),
    ...(shape.properties.length > 0
      ? {
          properties: Object.fromEntries(
            properties.map((key): [string, Json] => [key, issue.properties.get(key) ?? null]),
          ),
        }
      : {}),
    fields: renderFields(place, issue, chooseFields(issue, shape.fields)),
  }
}

export function renderChangeItem(item: ChangeItem): JsonObject {
  return {
    field: item.field,
    fieldtype: item.isCustom ? 'custom' : 'jira',
    fieldId: item.fieldId,
    from: item.from,
    fromString: item.fromText,
    to: item.to,
    toString: item.toText,
  }
}

export function renderHistory(place: Place, history: History): JsonObject {
  return {
    id: history.id,
    author: renderPerson(place, history.author),
    created: toTimestamp(history.created),
    items: history.items.map(renderChangeItem),
  }
}

function renderChangelog(place: Place, issue: Issue): JsonObject {
  const histories = issue.histories.toReversed().map((one) => renderHistory(place, one))
  return { startAt: 0, maxResults: histories.length, total: histories.length, histories }
}

/** As webhooks of issues carry it: everything, texts as text. */
export function renderIssueForHook(place: Place, issue: Issue): JsonObject {
  const names = fieldNames(issue).filter((one) => one !== 'comment')
  const fields = renderFields(place, issue, names)
  const description = issue.description === null ? null : documentToText(issue.description)
  const comment = {
    ...renderCommentField(place, issue),
    comments: issue.comments.map((one) => renderCommentForHook(place, issue, one)),
  }
  return {
    id: issue.id,
    self: self(place, `issue/${issue.id}`),
    key: issue.key,
    fields: { ...fields, description, comment },
  }
}

/** As webhooks of comments carry it. */
export function renderIssueStub(place: Place, issue: Issue): JsonObject {
  const names = ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status']
  return {
    id: issue.id,
    self: self(place, `issue/${issue.id}`),
    key: issue.key,
    fields: renderFields(place, issue, names),
  }
}
