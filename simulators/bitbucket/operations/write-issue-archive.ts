import type { Json, JsonObject } from '../../shared/json.ts'
import { writeZip, type ZipEntry } from '../../shared/zip.ts'
import type { Issue, TrackerPart } from '../model/issue-tracker.ts'
import type { Person, Repository } from '../model.ts'

/** https://support.atlassian.com/bitbucket-cloud/docs/issue-import-and-export-data-format/ */
export const databaseName = 'db-2.0.json'

function user(person: Person | null): Json {
  return person === null ? null : { display_name: person.displayName, account_id: person.accountId }
}

function names(parts: readonly TrackerPart[]): Json {
  return parts.map(({ name }) => ({ name }))
}

function issueRecord(issue: Issue): JsonObject {
  return {
    assignee: user(issue.assignee),
    component: issue.component?.name ?? null,
    content: issue.raw,
    content_updated_on: issue.contentUpdatedOn,
    created_on: issue.createdOn,
    edited_on: issue.editedOn,
    id: issue.id,
    kind: issue.kind,
    milestone: issue.milestone?.name ?? null,
    priority: issue.priority,
    reporter: user(issue.reporter),
    status: issue.state,
    title: issue.title,
    updated_on: issue.updatedOn,
    version: issue.version?.name ?? null,
    voters: issue.voters.map(user),
    watchers: issue.watchers.map(user),
  }
}

function commentRecords(issue: Issue): JsonObject[] {
  return issue.comments
    .filter((comment) => !comment.deleted)
    .map((comment) => ({
      content: comment.raw,
      created_on: comment.createdOn,
      id: comment.id,
      issue: issue.id,
      updated_on: comment.updatedOn === comment.createdOn ? null : comment.updatedOn,
      user: user(comment.author),
    }))
}

/** One record for each field of each change; together they name the comment the change wrote. */
function logRecords(issue: Issue): JsonObject[] {
  return issue.changes.flatMap((change) =>
    Object.entries(change.changes).map(([field, { old, new: now }]) => ({
      changed_from: old,
      changed_to: now,
      comment: change.id,
      created_on: change.createdOn,
      field: field === 'state' ? 'status' : field,
      issue: issue.id,
      user: user(change.person),
    })),
  )
}

function attachmentPath(issue: Issue, name: string): string {
  return `attachments/${issue.id}-${name}`
}

function attachmentRecords(issue: Issue): JsonObject[] {
  return issue.attachments.map(({ name, uploader }) => ({
    filename: name,
    issue: issue.id,
    path: attachmentPath(issue, name),
    user: user(uploader),
  }))
}

/** The tracker of a repository as the zip archive that an import takes. */
export function writeIssueArchive({ issues, tracker }: Repository, withAttachments: boolean): Buffer {
  const { defaults } = tracker
  const database: JsonObject = {
    attachments: withAttachments ? issues.flatMap(attachmentRecords) : [],
    comments: issues.flatMap(commentRecords),
    components: names(tracker.component),
    issues: issues.map(issueRecord),
    logs: issues.flatMap(logRecords),
    meta: {
      default_assignee: user(defaults.assignee),
      default_component: defaults.component?.name ?? null,
      default_kind: defaults.kind,
      default_milestone: defaults.milestone?.name ?? null,
      default_version: defaults.version?.name ?? null,
    },
    milestones: names(tracker.milestone),
    versions: names(tracker.version),
  }
  const files = issues.flatMap((issue): ZipEntry[] =>
    issue.attachments.map(({ name, bytes }) => ({ path: attachmentPath(issue, name), bytes })),
  )
  const entry = { path: databaseName, bytes: Buffer.from(JSON.stringify(database, null, 2)) }
  return writeZip([entry, ...(withAttachments ? files : [])])
}
