import type { Pool } from 'pg'
import { now, organizationId } from './facts.ts'

export type LateDay = { pullRequests: number; activities: number; merged: number; deployments: number }

/**
 * A day's late data: the latest pull requests each get eight activities more, one in eight of them is merged, and each
 * repository is deployed once. Written as a read writes it, by set and with the triggers that mark what changed.
 */
export async function insertLateDay(pool: Pool, touched: number): Promise<LateDay> {
  const org = `'${organizationId}'::uuid`
  const at = `'${now.toISOString()}'::timestamptz`
  const merging = Math.floor(touched / 8)
  const client = await pool.connect()
  try {
    await client.query(`create temporary table late as
      (select id, author_id, repository_id, opened_at, 'merged' as fate from pull_request
        where organization_id = ${org} and state = 'open' and opened_at < ${at} - interval '1 day'
        order by opened_at desc limit ${merging})
      union all (select id, author_id, repository_id, opened_at, 'talked' from pull_request
        where organization_id = ${org} and state = 'merged' and opened_at < ${at}
        order by opened_at desc limit ${touched - merging})`)
    const merged =
      await client.query(`update pull_request p set state = 'merged', merged_at = ${at} - interval '1 hour',
        closed_by_id = p.author_id, remote_updated_at = ${at} from late l
      where p.organization_id = ${org} and p.id = l.id and l.fate = 'merged'`)
    const told = await client.query(`
      insert into pull_request_event (organization_id, pull_request_id, kind, remote_key, at, contributor_id)
      select ${org}, l.id, case when n = 8 and fate = 'merged' then 'merged' when n < 6 then 'comment' else 'commit_pushed' end,
        'late ' || n, case when n = 8 and fate = 'merged' then ${at} - interval '1 hour'
          else least(${at}, l.opened_at + n * interval '40 minutes') end, p.id
      from late l cross join generate_series(1, 8) n
      join lateral (select id from contributor where organization_id = ${org} and not is_bot
        order by id offset (n * 3) % 10 limit 1) p on true`)
    const deployed = await client.query(`
      insert into deployment (organization_id, id, repository_id, environment_id, source, remote_key, name, commit, commit_sha,
        state, started_at, completed_at, remote_updated_at)
      select distinct on (repository_id) organization_id, gen_random_uuid(), repository_id, environment_id, source, 'late',
        'Late release', commit, commit_sha, 'successful', ${at} - interval '20 minutes', ${at} - interval '10 minutes', ${at}
      from deployment where organization_id = ${org} and environment_id in (
          select id from environment where organization_id = ${org} and remote_kind = 'production')
        and completed_at between ${at} - interval '60 days' and ${at} order by repository_id, completed_at desc`)
    return {
      pullRequests: touched,
      activities: told.rowCount ?? 0,
      merged: merged.rowCount ?? 0,
      deployments: deployed.rowCount ?? 0,
    }
  } finally {
    await client.query('drop table if exists late')
    client.release()
  }
}
