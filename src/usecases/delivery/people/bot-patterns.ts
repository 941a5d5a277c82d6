import type { BotPattern, BotPatternTrial } from '../../../../contract/delivery/bot-patterns.ts'
import { type BotField, findPatternFault, toLikePattern } from '../../../domain/people/bot-pattern.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  deleteBotPattern as deleteRow,
  insertBotPattern,
  judgeBots,
  listBotMatches,
  listBotPatternRows,
} from '../../../store/delivery/people/bots.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Pattern = { organizationId: string; field: BotField; pattern: string }

const shownAtMost = 50

export async function listBotPatterns(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<{ items: BotPattern[] }> {
  const rows = await listBotPatternRows(db, organizationId)
  return { items: rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() })) }
}

/** Throws `validation_failed` for a pattern that would take everybody. */
function toLike(pattern: string): string {
  const fault = findPatternFault(pattern)
  if (fault !== undefined) throw new AppError('validation_failed', `pattern: ${fault}`)
  return toLikePattern(pattern)
}

/** Whom a pattern fits, and how many it would newly make programs'. Throws `validation_failed`. */
export async function tryBotPattern({ db }: { db: Db }, pattern: Pattern): Promise<BotPatternTrial> {
  const match = { ...pattern, likePattern: toLike(pattern.pattern), limit: shownAtMost }
  const rows = await listBotMatches(db, match)
  const [first] = rows
  const items = rows.map(({ total: _total, newly: _newly, ...row }) => row)
  return { total: first?.total ?? 0, newly: first?.newly ?? 0, items }
}

/** Throws `validation_failed`, and `conflict` where there is the same one. */
export async function createBotPattern(deps: Deps, input: Pattern & { actor: AuditActor }): Promise<BotPattern> {
  const { organizationId, field, pattern, actor } = input
  const likePattern = toLike(pattern)
  const id = deps.newId()
  await deps.db.transaction().execute(async (tx) => {
    const row = { organizationId, id, field, pattern, likePattern, createdBy: actor.name, now: deps.clock() }
    if (!(await insertBotPattern(tx, row))) throw new AppError('conflict', 'There is the same pattern already.')
    const accounts = await judgeBots(tx, { organizationId })
    const after = { name: pattern, field, accounts }
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'bot_pattern.created',
      target: { kind: 'bot_pattern', id },
      after,
    })
  })
  const { items } = await listBotPatterns(deps, { organizationId })
  const made = items.find((one) => one.id === id)
  if (made === undefined) throw new AppError('not_found', 'The pattern was removed meanwhile.')
  return made
}

/** What it alone took for programs are people again. Throws `not_found`. */
export async function deleteBotPattern(
  deps: Deps,
  { organizationId, id, actor }: { organizationId: string; id: string; actor: AuditActor },
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await deleteRow(tx, { organizationId, id })
    if (row === undefined) throw new AppError('not_found', 'There is no such pattern here.')
    const accounts = await judgeBots(tx, { organizationId })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'bot_pattern.deleted',
      target: { kind: 'bot_pattern', id },
      before: { name: row.pattern, field: row.field, accounts },
    })
  })
}
