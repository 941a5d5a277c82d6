import { sql } from 'kysely'
import type { ContributorKind } from '../../../domain/remote-kind.ts'
import type { Db } from '../../db.ts'

export type SuggestionReason = 'account' | 'email' | 'member'
type SuggestedAccount = { id: string; kind: ContributorKind; name: string; nickname: string | null }
export type SuggestionRow = {
  one: SuggestedAccount
  other: SuggestedAccount
  reasons: SuggestionReason[]
  total: number
}

/**
 * Two who may be one person: the same Atlassian account, the same member's, the same address. Never by a name. `one` is
 * Bitbucket's before Jira's before a commit's. Without those a person kept apart, and those of two members.
 */
export async function listMergeSuggestions(
  db: Db,
  { organizationId, limit }: { organizationId: string; limit: number },
): Promise<SuggestionRow[]> {
  const found = await sql<SuggestionRow>`
    with account as (
      select c.id, coalesce(c.merged_into, c.id) as person_id, c.account_id, c.member_id, c.email
      from contributor c where c.organization_id = ${organizationId}::uuid and c.anonymised_at is null),
    sign as (
      select person_id, 'account' as reason, account_id as value from account where account_id is not null
      union select person_id, 'member', member_id::text from account where member_id is not null
      union select person_id, 'email', email from account where email is not null
      union select a.person_id, 'email', e.address from account a
        join contributor_email e on e.organization_id = ${organizationId}::uuid and e.contributor_id = a.id
      union select a.person_id, 'email', lower(m.email) from account a
        join member m on m.organization_id = ${organizationId}::uuid and m.id = a.member_id),
    pair as (
      select a.person_id as one_id, b.person_id as other_id, array_agg(distinct a.reason order by a.reason) as reasons
      from sign a join sign b on b.reason = a.reason and b.value = a.value and b.person_id > a.person_id
      group by 1, 2)
    select
      case when p.is_swapped then b.told else a.told end as one,
      case when p.is_swapped then a.told else b.told end as other,
      p.reasons, (count(*) over ())::integer as total
    from (
      select p.*, array_position(array['bitbucket', 'jira', 'git'], o.kind) > array_position(array['bitbucket', 'jira', 'git'], t.kind)
        as is_swapped
      from pair p
      join contributor o on o.organization_id = ${organizationId}::uuid and o.id = p.one_id
      join contributor t on t.organization_id = ${organizationId}::uuid and t.id = p.other_id
      where not exists (select from contributor_apart x
          join account xa on xa.id = x.one_id join account xb on xb.id = x.other_id
          where x.organization_id = ${organizationId}::uuid
            and least(xa.person_id, xb.person_id) = p.one_id and greatest(xa.person_id, xb.person_id) = p.other_id)
        and (select count(distinct m.member_id) from account m where m.person_id in (p.one_id, p.other_id)) < 2) p
    join lateral (select json_build_object('id', id, 'kind', kind, 'name', display_name, 'nickname', nickname) as told
      from contributor where organization_id = ${organizationId}::uuid and id = p.one_id) a on true
    join lateral (select json_build_object('id', id, 'kind', kind, 'name', display_name, 'nickname', nickname) as told
      from contributor where organization_id = ${organizationId}::uuid and id = p.other_id) b on true
    order by p.one_id, p.other_id
    limit ${limit}`.execute(db)
  return found.rows
}

/** Two whom a person knows to be two. */
export async function insertApart(
  tx: Db,
  apart: { organizationId: string; ids: readonly [string, string]; now: Date },
): Promise<void> {
  const [one, other] = apart.ids.toSorted()
  await tx
    .insertInto('contributor_apart')
    .values({
      organization_id: apart.organizationId,
      one_id: one ?? '',
      other_id: other ?? '',
      made_at: apart.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
