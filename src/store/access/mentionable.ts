import { sql } from 'kysely'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Db } from '../db.ts'

export type MentionableRow = {
  name: string
  nickname: string | null
  member_id: string | null
  contributor_id: string | null
  at: RemoteKind[]
}

/**
 * Members who are not disabled, then accounts that are nobody's here, no program's and open, whose name holds `text`; those
 * whose name begins with it first. An account without an id that mentions are written with is none of them.
 */
export async function listMentionableRows(
  db: Db,
  { organizationId, text, limit }: { organizationId: string; text: string; limit: number },
): Promise<MentionableRow[]> {
  const callable = sql`c.closed_at is null and not c.is_bot and (c.account_id is not null or c.kind = 'jira')`
  const found = await sql<MentionableRow>`
    select * from (
      select m.name, null as nickname, m.id as member_id, null::uuid as contributor_id,
        array(select distinct c.kind from contributor c
          where c.organization_id = m.organization_id and c.member_id = m.id and ${callable} order by 1) as at
      from member m
      where m.organization_id = ${organizationId}::uuid and m.disabled_at is null
      union all
      select c.display_name, c.nickname, null, c.id, array[c.kind]
      from contributor c
      where c.organization_id = ${organizationId}::uuid and c.member_id is null and c.merged_into is null and ${callable}) p
    where strpos(lower(concat_ws(' ', p.name, p.nickname)), lower(${text})) > 0
    order by strpos(lower(p.name), lower(${text})) <> 1, p.member_id is null, lower(p.name), coalesce(p.member_id, p.contributor_id)
    limit ${limit}`.execute(db)
  return found.rows
}
