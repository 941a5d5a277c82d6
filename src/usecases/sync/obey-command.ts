import type { Actor } from '../../domain/actor.ts'
import type { AskedDecision } from '../../domain/asked-decision.ts'
import { escapeMarkdown, parseMarker } from '../../domain/message-text.ts'
import { judgeMove, type Status } from '../../domain/status.ts'
import { commandHelp, parseThreadCommand, type ThreadCommand } from '../../domain/thread-command.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertMessageLink } from '../../store/sync/message-links.ts'
import { insertMessage, type MessageCommand, noteCommand } from '../../store/sync/messages.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import type { TrackerComment } from '../../trackers/tracker.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { askChampions } from './ask-champions.ts'
import type { WriteDeps } from './sync-deps.ts'

export type GivenCommand = {
  defect: DefectRow
  comment: TrackerComment
  /** This installation, as markers name it. */
  instance: string
  /** The comment here, and the command it has had its effect by. */
  message: { id: string; command: MessageCommand | null }
}

/** `saysMore`: the comment holds something for people besides; `outcome`: in words for the log of deliveries. */
type Obeyed = { saysMore: boolean; outcome: string }
/** `command`: what the comment counts as from now on; `answer`: Markdown for the developer. */
type Effect = Obeyed & { command: MessageCommand; answer: string }
type Given = GivenCommand & { actor: Actor; status: Status }

/**
 * Gives the command of a developer's comment its effect and answers it in the thread, once for each comment, however often
 * it is edited; undefined when it has none (left). Needs the defect's lock.
 */
export async function obeyCommand(deps: WriteDeps, tx: Db, input: GivenCommand): Promise<Obeyed | undefined> {
  const { defect, comment, message } = input
  const marker = parseMarker(comment.body)
  // What another installation mirrors was said to that one.
  if (marker !== undefined && marker.instance !== input.instance) return undefined
  const command = parseThreadCommand(comment.body)
  if (command === undefined || isSpent(message.command, command)) return undefined
  const organizationId = defect.organization_id
  const row = await findStatus(tx, { organizationId, vulnerabilityId: defect.vulnerability_id })
  if (row === undefined) return undefined
  const { uuid: accountUuid, name } = comment.author
  const given = { ...input, actor: { kind: 'remote' as const, accountUuid, name }, status: row.status }
  const { command: counted, answer, ...obeyed } = await carryOut(deps, tx, { given, command })
  await noteCommand(tx, { organizationId, id: message.id, command: counted })
  await answerInThread(deps, tx, { ...input, body: answer })
  return obeyed
}

/** Help, and a wish that lacked its reason, leave room for the command itself. */
function isSpent(counted: MessageCommand | null, command: ThreadCommand): boolean {
  switch (counted) {
    case null:
      return false
    case 'help':
      return command.kind === 'help'
    case 'incomplete':
      return command.kind === 'ask' && command.why === ''
    case 'done':
    case 'ask':
      return true
    default:
      return counted satisfies never
  }
}

async function carryOut(
  deps: WriteDeps,
  tx: Db,
  { given, command }: { given: Given; command: ThreadCommand },
): Promise<Effect> {
  switch (command.kind) {
    case 'help':
      return { command: 'help', answer: commandHelp, saysMore: false, outcome: 'It was told the commands.' }
    case 'done':
      return sayDone(deps, tx, { given, rest: command.rest })
    case 'ask':
      return ask(deps, tx, { given, ...command })
    default:
      return command satisfies never
  }
}

async function sayDone(deps: WriteDeps, tx: Db, { given, rest }: { given: Given; rest: string }): Promise<Effect> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = given.defect
  const { actor, status } = given
  const saysMore = rest !== ''
  const moves = [{ vulnerabilityId, to: 'awaiting_validation' as const, reason: 'Done, says an answer in the thread.' }]
  const [result] = await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'remote' })
  if (result?.outcome.kind !== 'moved') {
    const answer =
      status === 'awaiting_validation'
        ? 'It was noted already: security, or the next scan, looks at it.'
        : `Nothing to do: it is ${wordsOf(status)}.`
    return { command: 'done', answer, saysMore, outcome: `Nothing to do: it is ${wordsOf(status)}.` }
  }
  await notifyMembers(deps, tx, {
    organizationId,
    vulnerabilityId,
    kind: 'awaiting_validation',
    messageId: null,
    subject: `${actor.name}: done, says an answer in the thread.`,
    now: deps.clock(),
    exceptMemberId: null,
  })
  const answer = 'Noted: it awaits validation. Security, or the next scan, looks at it.'
  return { command: 'done', answer, saysMore, outcome: 'The vulnerability is now awaiting validation.' }
}

type Ask = { given: Given; decision: AskedDecision; why: string }

async function ask(deps: WriteDeps, tx: Db, { given, decision, why }: Ask): Promise<Effect> {
  const { actor, status } = given
  const name = decision.to === 'risk_accepted' ? 'accept' : 'false positive'
  if (why === '') {
    const answer = `A reason is needed: write \`weir ${name}: why\`.`
    return { command: 'incomplete', answer, saysMore: false, outcome: 'A reason is needed; that was answered.' }
  }
  if (status === decision.to || !isDecidable(status, decision)) {
    const outcome = `Nothing to do: it is ${wordsOf(status)}.`
    return { command: 'ask', answer: outcome, saysMore: true, outcome }
  }
  await askChampions(deps, tx, { defect: given.defect, decision, why, actor, parentId: given.message.id })
  const answer = `Security was asked (${decision.words}). A champion decides, and the answer comes here.`
  return { command: 'ask', answer, saysMore: false, outcome: `${actor.name} asks for ${decision.words}.` }
}

function isDecidable(from: Status, { to }: AskedDecision): boolean {
  // With all that a champion would give along.
  return judgeMove({ from, to, actor: 'champion', reason: 'x', acceptedUntil: 'x' }).kind === 'allowed'
}

async function answerInThread(
  deps: WriteDeps,
  tx: Db,
  { defect, message, comment, body }: GivenCommand & { body: string },
): Promise<void> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, id: defectId } = defect
  const now = deps.clock()
  const messageId = deps.newId()
  const text = `${escapeMarkdown(comment.author.name)}: ${body}`
  const author = { kind: 'system' as const, name: 'Weir' }
  const said = { organizationId, vulnerabilityId, parentId: message.id, author, internal: false, createdAt: now }
  await insertMessage(tx, { ...said, id: messageId, body: text })
  await insertMessageLink(tx, {
    organizationId,
    id: deps.newId(),
    messageId,
    defectId,
    remoteCommentId: null,
    direction: 'out',
    bodyHash: null,
    remoteUpdatedAt: null,
    state: 'queued',
    now,
  })
  await insertOperations(tx, [
    {
      organizationId,
      id: deps.newId(),
      kind: 'create_comment',
      key: `create_comment:${messageId}:${defectId}`,
      lane: 'person',
      vulnerabilityId,
      defectId,
      messageId,
      connectionId: defect.connection_id,
      payload: {},
      now,
    },
  ])
  await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId }, lane: 'person' }])
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: vulnerabilityId }])
}

function wordsOf(status: Status): string {
  return status.replaceAll('_', ' ')
}
