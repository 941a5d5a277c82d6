import { type RawBuilder, sql } from 'kysely'
import type { BotField } from '../../../domain/people/bot-pattern.ts'
import type { ContributorKind } from '../../../domain/remote-kind.ts'
import type { Db } from '../../db.ts'

/** Whether a pattern of `like` fits what an account `c` is called. Text of ours decides the columns, never a person's. */
function isLike(field: RawBuilder<unknown>, like: RawBuilder<unknown>) {
  return sql<boolean>`(
    (${field} in ('any', 'name') and lower(c.display_name) like ${like})
    or (${field} in ('any', 'nickname') and lower(c.nickname) like ${like})
    or (${field} in ('any', 'email') and (c.email like ${like} or exists (select from contributor_email e
      where e.organization_id = c.organization_id and e.contributor_id = c.id and e.address like ${like}))))`
}

/**
 * Says anew which accounts are programs': what a person said stands, a member's account is a person's, else the remote's
 * word or a pattern decides. `ids`: of these alone. Answers how many changed. Called by whatever writes accounts or patterns.
 */
export async function judgeBots(
  tx: Db,
  { organizationId, ids }: { organizationId: string; ids?: readonly string[] },
): Promise<number> {
  const some = ids === undefined ? sql`` : sql`and c.id = any(${[...ids]}::uuid[])`
  const changed = await sql`
    update contributor u set is_bot = j.is_bot
    from (
      select c.id, c.member_id is null and (c.remote_is_bot or exists (select from bot_pattern p
        where p.organization_id = c.organization_id and ${isLike(sql`p.field`, sql`p.like_pattern`)})) as is_bot
      from contributor c where c.organization_id = ${organizationId}::uuid and not c.bot_decided ${some}) j
    where u.organization_id = ${organizationId}::uuid and u.id = j.id and u.is_bot <> j.is_bot`.execute(tx)
  return Number(changed.numAffectedRows ?? 0n)
}

export type BotMatch = {
  id: string
  kind: ContributorKind
  name: string
  nickname: string | null
  is_bot: boolean
  /** Why a pattern changes nothing for it; null where it does. */
  stands: 'person' | 'member' | null
  total: number
  newly: number
}

/** Accounts a pattern fits, those it would change first. `total` and `newly` count all of them. */
export async function listBotMatches(
  db: Db,
  match: { organizationId: string; field: BotField; likePattern: string; limit: number },
): Promise<BotMatch[]> {
  const found = await sql<BotMatch>`
    select t.*, (count(*) over ())::integer as total,
      (count(*) filter (where not t.is_bot and t.stands is null) over ())::integer as newly
    from (
      select c.id, c.kind, c.display_name as name, c.nickname, c.is_bot,
        case when c.bot_decided then 'person' when c.member_id is not null then 'member' end as stands
      from contributor c where c.organization_id = ${match.organizationId}::uuid
        and ${isLike(sql`${match.field}::text`, sql`${match.likePattern}::text`)}) t
    order by t.is_bot or t.stands is not null, lower(t.name), t.id
    limit ${match.limit}`.execute(db)
  return found.rows
}

export type BotPatternRow = {
  id: string
  field: BotField
  pattern: string
  created_by: string
  created_at: Date
  matches: number
}

/** Patterns with the number of accounts each fits. */
export async function listBotPatternRows(db: Db, organizationId: string): Promise<BotPatternRow[]> {
  const found = await sql<BotPatternRow>`
    select p.id, p.field, p.pattern, p.created_by, p.created_at,
      (select count(*)::integer from contributor c where c.organization_id = p.organization_id
        and ${isLike(sql`p.field`, sql`p.like_pattern`)}) as matches
    from bot_pattern p where p.organization_id = ${organizationId}::uuid order by p.created_at, p.id`.execute(db)
  return found.rows
}

/** Answers false where there is the same one already. */
export async function insertBotPattern(
  tx: Db,
  pattern: {
    organizationId: string
    id: string
    field: BotField
    pattern: string
    likePattern: string
    createdBy: string
    now: Date
  },
): Promise<boolean> {
  const made = await tx
    .insertInto('bot_pattern')
    .values({
      organization_id: pattern.organizationId,
      id: pattern.id,
      field: pattern.field,
      pattern: pattern.pattern,
      like_pattern: pattern.likePattern,
      created_by: pattern.createdBy,
      created_at: pattern.now,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'field', 'like_pattern']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** Answers the pattern that was there. */
export async function deleteBotPattern(
  tx: Db,
  key: { organizationId: string; id: string },
): Promise<{ field: BotField; pattern: string } | undefined> {
  return tx
    .deleteFrom('bot_pattern')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .returning(['field', 'pattern'])
    .executeTakeFirst()
}
