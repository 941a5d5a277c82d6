import { sql } from 'kysely'
import { digestAddress } from '../../../domain/people/pseudonym.ts'
import type { Db } from '../../db.ts'

type Key = { organizationId: string; personId: string }
export type NamedAccount = { id: string; display_name: string; is_bot: boolean }

/** A person's accounts, the one that stands for them first; locked. */
export async function lockAccountsOfPerson(tx: Db, { organizationId, personId }: Key): Promise<NamedAccount[]> {
  return tx
    .selectFrom('contributor')
    .select(['id', 'display_name', 'is_bot'])
    .where('organization_id', '=', organizationId)
    .where((where) => where.or([where('id', '=', personId), where('merged_into', '=', personId)]))
    .orderBy(sql`merged_into is not null`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export async function listPseudonyms(db: Db, organizationId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('contributor')
    .select('display_name')
    .where('organization_id', '=', organizationId)
    .where('anonymised_at', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.display_name))
}

/**
 * Takes name, nickname and addresses of accounts away wherever they stand in a column of their own, for good: of the
 * account, of what it wrote and the history of that, of its commits, and in the audit log. Whether a program has it is settled from then on.
 */
export async function anonymiseAccounts(
  tx: Db,
  input: { organizationId: string; ids: readonly string[]; names: readonly string[]; pseudonym: string; now: Date },
): Promise<void> {
  const { organizationId, pseudonym } = input
  const names = sql`any(${[...input.names]}::text[])`
  const ids = sql`any(${[...input.ids]}::uuid[])`
  const mine = sql`organization_id = ${organizationId}::uuid`
  await keepDigests(tx, input)
  await sql`update contributor set display_name = ${pseudonym}, nickname = null, email = null, anonymised_at = ${input.now},
      remote_id = case when kind = 'git' then id::text else remote_id end,
      member_id = null, linked_by = null, is_decided = true, bot_decided = true
    where ${mine} and id = ${ids}`.execute(tx)
  const told = sql`(select m.id from message m where m.organization_id = ${organizationId}::uuid and m.contributor_id = ${ids})`
  await sql`update vulnerability_event set actor_name = ${pseudonym}
    where ${mine} and actor_kind = 'remote' and actor_name = ${names} and vulnerability_id in (
      select m.vulnerability_id from message m where m.organization_id = ${organizationId}::uuid and m.contributor_id = ${ids})`.execute(
    tx,
  )
  for (const name of input.names)
    await sql`update notification set subject = replace(subject, ${name}, ${pseudonym}) where ${mine} and message_id in ${told}`.execute(
      tx,
    )
  await sql`update message set author_name = ${pseudonym} where ${mine} and contributor_id = ${ids}`.execute(tx)
  await sql`update commit set author_name = null, author_email = null where ${mine} and author_id = ${ids}`.execute(tx)
  await sql`update audit_event set
      before = case when before ? 'name' then jsonb_set(before, '{name}', to_jsonb(${pseudonym}::text)) else before end,
      after = case when after ? 'name' then jsonb_set(after, '{name}', to_jsonb(${pseudonym}::text)) else after end
    where ${mine} and target_kind = 'contributor' and target_id = ${ids}`.execute(tx)
}

/** Their addresses become digests, so that commits that are read later are still theirs. */
async function keepDigests(
  tx: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<void> {
  const found = await sql<{ address: string; id: string }>`
    select address, contributor_id as id from contributor_email
      where organization_id = ${organizationId}::uuid and contributor_id = any(${[...ids]}::uuid[])
    union select email, id from contributor
      where organization_id = ${organizationId}::uuid and id = any(${[...ids]}::uuid[]) and email is not null`.execute(
    tx,
  )
  const rows = found.rows.filter(({ address }) => !address.startsWith('sha256:'))
  await sql`delete from contributor_email where organization_id = ${organizationId}::uuid
    and contributor_id = any(${[...ids]}::uuid[]) and address = any(${rows.map(({ address }) => address)}::text[])`.execute(
    tx,
  )
  await sql`
    insert into contributor_email (organization_id, address, contributor_id, source, created_at)
    select ${organizationId}::uuid, address, id, 'commit', now()
    from unnest(${rows.map(({ address }) => digestAddress(address, organizationId))}::text[],
      ${rows.map(({ id }) => id)}::uuid[]) as t (address, id)
    on conflict do nothing`.execute(tx)
}
