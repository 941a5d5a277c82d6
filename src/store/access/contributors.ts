import { type Selectable, sql } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'
import type { ContributorTable } from '../schema.gen.ts'

export type ContributorRow = Selectable<ContributorTable>
export type ContributorLink = NonNullable<ContributorRow['linked_by']>

export type ContributorAccount = {
  organizationId: string
  kind: RemoteKind
  remoteId: string
  accountId: string | null
  name: string
  nickname: string | null
  /** As the remote shows it, in any case; null where it shows none. */
  email: string | null
  isBot: boolean
  isClosed: boolean
}

/** One account with the name of the member it belongs to. */
export type KnownContributor = ContributorRow & { member_name: string | null; member_email: string | null }

const withMember = (db: Db) =>
  db
    .selectFrom('contributor')
    .leftJoin('member', (join) =>
      join
        .onRef('member.organization_id', '=', 'contributor.organization_id')
        .onRef('member.id', '=', 'contributor.member_id'),
    )
    .selectAll('contributor')
    .select(['member.name as member_name', 'member.email as member_email'])

/** `account_member_id`: the member to whom the same Atlassian account belongs at another remote, when that is one member. */
export type SeenContributor = KnownContributor & { account_member_id: string | null }

export async function findContributor(
  db: Db,
  key: { organizationId: string; kind: RemoteKind; remoteId: string },
): Promise<SeenContributor | undefined> {
  return withMember(db)
    .select(
      sql<string | null>`(select case when count(distinct same.member_id) = 1 then min(same.member_id::text)::uuid end
        from contributor same where same.organization_id = contributor.organization_id
          and same.account_id = contributor.account_id and same.member_id is not null)`.as('account_member_id'),
    )
    .where('contributor.organization_id', '=', key.organizationId)
    .where('contributor.kind', '=', key.kind)
    .where('contributor.remote_id', '=', key.remoteId)
    .executeTakeFirst()
}

export async function findContributorById(
  db: Db,
  key: { organizationId: string; id: string; lock?: boolean },
): Promise<KnownContributor | undefined> {
  return withMember(db)
    .where('contributor.organization_id', '=', key.organizationId)
    .where('contributor.id', '=', key.id)
    .$if(key.lock === true, (query) => query.forUpdate('contributor'))
    .executeTakeFirst()
}

export async function listContributorsByIds(
  db: Db,
  key: { organizationId: string; ids: readonly string[] },
): Promise<KnownContributor[]> {
  if (key.ids.length === 0) return []
  return withMember(db)
    .where('contributor.organization_id', '=', key.organizationId)
    .where(sql<boolean>`contributor.id = any(${[...key.ids]}::uuid[])`)
    .execute()
}

/** Accounts of one remote by what mentions call them: Atlassian's id, or the remote's own with or without braces. */
export async function listMentionedContributors(
  db: Db,
  key: { organizationId: string; kind: RemoteKind; accounts: readonly string[] },
): Promise<KnownContributor[]> {
  if (key.accounts.length === 0) return []
  const accounts = [...key.accounts]
  return withMember(db)
    .where('contributor.organization_id', '=', key.organizationId)
    .where('contributor.kind', '=', key.kind)
    .where((where) =>
      where.or([
        where('contributor.account_id', 'in', accounts),
        where('contributor.remote_id', 'in', [...accounts, ...accounts.map((account) => `{${account}}`)]),
      ]),
    )
    .execute()
}

/**
 * Writes down an account as it is seen now; whose it is, what a person said of it, and that it was anonymised, stays. Answers
 * its id.
 */
