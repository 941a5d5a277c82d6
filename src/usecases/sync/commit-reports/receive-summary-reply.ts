import type { BitbucketEvent } from '../../../bitbucket/event.ts'
import {
  createPullRequestComment,
  findPullRequestComment,
  readPullRequestComment,
} from '../../../bitbucket/pull-request-comment.ts'
import { type RepositoryPlace, repositoryPathOf } from '../../../bitbucket/require-visible-repository.ts'
import { composeMessage, escapeMarkdown, type Marker, markerKey, parseMarker } from '../../../domain/message-text.ts'
import { commandHelp, parseThreadCommand } from '../../../domain/thread-command.ts'
import { cutText } from '../../../lib/cut-text.ts'
import type { Db } from '../../../store/db.ts'
import type { RepositoryRow } from '../../../store/remotes/repositories.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { insertMessage } from '../../../store/sync/messages.ts'
import { notifyMembers } from '../../../store/sync/notifications.ts'
import { type SummaryRow, updateSummary } from '../../../store/sync/pull-request-summaries.ts'
import {
  findMeantVulnerability,
  findSummaryOfReply,
  findSummaryReply,
  hasAnswer,
  insertSummaryReply,
  listSummariesAt,
  type MeantVulnerability,
  noteSummaryAnswer,
} from '../../../store/sync/summary-replies.ts'
import { recordTimeline } from '../../../store/sync/timeline.ts'
import { readInstance } from '../instance.ts'
import type { SyncDeps } from '../sync-deps.ts'

type CommentEvent = Extract<BitbucketEvent, { kind: 'comment' }>
type Outcome = { state: 'processed' | 'ignored'; outcome: string; vulnerabilityId?: string }
type Given = { organizationId: string; repository: RepositoryRow; event: CommentEvent }

/**
 * Takes in what happens to the summary of a pull request: its deletion, and answers to it. A summary is of several
 * vulnerabilities, so an answer becomes a note on the one it names, or else on the worst, and calls the champions; the
 * first one, and each command, is told where to write. Undefined when the comment has nothing to do with a summary.
 */
export async function receiveSummaryReply(deps: SyncDeps, given: Given): Promise<Outcome | undefined> {
  const { organizationId, repository, event } = given
  if (event.item.kind !== 'pull_request') return undefined
  const pullRequestId = String(event.item.id)
  const place = { organizationId, repositoryId: repository.id, pullRequestId }
  const summaries = await listSummariesAt(deps.db, place)
  const own = summaries.find((one) => one.comment_id === event.commentId)
  if (own !== undefined) return noteOwn(deps, own, event)
  const summary = await findAbove(deps.db, summaries, event)
  if (summary === undefined) return undefined
  if (event.change === 'deleted')
    return { state: 'ignored', outcome: 'An answer to a summary was deleted; its note stays.' }
  const { client } = await deps.connect({ organizationId, connectionId: repository.connection_id })
  const { workspace_uuid: workspaceUuid, remote_uuid: remoteUuid } = repository
  const repositoryPath = repositoryPathOf({ workspaceUuid, remoteUuid })
  return receive(deps, { summary, event, place: { client, lane: 'person', repositoryPath } })
}

async function noteOwn(deps: SyncDeps, summary: SummaryRow, { change }: CommentEvent): Promise<Outcome> {
  if (change !== 'deleted') return { state: 'ignored', outcome: 'This is the summary Weir wrote.' }
  const key = { organizationId: summary.organization_id, id: summary.id, now: deps.clock() }
  await updateSummary(deps.db, key, { state: 'removed' })
  return { state: 'processed', outcome: 'Somebody deleted the summary; it is not made again.' }
}

async function findAbove(db: Db, summaries: readonly SummaryRow[], { parentId }: CommentEvent) {
  const [first] = summaries
  if (parentId === null || first === undefined) return undefined
  const direct = summaries.find((one) => one.comment_id === parentId)
  if (direct !== undefined) return direct
  const search = {
    organizationId: first.organization_id,
    summaryIds: summaries.map(({ id }) => id),
    commentId: parentId,
  }
  const summaryId = await findSummaryOfReply(db, search)
  return summaries.find(({ id }) => id === summaryId)
}

type Reply = { summary: SummaryRow; event: CommentEvent; place: RepositoryPlace }

