import type { Actor } from '../../domain/actor.ts'
import { stateNote } from '../../domain/state-note.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import { type DefectRow, listLiveDefects } from './defects.ts'
import type { Enqueue } from './jobs.ts'
import { insertMessageLinks } from './message-links.ts'
import { insertMessages } from './messages.ts'
import { insertOperations, listDefectsWithFreshStatePush, type NewOperation } from './operations.ts'
import { listStatuses } from './sendable.ts'

export type QueueStatePushesInput = {
  organizationId: string
  vulnerabilityIds: readonly string[]
  /** Who moved the vulnerabilities; named in the one line that goes along with a fix or a reopening. */
  cause: Actor
}

type Deps = { newId: NewId; clock: Clock; enqueue: Enqueue }
type Note = { defect: DefectRow; messageId: string; body: string }

/**
 * Wishes that the items of these vulnerabilities follow their present status. The status is read when it is pushed, so
 * several changes before that are one push. Vulnerabilities without a live item need nothing. A fixed number of
 * statements, however many there are.
 */
export async function queueStatePushes(deps: Deps, tx: Db, input: QueueStatePushesInput): Promise<void> {
  const { organizationId, cause } = input
  const defects = (await listLiveDefects(tx, input)).filter((defect) => defect.link !== 'missing')
  if (defects.length === 0) return
  const now = deps.clock()
  const lane = cause.kind === 'scan' ? ('bulk' as const) : ('status' as const)
  const fresh = await listDefectsWithFreshStatePush(tx, { organizationId, defectIds: defects.map(({ id }) => id) })
  const notes = await listNotes(deps, tx, { ...input, defects })
  await writeNotes(deps, tx, { notes, now })
  const operation = (defect: DefectRow, messageId: string | null): NewOperation => {
    const id = deps.newId()
    const key = messageId === null ? `push_state:${id}` : `create_comment:${messageId}:${defect.id}`
    return {
      organizationId,
      id,
      kind: messageId === null ? 'push_state' : 'create_comment',
      key,
      lane,
      vulnerabilityId: defect.vulnerability_id,
      defectId: defect.id,
      messageId,
      connectionId: defect.connection_id,
      payload: {},
      now,
    }
  }
  await insertOperations(tx, [
    ...defects.filter((defect) => !fresh.has(defect.id)).map((defect) => operation(defect, null)),
    ...notes.map(({ defect, messageId }) => operation(defect, messageId)),
  ])
  await deps.enqueue(
    tx,
    defects.map((defect) => ({ name: 'push-defect', data: { organizationId, defectId: defect.id }, lane })),
  )
}

/** The lines that go into the threads, here and there, when a person at the remote needs to hear of it. */
async function listNotes(
  deps: Deps,
  tx: Db,
  { organizationId, cause, defects }: QueueStatePushesInput & { defects: readonly DefectRow[] },
): Promise<Note[]> {
  const vulnerabilityIds = defects.map((defect) => defect.vulnerability_id)
  const statuses = await listStatuses(tx, { organizationId, vulnerabilityIds })
  return defects.flatMap((defect) => {
    const status = statuses.get(defect.vulnerability_id)
    // An item that is not made yet has nobody to tell.
    if (status === undefined || defect.remote_id === null) return []
    const body = stateNote({ status, wasClosed: agreedState(defect.agreed) === 'closed', cause })
    return body === undefined ? [] : [{ defect, messageId: deps.newId(), body }]
  })
}

async function writeNotes(deps: Deps, tx: Db, { notes, now }: { notes: readonly Note[]; now: Date }): Promise<void> {
  await insertMessages(
    tx,
    notes.map(({ defect, messageId, body }) => ({
      organizationId: defect.organization_id,
      id: messageId,
      vulnerabilityId: defect.vulnerability_id,
      parentId: null,
      author: { kind: 'system', name: 'Weir' },
      body,
      internal: false,
      createdAt: now,
    })),
  )
  await insertMessageLinks(
    tx,
    notes.map(({ defect, messageId }) => ({
      organizationId: defect.organization_id,
      id: deps.newId(),
      messageId,
      defectId: defect.id,
      remoteCommentId: null,
      direction: 'out',
      bodyHash: null,
      remoteUpdatedAt: null,
      state: 'queued',
      now,
    })),
  )
}

function agreedState(agreed: unknown): unknown {
  return typeof agreed === 'object' && agreed !== null && 'state' in agreed ? agreed.state : undefined
}
