import type { Contributor, Mentionable } from '../../../contract/access/contributors.ts'
import { toMentionName } from '../../domain/mentions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import {
  findContributorById,
  type KnownContributor,
  linkContributor,
  listContributorRows,
  listNamesakes,
  listParts,
  markBot,
} from '../../store/access/contributors.ts'
import { findMember } from '../../store/access/members.ts'
import { listMentionableRows } from '../../store/access/mentionable.ts'
import type { Db } from '../../store/db.ts'
import { parseTimePage, splitTimePage } from '../sync/time-cursor.ts'
import { type AuditActor, recordAudit } from './audit.ts'

type Query = {
  cursor?: string | undefined
  limit?: number | undefined
  text?: string | undefined
  linked?: boolean | undefined
}

/** Accounts seen at the remotes, seen last first. */
export async function listContributors(
  { db }: { db: Db },
  { organizationId, ...query }: Query & { organizationId: string },
): Promise<{ items: Contributor[]; next: string | null }> {
  const { after, limit } = parseTimePage(query)
  const filter = { organizationId, linked: query.linked, text: query.text, after, limit: limit + 1 }
  const { shown, next } = splitTimePage(await listContributorRows(db, filter), limit, (row) => row.last_seen_at)
  return { items: await toViews(db, organizationId, shown), next }
}

type Change = {
  organizationId: string
  contributorId: string
  memberId?: string | null | undefined
  isBot?: boolean | undefined
  actor: AuditActor
}

/** Says whose an account is, or whether a program has it. Throws `not_found`, `validation_failed` for no member of ours. */
export async function updateContributor(
  deps: { db: Db; clock: Clock; newId: NewId },
  input: Change,
): Promise<Contributor> {
  const { organizationId, contributorId: id } = input
  await deps.db.transaction().execute((tx) => change(deps, tx, input))
  const row = await findContributorById(deps.db, { organizationId, id })
  const [view] = row === undefined ? [] : await toViews(deps.db, organizationId, [row])
  if (view === undefined) throw new AppError('not_found', 'There is no such account here.')
  return view
}

async function change(deps: { clock: Clock; newId: NewId }, tx: Db, input: Change): Promise<void> {
  const { organizationId, contributorId: id, actor } = input
  const known = await findContributorById(tx, { organizationId, id, lock: true })
  if (known === undefined) throw new AppError('not_found', 'There is no such account here.')
  if (known.anonymised_at !== null) throw new AppError('conflict', 'Who was anonymised stays as they are.')
  const memberId = input.memberId === undefined ? known.member_id : input.memberId
  const isBot = input.isBot ?? known.is_bot
  if (memberId !== null && (await findMember(tx, organizationId, memberId)) === undefined)
    throw new AppError('validation_failed', 'member_id: there is no such member.')
  if (memberId !== null && isBot)
    throw new AppError('validation_failed', 'A program’s account is no member’s. Say first that a person has it.')
  if (input.memberId !== undefined) {
    const linkedBy = memberId === null ? null : ('person' as const)
    await linkContributor(tx, { organizationId, id, memberId, linkedBy, isDecided: true })
  }
  if (input.isBot !== undefined) await markBot(tx, { organizationId, id, isBot })
  if (memberId === known.member_id && isBot === known.is_bot) return
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'contributor.changed',
    target: { kind: 'contributor', id },
    before: { name: known.display_name, member_id: known.member_id, is_bot: known.is_bot },
    after: { name: known.display_name, member_id: memberId, is_bot: isBot },
  })
}

async function toViews(db: Db, organizationId: string, rows: readonly KnownContributor[]): Promise<Contributor[]> {
  const alone = rows.filter(
    (row) => row.member_id === null && !row.is_bot && row.closed_at === null && row.anonymised_at === null,
  )
  const names = alone.map((row) => row.display_name)
  const namesakes = await listNamesakes(db, { organizationId, names })
  const parts = await listParts(db, { organizationId, ids: rows.map((row) => row.id) })
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.display_name,
    nickname: row.nickname === row.display_name ? null : row.nickname,
    is_bot: row.is_bot,
    is_closed: row.closed_at !== null,
    member: row.member_id === null ? null : { id: row.member_id, name: row.member_name ?? '' },
    linked_by: row.linked_by,
    suggestion: alone.includes(row) ? (namesakes.get(row.display_name.toLowerCase()) ?? null) : null,
    last_seen_at: row.last_seen_at.toISOString(),
    is_bot_decided: row.bot_decided,
    is_anonymised: row.anonymised_at !== null,
    parts: parts.get(row.id) ?? [],
  }))
}

const mentionableAtMost = 20

/** Whom a message can call by name; names that several have are told apart. */
export async function listMentionable(
  { db }: { db: Db },
  { organizationId, text }: { organizationId: string; text?: string | undefined },
): Promise<{ items: Mentionable[] }> {
  const rows = await listMentionableRows(db, { organizationId, text: text ?? '', limit: mentionableAtMost })
  const taken = new Set<string>()
  const items = rows.map(({ name, nickname, ...row }) => {
    const own = distinctName([toMentionName(name), ...(nickname === null ? [] : [toMentionName(nickname)])], taken)
    taken.add(own)
    return { name: own, ...row }
  })
  return { items }
}

function distinctName(names: readonly string[], taken: ReadonlySet<string>): string {
  const free = names.find((name) => !taken.has(name))
  if (free !== undefined) return free
  for (let number = 2; ; number++) if (!taken.has(`${names[0]} ${number}`)) return `${names[0]} ${number}`
}
