import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export type AddressSource = 'remote' | 'commit' | 'person' | 'file'

/** Whose each of some addresses is; `addresses` as they are kept: in lower case, or digests. */
export async function listAddressOwners(
  db: Db,
  { organizationId, addresses }: { organizationId: string; addresses: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('contributor_email')
    .select(['address', 'contributor_id'])
    .where('organization_id', '=', organizationId)
    .where(sql<boolean>`address = any(${[...addresses]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.address, row.contributor_id]))
}

/** Writes down whose addresses are; one that is somebody's already stays theirs. */
export async function insertAddresses(
  tx: Db,
  context: { organizationId: string; source: AddressSource; now: Date },
  addresses: readonly { address: string; contributorId: string }[],
): Promise<void> {
  if (addresses.length === 0) return
  await sql`
    insert into contributor_email (organization_id, address, contributor_id, source, created_at)
    select ${context.organizationId}::uuid, address, contributor_id, ${context.source}, ${context.now}
    from unnest(${addresses.map(({ address }) => address)}::text[],
      ${addresses.map(({ contributorId }) => contributorId)}::uuid[]) as t (address, contributor_id)
    on conflict do nothing`.execute(tx)
}

export type NewCommitAuthor = { id: string; address: string; name: string; seenAt: Date }

/** Writes down authors of commits who are known by an address alone; answers the account of each, made now or before. */
export async function insertCommitAuthors(
  tx: Db,
  { organizationId, authors }: { organizationId: string; authors: readonly NewCommitAuthor[] },
): Promise<{ address: string; contributorId: string }[]> {
  if (authors.length === 0) return []
  return tx
    .insertInto('contributor')
    .values(
      authors.map(({ id, address, name, seenAt }) => ({
        organization_id: organizationId,
        id,
        kind: 'git' as const,
        remote_id: address,
        email: address,
        display_name: name,
        first_seen_at: seenAt,
        last_seen_at: seenAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'kind', 'remote_id']).doUpdateSet((set) => ({
        last_seen_at: set.fn('greatest', ['contributor.last_seen_at', 'excluded.last_seen_at']),
      })),
    )
    .returning(['remote_id as address', 'id as contributorId'])
    .execute()
}

/** The addresses of a person's accounts, as they are kept, with the merge that brought each. */
export async function listAddressesOfPerson(
  db: Db,
  { organizationId, personId }: { organizationId: string; personId: string },
): Promise<{ address: string; source: AddressSource; contributor_id: string }[]> {
  return db
    .selectFrom('contributor_email as e')
    .innerJoin('contributor as c', (join) =>
      join.onRef('c.organization_id', '=', 'e.organization_id').onRef('c.id', '=', 'e.contributor_id'),
    )
    .select(['e.address', 'e.source', 'e.contributor_id'])
    .where('e.organization_id', '=', organizationId)
    .where((where) => where.or([where('c.id', '=', personId), where('c.merged_into', '=', personId)]))
    .orderBy('e.address')
    .execute()
}

/** Accounts by what a file may call them: our id, Bitbucket's UUID, Atlassian's account id. Bitbucket's first. */
export async function listAccountsByName(
  db: Db,
  { organizationId, names }: { organizationId: string; names: readonly string[] },
): Promise<{ name: string; id: string }[]> {
  if (names.length === 0) return []
  const found = await sql<{ name: string; id: string }>`
    select t.name, c.id from unnest(${[...names]}::text[]) as t (name)
    join contributor c on c.organization_id = ${organizationId}::uuid
      and (c.account_id = t.name or c.remote_id in (t.name, '{' || t.name || '}') or c.id::text = t.name)
    order by t.name, array_position(array['bitbucket', 'jira', 'git'], c.kind), c.id`.execute(db)
  return found.rows
}
