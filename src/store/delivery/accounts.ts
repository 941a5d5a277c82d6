import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { judgeBots } from './people/bots.ts'

export type SeenAccount = {
  id: string
  remoteId: string
  accountId: string | null
  name: string
  nickname: string | null
  isBot: boolean
}

/**
 * Writes down accounts of Bitbucket as they are seen now, each given once; whose they are, and that a person called one
 * a bot, stays. Answers the id of each by its UUID.
 */
export async function upsertAccounts(
  tx: Db,
  { organizationId, seenAt }: { organizationId: string; seenAt: Date },
  seen: readonly SeenAccount[],
): Promise<Map<string, string>> {
  if (seen.length === 0) return new Map()
  const written = await tx
    .insertInto('contributor')
    .values(
      // In one order everywhere, so that two that write the same accounts never wait for each other.
      seen
        .toSorted((one, other) => (one.remoteId < other.remoteId ? -1 : 1))
        .map((one) => ({
          organization_id: organizationId,
          id: one.id,
          kind: 'bitbucket' as const,
          remote_id: one.remoteId,
          account_id: one.accountId,
          display_name: one.name,
          nickname: one.nickname,
          is_bot: one.isBot,
          remote_is_bot: one.isBot,
          first_seen_at: seenAt,
          last_seen_at: seenAt,
        })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'kind', 'remote_id'])
        .doUpdateSet({
          account_id: sql`coalesce(excluded.account_id, contributor.account_id)`,
          // Who was anonymised stays without a name, and what a person said of a bot stands.
          display_name: sql`case when contributor.anonymised_at is null then excluded.display_name else contributor.display_name end`,
          nickname: sql`case when contributor.anonymised_at is null then excluded.nickname end`,
          is_bot: sql`case when contributor.bot_decided then contributor.is_bot else contributor.is_bot or excluded.is_bot end`,
          remote_is_bot: sql`contributor.remote_is_bot or excluded.remote_is_bot`,
        })
        .where(
          sql<boolean>`(contributor.anonymised_at is null and (contributor.display_name, contributor.nickname) is distinct from (excluded.display_name, excluded.nickname))
            or (contributor.account_id is null and excluded.account_id is not null) or (excluded.remote_is_bot and not contributor.remote_is_bot)`,
        ),
    )
    .returning('id')
    .execute()
  if (written.length > 0) await judgeBots(tx, { organizationId, ids: written.map(({ id }) => id) })
  const rows = await tx
    .selectFrom('contributor')
    .select(['id', 'remote_id'])
    .where('organization_id', '=', organizationId)
    .where('kind', '=', 'bitbucket')
    .where(
      'remote_id',
      'in',
      seen.map(({ remoteId }) => remoteId),
    )
    .execute()
  return new Map(rows.map((row) => [row.remote_id, row.id]))
}