async function receive(deps: SyncDeps, { summary, event, place }: Reply): Promise<Outcome> {
  const { commentId } = event
  const organizationId = summary.organization_id
  const pullRequest = Number(summary.pull_request_id)
  const instance = await readInstance(deps.db)
  const key = { organizationId, summaryId: summary.id, commentId }
  let outcome: Outcome = { state: 'ignored', outcome: 'The answer to the summary is known already.' }
  const before = await findSummaryReply(deps.db, key)
  if (before === undefined) {
    const comment = await readPullRequestComment({ place, pullRequest, commentId })
    if (comment === undefined) return { state: 'ignored', outcome: 'The answer was deleted before Weir read it.' }
    if (parseMarker(comment.body)?.instance === instance)
      return { state: 'ignored', outcome: 'Our own answer below the summary came back.' }
    outcome = await deps.db.transaction().execute((tx) => takeIn(deps, tx, { summary, commentId, comment }))
  }
  const reply = await findSummaryReply(deps.db, key)
  if (reply === undefined || reply.answer === null || reply.answer_comment_id !== null) return outcome
  const marker: Marker = { instance, kind: 'message', id: reply.id }
  // An attempt that broke off may have written it.
  const written =
    before === undefined ? undefined : await findPullRequestComment({ place, pullRequest, key: markerKey(marker) })
  const raw = composeMessage({ body: reply.answer, authorName: null, marker })
  const answerId = written ?? (await createPullRequestComment({ place, pullRequest, raw, parentId: commentId }))
  await noteSummaryAnswer(deps.db, { organizationId, id: reply.id, commentId: answerId })
  return outcome
}

type SeenReply = { body: string; author: { uuid: string | null; name: string }; createdAt: Date }
type Taking = { summary: SummaryRow; commentId: string; comment: SeenReply }

async function takeIn(deps: SyncDeps, tx: Db, { summary, commentId, comment }: Taking): Promise<Outcome> {
  const { organization_id: organizationId, asset_id: assetId, pull_request_id: pullRequestId } = summary
  const number = Number(/\bWEIR-(\d{1,9})\b/i.exec(comment.body)?.[1] ?? 0)
  const place = { organizationId, assetId, pullRequestId, number: number === 0 ? null : number }
  const about = await findMeantVulnerability(tx, place)
  const command = parseThreadCommand(comment.body)
  const isHelp = command?.kind === 'help'
  const isFirst = !(await hasAnswer(tx, { organizationId, summaryId: summary.id }))
  const where = about === undefined ? '' : composeWhere(deps, about)
  const kept = about !== undefined && !isHelp
  const parts = [
    isHelp ? commandHelp : null,
    kept ? `Security was told, with ${linkOf(deps, about)}.` : null,
    command === undefined
      ? `This summary is about all of them. ${where}`
      : `A command counts below one of them. ${where}`,
  ]
  const answer =
    command !== undefined || isFirst
      ? `${escapeMarkdown(comment.author.name)}: ${parts
          .filter((part) => part !== null)
          .join(' ')
          .trim()}`
      : null
  const id = deps.newId()
  const now = deps.clock()
  if (!(await insertSummaryReply(tx, { organizationId, summaryId: summary.id, id, commentId, answer, now })))
    return { state: 'ignored', outcome: 'The answer to the summary is known already.' }
  if (about === undefined || !kept)
    return { state: 'processed', outcome: isHelp ? 'It was told the commands.' : 'Nothing of this branch is known.' }
  await writeNote(deps, tx, { summary, comment, about })
  const outcome = `An answer to the summary of pull request ${pullRequestId} became a note on WEIR-${about.number}.`
  return { state: 'processed', outcome, vulnerabilityId: about.id }
}

function composeWhere(deps: Pick<SyncDeps, 'publicUrl'>, about: MeantVulnerability): string {
  const example = about.thread_url === null ? linkOf(deps, about) : `[WEIR-${about.number}](${about.thread_url})`
  return `To speak about one, answer in its own thread, as in ${example}.`
}

function linkOf({ publicUrl }: Pick<SyncDeps, 'publicUrl'>, { id, number }: MeantVulnerability): string {
  return `[WEIR-${number}](${publicUrl}/vulnerabilities/${id})`
}

type Noting = { summary: SummaryRow; comment: SeenReply; about: MeantVulnerability }

async function writeNote(deps: SyncDeps, tx: Db, { summary, comment, about }: Noting): Promise<void> {
  const { organization_id: organizationId, pull_request_id: pullRequestId } = summary
  const { author } = comment
  const vulnerabilityId = about.id
  const messageId = deps.newId()
  const now = deps.clock()
  const place = `the summary of pull request ${pullRequestId}`
  await insertMessage(tx, {
    organizationId,
    id: messageId,
    vulnerabilityId,
    parentId: null,
    author: { kind: 'remote', remoteUuid: author.uuid, name: author.name },
    body: `**Below ${place}:** ${comment.body.trim()}`,
    internal: true,
    createdAt: now,
  })
  const subject = `${author.name}, below ${place}: ${cutText(comment.body.trim().split('\n', 1)[0] ?? '', 140)}`
  const called = { organizationId, vulnerabilityId, kind: 'message' as const, messageId, subject }
  await notifyMembers(deps, tx, { ...called, now, exceptMemberId: null })
  const actor = { kind: 'remote' as const, accountUuid: author.uuid, name: author.name }
  const entry = { vulnerabilityId, kind: 'note_written' as const, actor, after: { message_id: messageId } }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: vulnerabilityId }, { kind: 'notification' }])
}
