import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../db.ts'
import type { PublicLinkTable } from '../schema.gen.ts'

type Key = { organizationId: string; id: string }
export type PublicLinkRow = Selectable<PublicLinkTable>

/** More than anybody keeps track of. */
export const mostPublicLinks = 200

export async function arePublicLinksOn(db: Db, organizationId: string): Promise<boolean> {
  const row = await db
    .selectFrom('public_link_settings')
    .select('is_on')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row?.is_on ?? false
}

export async function writePublicLinkSettings(
  tx: Db,
  { organizationId, isOn, now }: { organizationId: string; isOn: boolean; now: Date },
): Promise<void> {
  const change = { is_on: isOn, updated_at: now }
  await tx
    .insertInto('public_link_settings')
    .values({ organization_id: organizationId, ...change })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(change))
    .execute()
}

/** Those that may still answer first, and newest first; of revoked ones as many as there is room for. */
export async function listPublicLinkRows(db: Db, organizationId: string): Promise<PublicLinkRow[]> {
  return db
    .selectFrom('public_link')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy((row) => row('revoked_at', 'is not', null))
    .orderBy('id', 'desc')
    .limit(mostPublicLinks)
    .execute()
}

export async function countPublicLinks(tx: Db, organizationId: string): Promise<number> {
  const row = await tx
    .selectFrom('public_link')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertPublicLink(tx: Db, row: Insertable<PublicLinkTable>): Promise<void> {
  await tx.insertInto('public_link').values(row).execute()
}

/** Answers the name of the link that ends; undefined where there is none, or it ended before. */
export async function recordPublicLinkRevoked(
  tx: Db,
  { organizationId, id }: Key,
  at: Date,
): Promise<string | undefined> {
  const row = await tx
    .updateTable('public_link')
    .set({ revoked_at: at })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
  return row?.name
}

/** A link that may answer as far as its organization and whoever revokes it are concerned. */
export async function findPublicLink(
  db: Db,
  { organizationId, id }: Key,
): Promise<(PublicLinkRow & { organization: string }) | undefined> {
  return db
    .selectFrom('public_link as l')
    .innerJoin('public_link_settings as s', 's.organization_id', 'l.organization_id')
    .innerJoin('organization as o', 'o.organization_id', 'l.organization_id')
    .selectAll('l')
    .select('o.name as organization')
    .where('l.organization_id', '=', organizationId)
    .where('l.id', '=', id)
    .where('l.revoked_at', 'is', null)
    .where('s.is_on', '=', true)
    .executeTakeFirst()
}

/** At most once a minute, so that reading a view does not write with each figure. */
export async function recordPublicLinkOpened(db: Db, { organizationId, id }: Key, now: Date): Promise<void> {
  await db
    .updateTable('public_link')
    .set({ last_opened_at: now })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where((row) =>
      row.or([row('last_opened_at', 'is', null), row('last_opened_at', '<', new Date(now.getTime() - 60_000))]),
    )
    .execute()
}
