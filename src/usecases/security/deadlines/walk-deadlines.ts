import { setTimeout as sleep } from 'node:timers/promises'
import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import type { SlaRules } from '../../../domain/sla/judge-sla.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  type DeadlineRun,
  insertDeadlineRun,
  lockDeadlineRun,
  moveDeadlineRun,
  setElapsedDeadlines,
  takeWalked,
} from '../../../store/security/deadline-runs.ts'
import { areDeadlinesAtRest, findSla } from '../../../store/security/deadlines.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { setDeadlinesBy } from './set-deadlines.ts'
import { parseSla, toSlaRules } from './sla-rules.ts'

/** Vulnerabilities of one transaction: nobody waits long for their locks. */
const batchRows = 5000
const retryEveryMs = 200

/** Has all deadlines of an organization, or of one asset, set anew by a job, in the transaction of what asks for it. */
export async function requestDeadlines(
  deps: { newId: NewId; enqueue: Enqueue },
  tx: Db,
  input: { organizationId: string; assetId: string | null; now: Date },
): Promise<void> {
  await insertDeadlineRun(tx, { ...input, id: deps.newId() })
  await deps.enqueue(tx, [{ name: 'set-deadlines', data: { organizationId: input.organizationId } }])
}

/**
 * Walks over the deadlines that were asked for, a batch a transaction; who is stopped goes on where the walk was. It begins
 * when nobody writes deadlines by the levels of before any more.
 */
export async function walkDeadlines(deps: { db: Db; clock: Clock }, input: { organizationId: string }): Promise<void> {
  const opened = new Map<string, Opened>()
  for (;;) {
    const step = await deps.db.transaction().execute((tx) => walkOn(deps, tx, { ...input, opened }))
    if (step === 'done') return
    if (step === 'busy') await sleep(retryEveryMs)
  }
}

type Opened = { settings: SlaSettings | null; rules: SlaRules }
type Walk = { organizationId: string; opened: Map<string, Opened> }

async function walkOn(deps: { clock: Clock }, tx: Db, walk: Walk): Promise<'on' | 'busy' | 'done'> {
  const { organizationId } = walk
  const run = await lockDeadlineRun(tx, organizationId)
  if (run === undefined) return 'done'
  if (run.cursor === null && !(await areDeadlinesAtRest(tx, organizationId))) return 'busy'
  const { settings, rules } = await openRules(tx, walk)
  const rows = await takeWalked(tx, run, batchRows)
  const now = deps.clock()
  const isElapsed = settings === null || settings.calendar.kind === 'elapsed'
  const plain = isElapsed ? rows.filter((row) => !row.wasAccepted) : []
  const others = isElapsed ? rows.filter((row) => row.wasAccepted) : rows
  const ids = plain.map((row) => row.id)
  const vulnerabilityIds = others.map((row) => row.id)
  const moved =
    (await setElapsedDeadlines(tx, { organizationId, ids, table: rules.table, now })) +
    (await setDeadlinesBy(tx, { organizationId, vulnerabilityIds, now }, rules))
  await moveDeadlineRun(tx, { ...step(run, rows), moved, now })
  return 'on'
}

function step(run: DeadlineRun, rows: readonly { id: string }[]) {
  const { organizationId, id } = run
  const cursor = rows.at(-1)?.id ?? run.cursor
  return { organizationId, id, cursor, done: rows.length, isFinished: rows.length < batchRows }
}

/** Rules of the settings of now, opened once for as long as they are the same. */
async function openRules(tx: Db, { organizationId, opened }: Walk): Promise<Opened> {
  const { settings: stored } = await findSla(tx, { organizationId })
  const key = JSON.stringify(stored)
  const settings = parseSla(stored)
  const found = opened.get(key) ?? { settings, rules: toSlaRules(settings) }
  opened.clear()
  opened.set(key, found)
  return found
}
