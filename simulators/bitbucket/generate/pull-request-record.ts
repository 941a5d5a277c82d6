import type { Activity, Comment, Inline, Participant, PullRequest, Task } from '../model.ts'
import type { RecordReader, RecordWriter } from './record.ts'

const states = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'] as const
const activityKinds = ['comment', 'approval', 'changes_requested', 'update'] as const

export function writePullRequest(to: RecordWriter, one: PullRequest): void {
  to.add('pull_request', one.id, one.title, one.description, one.state, one.draft, one.reason, one.closeSourceBranch)
  to.add(one.sourceBranch, one.destinationBranch, one.createdOn, one.updatedOn)
  to.hash(one.sourceHash)
  to.hash(one.destinationHash)
  to.hash(one.mergeCommit)
  to.person(one.author)
  to.person(one.closedBy)
  to.list(one.reviewers, (person) => to.person(person))
  to.list(one.participants, (each) => writeParticipant(to, each))
  to.list(one.comments, (each) => writeComment(to, each))
  to.list(one.tasks, (each) => writeTask(to, each))
  to.list(one.activity, (each) => writeActivity(to, one, each))
  to.endRecord()
}

/** What comes after the kind of the record. */
export function readPullRequest(from: RecordReader): PullRequest {
  const said = {
    id: from.number(),
    title: from.text(),
    description: from.text(),
    state: from.word(states),
    draft: from.flag(),
    reason: from.text(),
    closeSourceBranch: from.flag(),
    sourceBranch: from.text(),
    destinationBranch: from.text(),
    createdOn: from.moment(),
    updatedOn: from.moment(),
    sourceHash: from.hash(),
    destinationHash: from.hash(),
    mergeCommit: from.maybeHash(),
    author: from.person(),
    closedBy: from.maybePerson(),
    reviewers: from.list(() => from.person()),
    participants: from.list(() => readParticipant(from)),
    comments: from.list(() => readComment(from)),
    tasks: from.list(() => readTask(from)),
  }
  return { ...said, activity: from.list(() => readActivity(from, said)) }
}

function writeParticipant(to: RecordWriter, one: Participant): void {
  to.person(one.person)
  to.add(one.role, one.approved, one.state, one.participatedOn)
}

function readParticipant(from: RecordReader): Participant {
  return {
    person: from.person(),
    role: from.word(['PARTICIPANT', 'REVIEWER']),
    approved: from.flag(),
    state: from.optional(() => from.word(['approved', 'changes_requested'])),
    participatedOn: from.optional(() => from.moment()),
  }
}

function writeComment(to: RecordWriter, one: Comment): void {
  to.person(one.author)
  to.add(one.id, one.raw, one.createdOn, one.updatedOn, one.deleted, one.pending, one.parentId)
  to.add(one.inline === null ? null : one.inline.path)
  if (one.inline !== null) {
    const { from, to: line, startFrom, startTo, outdated } = one.inline
    to.add(from, line, startFrom, startTo, outdated)
    to.hash(one.inline.sourceHash ?? null)
    to.hash(one.inline.destinationHash ?? null)
  }
  to.add(one.resolution === null ? null : one.resolution.createdOn)
  if (one.resolution !== null) to.person(one.resolution.person)
}

function readComment(from: RecordReader): Comment {
  const number = () => from.number()
  return {
    author: from.person(),
    id: from.number(),
    raw: from.optional(() => from.text()),
    createdOn: from.moment(),
    updatedOn: from.moment(),
    deleted: from.flag(),
    pending: from.flag(),
    parentId: from.optional(number),
    inline: from.optional(() => readInline(from)),
    resolution: from.optional(() => ({ createdOn: from.moment(), person: from.person() })),
  }
}

function readInline(from: RecordReader): Inline {
  const number = () => from.number()
  const place = {
    path: from.text(),
    from: from.optional(number),
    to: from.optional(number),
    startFrom: from.optional(number),
    startTo: from.optional(number),
    outdated: from.flag(),
  }
  const [sourceHash, destinationHash] = [from.maybeHash(), from.maybeHash()]
  return sourceHash === null || destinationHash === null ? place : { ...place, sourceHash, destinationHash }
}

function writeTask(to: RecordWriter, one: Task): void {
  to.add(one.id, one.raw, one.state, one.createdOn, one.updatedOn, one.resolvedOn, one.commentId, one.pending)
  to.person(one.creator)
  to.person(one.resolvedBy)
}

function readTask(from: RecordReader): Task {
  return {
    id: from.number(),
    raw: from.text(),
    state: from.word(['RESOLVED', 'UNRESOLVED']),
    createdOn: from.moment(),
    updatedOn: from.moment(),
    resolvedOn: from.optional(() => from.moment()),
    commentId: from.optional(() => from.number()),
    pending: from.flag(),
    creator: from.person(),
    resolvedBy: from.maybePerson(),
  }
}

/** Title and description are told only where they differ from the pull request's own: hardly ever. */
function writeActivity(to: RecordWriter, of: PullRequest, one: Activity): void {
  to.add(one.kind, one.date)
  switch (one.kind) {
    case 'comment':
      to.add(one.commentId)
      break
    case 'approval':
    case 'changes_requested':
      to.person(one.person)
      break
    case 'update': {
      const isSame = one.title === of.title && one.description === of.description
      to.person(one.person)
      to.add(one.state, isSame ? null : one.title, isSame ? null : one.description, one.reason)
      to.hash(one.sourceHash)
      to.hash(one.destinationHash)
      to.add(one.draft ?? null, one.destinationBranch ?? null)
      to.list(Object.entries(one.changes), ([field, change]) => to.add(field, change.old, change.new))
      break
    }
    default:
      one satisfies never
  }
}

const noChanges: Record<string, { old: string; new: string }> = {}

function readActivity(from: RecordReader, of: { title: string; description: string }): Activity {
  const kind = from.word(activityKinds)
  const date = from.moment()
  switch (kind) {
    case 'comment':
      return { kind, date, commentId: from.number() }
    case 'approval':
    case 'changes_requested':
      return { kind, date, person: from.person() }
    case 'update': {
      const said = {
        person: from.person(),
        state: from.word(states),
        title: from.optional(() => from.text()) ?? of.title,
        description: from.optional(() => from.text()) ?? of.description,
        reason: from.text(),
        sourceHash: from.hash(),
        destinationHash: from.hash(),
      }
      const draft = from.optional(() => from.flag())
      const destinationBranch = from.optional(() => from.text())
      const changes = from.list(() => [from.text(), { old: from.text(), new: from.text() }] as const)
      return {
        kind,
        date,
        ...said,
        changes: changes.length === 0 ? noChanges : Object.fromEntries(changes),
        ...(draft === null ? {} : { draft }),
        ...(destinationBranch === null ? {} : { destinationBranch }),
      }
    }
    default:
      return kind satisfies never
  }
}
