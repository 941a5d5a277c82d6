import { sql } from 'kysely'
import type { AccountMerge } from '../../../domain/people/group-accounts.ts'
import type { ContributorKind } from '../../../domain/remote-kind.ts'
import type { Db } from '../../db.ts'

/** One at a time changes whose accounts are whose: each looks at all merges of the organization. */
export async function lockMerges(tx: Db, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir merges ${organizationId}`}, 0))`.execute(tx)
}

/** Merges that are not undone. */
export async function listLiveMerges(db: Db, organizationId: string): Promise<AccountMerge[]> {
  return db
    .selectFrom('contributor_merge')
    .select(['from_id as from', 'into_id as into'])
    .where('organization_id', '=', organizationId)
    .where('undone_at', 'is', null)
    .execute()
}

export type MergeAccount = {
  id: string
  kind: ContributorKind
  name: string
  isAnonymised: boolean
  memberId: string | null
  mergedInto: string | null
}

/** The accounts of some ids, with every account that any merge names or stands for. */
export async function listMergeAccounts(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, MergeAccount>> {
  const found = await sql<MergeAccount>`
    select c.id, c.kind, c.display_name as name, c.anonymised_at is not null as "isAnonymised", c.member_id as "memberId", c.merged_into as "mergedInto"
    from contributor c
    where c.organization_id = ${organizationId}::uuid and (c.id = any(${[...ids]}::uuid[]) or c.merged_into is not null
      or c.id in (
        select unnest(array[m.from_id, m.into_id]) from contributor_merge m
        where m.organization_id = ${organizationId}::uuid and m.undone_at is null))`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row]))
}

export type NewMerge = AccountMerge & { id: string }
export type MergeSource = 'suggestion' | 'person' | 'file'

export async function insertMerges(
  tx: Db,
  context: { organizationId: string; source: MergeSource; batchId: string | null; madeBy: string; now: Date },
  merges: readonly NewMerge[],
): Promise<void> {
  if (merges.length === 0) return
  await sql`
    insert into contributor_merge (organization_id, id, from_id, into_id, source, batch_id, made_by, made_at)
    select ${context.organizationId}::uuid, id, from_id, into_id, ${context.source}, ${context.batchId}::uuid,
      ${context.madeBy}, ${context.now}
    from unnest(${merges.map(({ id }) => id)}::uuid[], ${merges.map(({ from }) => from)}::uuid[],
      ${merges.map(({ into }) => into)}::uuid[]) as t (id, from_id, into_id)`.execute(tx)
}

/** Says which account stands for each of some: null for one that stands for itself. */
export async function writeStanding(
  tx: Db,
  { organizationId, standing }: { organizationId: string; standing: ReadonlyMap<string, string | null> },
): Promise<void> {
  if (standing.size === 0) return
  await sql`
    update contributor c set merged_into = t.merged_into
    from unnest(${[...standing.keys()]}::uuid[], ${[...standing.values()]}::uuid[]) as t (id, merged_into)
    where c.organization_id = ${organizationId}::uuid and c.id = t.id`.execute(tx)
}

type Undone = { organizationId: string; by: string; now: Date } & ({ id: string } | { batchId: string })

/** Undoes one merge, or what is left of those of one upload; answers the accounts that were merged. */
export async function endMerges(tx: Db, undone: Undone): Promise<AccountMerge[]> {
  return tx
    .updateTable('contributor_merge')
    .set({ undone_by: undone.by, undone_at: undone.now })
    .where('organization_id', '=', undone.organizationId)
    .where('undone_at', 'is', null)
    .where(({ eb }) => ('id' in undone ? eb('id', '=', undone.id) : eb('batch_id', '=', undone.batchId)))
    .returning(['from_id as from', 'into_id as into'])
    .execute()
}

export async function isMergeKnown(
  db: Db,
  key: { organizationId: string } & ({ id: string } | { batchId: string }),
): Promise<boolean> {
  const row = await db
    .selectFrom('contributor_merge')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where(({ eb }) => ('id' in key ? eb('id', '=', key.id) : eb('batch_id', '=', key.batchId)))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Said last first. */
export async function listMergeRows(
  db: Db,
  input: { organizationId: string; after: { at: string; id: string } | undefined; limit: number },
) {
  const { after } = input
  return db
    .selectFrom('contributor_merge as m')
    .innerJoin('contributor as f', (join) =>
      join.onRef('f.organization_id', '=', 'm.organization_id').onRef('f.id', '=', 'm.from_id'),
    )
    .innerJoin('contributor as i', (join) =>
      join.onRef('i.organization_id', '=', 'm.organization_id').onRef('i.id', '=', 'm.into_id'),
    )
    .select(['m.id', 'm.source', 'm.batch_id', 'm.made_by', 'm.made_at', 'm.undone_by', 'm.undone_at'])
    .select(['f.id as from_id', 'f.kind as from_kind', 'f.display_name as from_name', 'f.nickname as from_nickname'])
    .select(['i.id as into_id', 'i.kind as into_kind', 'i.display_name as into_name', 'i.nickname as into_nickname'])
    .where('m.organization_id', '=', input.organizationId)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', m.made_at), m.id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', m.made_at)`, 'desc')
    .orderBy('m.id', 'desc')
    .limit(input.limit)
    .execute()
}