export async function upsertContributor(
  tx: Db,
  { id, seenAt, ...account }: ContributorAccount & { id: string; seenAt: Date },
): Promise<string> {
  const row = await tx
    .insertInto('contributor')
    .values({
      organization_id: account.organizationId,
      id,
      kind: account.kind,
      remote_id: account.remoteId,
      account_id: account.accountId,
      display_name: account.name,
      nickname: account.nickname,
      email: account.email?.toLowerCase() ?? null,
      is_bot: account.isBot,
      remote_is_bot: account.isBot,
      closed_at: account.isClosed ? seenAt : null,
      first_seen_at: seenAt,
      last_seen_at: seenAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'kind', 'remote_id']).doUpdateSet({
        account_id: sql`coalesce(excluded.account_id, contributor.account_id)`,
        display_name: sql`case when contributor.anonymised_at is null then excluded.display_name else contributor.display_name end`,
        nickname: sql`case when contributor.anonymised_at is null then excluded.nickname end`,
        email: sql`case when contributor.anonymised_at is null then coalesce(excluded.email, contributor.email) end`,
        is_bot: sql`case when contributor.bot_decided then contributor.is_bot else contributor.is_bot or excluded.is_bot end`,
        remote_is_bot: sql`contributor.remote_is_bot or excluded.is_bot`,
        closed_at: sql`case when excluded.closed_at is null then null else coalesce(contributor.closed_at, excluded.closed_at) end`,
        last_seen_at: sql`greatest(contributor.last_seen_at, excluded.last_seen_at)`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The remote shows nobody any more where this account was: its name goes, what it wrote stays. */
export async function closeContributor(
  tx: Db,
  key: { organizationId: string; id: string; name: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('contributor')
    .set({
      display_name: sql`case when anonymised_at is null then ${key.name} else display_name end`,
      nickname: null,
      closed_at: key.now,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('closed_at', 'is', null)
    .execute()
}

/** Says whose account it is; `isDecided`: a person says so, and no rule says otherwise from then on. */
export async function linkContributor(
  tx: Db,
  link: {
    organizationId: string
    id: string
    memberId: string | null
    linkedBy: ContributorLink | null
    isDecided: boolean
  },
): Promise<void> {
  await tx
    .updateTable('contributor')
    .set({ member_id: link.memberId, linked_by: link.linkedBy, is_decided: link.isDecided })
    .where('organization_id', '=', link.organizationId)
    .where('id', '=', link.id)
    .execute()
}

/** A person says whether a program has it: neither the remote nor a pattern says otherwise from then on. */
export async function markBot(tx: Db, key: { organizationId: string; id: string; isBot: boolean }): Promise<void> {
  await tx
    .updateTable('contributor')
    .set({ is_bot: key.isBot, bot_decided: true })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** One page, seen last first, of accounts whose name holds `text`. */
export async function listContributorRows(
  db: Db,
  input: {
    organizationId: string
    linked: boolean | undefined
    text: string | undefined
    after: { at: string; id: string } | undefined
    limit: number
  },
): Promise<KnownContributor[]> {
  const { after, linked, text } = input
  return withMember(db)
    .where('contributor.organization_id', '=', input.organizationId)
    .where('contributor.merged_into', 'is', null)
    .$if(linked !== undefined, (query) => query.where('contributor.member_id', linked === true ? 'is not' : 'is', null))
    .$if(text !== undefined, (query) =>
      query.where(
        sql<boolean>`strpos(lower(concat_ws(' ', contributor.display_name, contributor.nickname, member.name)), lower(${text ?? ''})) > 0`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', contributor.last_seen_at), contributor.id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', contributor.last_seen_at)`, 'desc')
    .orderBy('contributor.id', 'desc')
    .limit(input.limit)
    .execute()
}

export type ContributorPart = Pick<ContributorRow, 'id' | 'kind' | 'nickname'> & { name: string }

/** Of some people, their other accounts. */
export async function listParts(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, ContributorPart[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('contributor')
    .select(['id', 'kind', 'display_name as name', 'nickname', 'merged_into'])
    .where('organization_id', '=', organizationId)
    .where('merged_into', 'in', [...ids])
    .orderBy('id')
    .execute()
  const parts = Map.groupBy(rows, (row) => row.merged_into ?? '')
  return new Map(
    [...parts].map(([id, some]) => [
      id,
      some.map(({ id: one, kind, name, nickname }) => ({ id: one, kind, name, nickname })),
    ]),
  )
}

/** Of some names, in lower case, the member who has it, where exactly one who is not disabled does. */
export async function listNamesakes(
  db: Db,
  { organizationId, names }: { organizationId: string; names: readonly string[] },
): Promise<Map<string, { id: string; name: string }>> {
  if (names.length === 0) return new Map()
  const found = await sql<{ key: string; id: string; name: string }>`
    select lower(name) as key, (array_agg(id))[1] as id, min(name) as name from member
    where organization_id = ${organizationId}::uuid and disabled_at is null
      and lower(name) = any(${names.map((name) => name.toLowerCase())}::text[])
    group by 1 having count(*) = 1`.execute(db)
  return new Map(found.rows.map(({ key, ...member }) => [key, member]))
}
