import type { PoolClient } from 'pg'

/** How the organization is laid out. A pattern of facts is made once, worked out by the real rules, and copied through time. */
export type Layout = {
  /** Pull requests of all copies together. */
  pullRequests: number
  copies: number
  repositories: number
  people: number
  /** The first moment of the first copy, and how long one lasts, in seconds. */
  begin: Date
  spanS: number
}

export const organizationId = '00000000-0000-7000-8000-000000000001'
/** What every moment of the page is asked at: the end of the last copy. */
export const now = new Date('2026-11-01T12:00:00Z')

const copies = 50
/** Whole weeks, so that a copy has the same working hours. */
const daysOfCopy = 35
export const days = copies * daysOfCopy

export function layOut(size: number): Layout {
  const spanS = daysOfCopy * 86_400
  return {
    pullRequests: size,
    copies,
    repositories: Math.min(100, Math.max(4, Math.round(size / 10_000))),
    people: Math.min(400, Math.max(20, Math.round(size / 2500))),
    begin: new Date(now.getTime() - copies * spanS * 1000),
    spanS,
  }
}

/** Pull requests of one copy. */
export function patternSize({ pullRequests, copies: amount }: Layout): number {
  return Math.ceil(pullRequests / amount)
}

/** SQL of the id of a kind's nth member in the first copy: sixteen bits before the number are the copy's. */
export const id = (kind: number, n: string): string =>
  `('00000000-0000-7000-8${String(kind).padStart(3, '0')}-0000' || lpad(to_hex(${n}), 8, '0'))::uuid`

export const repositoryId = (n: number): string => `00000000-0000-7000-8001-${n.toString(16).padStart(12, '0')}`

const org = `'${organizationId}'::uuid`
const personOf = (n: string, salt: number, people: number): string =>
  id(2, `floor(pg_temp.chance(${n}, ${salt}) * ${people})::int`)

/** A commit's name; the copy's number is written over its first four letters. */
const sha = (kind: string, n: string): string => `('0000' || md5('${kind}' || ${n}) || left(md5(${n}::text), 4))`

/** One copy's facts, by set, in a connection whose temporary tables they are drafted in. */
export async function insertPattern(client: PoolClient, layout: Layout): Promise<void> {
  const size = patternSize(layout)
  const { repositories, people, begin, spanS } = layout
  await client.query(`
    create function pg_temp.chance(n bigint, salt int) returns float8 language sql immutable
      as 'select (hashint8extended($1, $2) & 1048575)::float8 / 1048576';
    create function pg_temp.hours(n bigint, salt int, mean float8) returns interval language sql immutable
      as 'select round(-ln(1 - pg_temp.chance($1, $2) * 0.999) * $3 * 3600) * interval ''1 second''';`)
  await insertPlaces(client, { repositories, people })
  await client.query(`create temporary table draft as
    with begun as (
      select n, n % ${repositories} as repository,
        '${begin.toISOString()}'::timestamptz + round(pg_temp.chance(n, 2) * ${spanS}) * interval '1 second' as opened,
        pg_temp.chance(n, 3) as fate
      from generate_series(0, ${size - 1}) n),
    readied as (select *, case when pg_temp.chance(n, 4) < 0.3 then opened + pg_temp.hours(n, 5, 6) else opened end as ready from begun),
    reviewed as (select *, ready + pg_temp.hours(n, 6, 7) as reviewed from readied),
    approved as (select *, reviewed + pg_temp.hours(n, 7, 9) as approved from reviewed)
    select *, case when fate < 0.88 then 'merged' when fate < 0.96 then 'declined' when fate < 0.99 then 'superseded' else 'open' end as state,
      approved + pg_temp.hours(n, 8, 5) as ended from approved`)
  await client.query(`create temporary table line as
    select n, ${sha('own', 'n')} as own, ${sha('merge', 'n')} as merge, ended as merged, repository, opened,
      lag(${sha('merge', 'n')}) over (partition by repository order by ended, n) as former
    from draft where state = 'merged'; create index on line (repository, merged); analyze line`)
  await insertPullRequests(client, (salt) => personOf('n', salt, people))
  await insertEvents(client, (salt) => personOf('n', salt, people))
  await insertDeployments(client, { amount: Math.ceil(size / 6), layout })
}

async function insertPlaces(client: PoolClient, { repositories, people }: { repositories: number; people: number }) {
  const connection = id(9, '1')
  await client.query(`
    insert into organization (organization_id, name) values (${org}, 'Bench');
    insert into connection (organization_id, id, kind, auth_kind, name, api_url, web_url, workspace_uuid, workspace_slug,
        workspace_name, sealed_credential, state)
      values (${org}, ${connection}, 'bitbucket', 'api_token', 'Bench', 'https://bench.invalid', 'https://bench.invalid',
        '{bench}', 'bench', 'bench', '\\x00', 'active');
    insert into repository (organization_id, id, connection_id, remote_uuid, workspace_uuid, workspace_slug, slug, name, web_url)
      select ${org}, ${id(1, 'n')}, ${connection}, '{r' || n || '}', '{bench}', 'bench', 'service-' || n, 'service-' || n,
        'https://bench.invalid/' || n from generate_series(0, ${repositories - 1}) n;
    insert into contributor (organization_id, id, kind, remote_id, display_name, is_bot, first_seen_at, last_seen_at)
      select ${org}, ${id(2, 'n')}, 'bitbucket', '{p' || n || '}', 'Person ' || n, n % 50 = 7, now(), now()
      from generate_series(0, ${people}) n;
    insert into environment (organization_id, id, repository_id, remote_uuid, name, remote_kind)
      select ${org}, ${id(4, 'n * 3 + kind')}, ${id(1, 'n')}, '{e' || kind || '}', (array['Test', 'Staging', 'Live'])[kind],
        (array['test', 'staging', 'production'])[kind]
      from generate_series(0, ${repositories - 1}) n, generate_series(1, 3) kind`)
}

type Person = (salt: number) => string

async function insertPullRequests(client: PoolClient, person: Person): Promise<void> {
  await client.query(`
    insert into commit (organization_id, repository_id, sha, author_id, authored_at, committed_at, message, parents,
        lines_added, lines_removed, files_changed)
      select ${org}, ${id(1, 'repository')}, own, ${person(1)},
        opened - pg_temp.hours(n, 9, 20), opened, 'Work on ' || n, array_remove(array[former], null),
        (pg_temp.chance(n, 10) * 300)::int, (pg_temp.chance(n, 11) * 120)::int, 1 + n % 9 from line
      union all select ${org}, ${id(1, 'repository')}, merge, null, merged, merged, 'Merged ' || n,
        array_remove(array[former, own], null), 0, 0, 0 from line;
    insert into pull_request (organization_id, id, repository_id, remote_id, title, author_id, closed_by_id, state,
        source_branch, destination_branch, merge_commit, merge_sha, opened_at, remote_updated_at, merged_at, closed_at,
        first_commit_at, lines_added, lines_removed, commit_count, excluded_reason)
      select ${org}, ${id(3, 'n')}, ${id(1, 'repository')}, n / (select 1 + max(repository) from draft) + 1,
        'Make part ' || n || ' of the service keep its word', ${person(1)},
        case when state = 'open' then null else ${person(12)} end, state,
        case when n % 40 = 3 then 'hotfix/' else 'work/' end || n,
        case when n % 5 = 0 then 'release' else 'main' end, left(l.merge, 12), l.merge, opened,
        case when state = 'open' then reviewed else ended end, case when state = 'merged' then ended end,
        case when state in ('declined', 'superseded') then ended end, opened - pg_temp.hours(n, 9, 20),
        (pg_temp.chance(n, 10) * 300)::int, (pg_temp.chance(n, 11) * 120)::int, 1,
        case when n % 200 = 11 then 'A rehearsal' end
      from draft d left join (select n as of, merge from line) l on l.of = d.n;
    insert into pull_request_commit (organization_id, pull_request_id, repository_id, sha)
      select ${org}, ${id(3, 'n')}, ${id(1, 'repository')}, own from line;
    insert into pull_request_reviewer (organization_id, pull_request_id, contributor_id, role, state, participated_at)
      select distinct on (n, reviewer) ${org}, ${id(3, 'n')}, reviewer, 'reviewer', case when who = 1 and n % 10 <> 4 then 'approved' end,
        case when who = 1 then approved end
      from (select d.*, who, case who when 1 then ${person(20)} else ${person(21)} end as reviewer
        from draft d, generate_series(1, 2) who) asked order by n, reviewer, who`)
}

/** Eight to a pull request on average. */
async function insertEvents(client: PoolClient, person: Person): Promise<void> {
  const author = person(1)
  const reviewer = person(20)
  const second = person(21)
  const told: readonly [kind: string, at: string, by: string, where: string][] = [
    ["'opened'", 'opened', author, 'true'],
    ["'ready'", 'ready', author, 'ready > opened'],
    ["'comment'", 'reviewed', reviewer, 'n % 10 <> 9'],
    ["'comment'", 'reviewed + (approved - reviewed) * 0.3', author, 'true'],
    ["'comment'", 'reviewed + (approved - reviewed) * 0.5', second, 'true'],
    ["'changes_requested'", 'reviewed + (approved - reviewed) * 0.4', reviewer, 'n % 4 = 1'],
    ["'commit_pushed'", 'reviewed + (approved - reviewed) * 0.6', author, 'true'],
    ["'commit_pushed'", 'reviewed + (approved - reviewed) * 0.8', author, 'n % 10 < 6'],
    ["'approval'", 'approved', reviewer, 'n % 10 <> 4'],
    ["'approval'", 'approved + (ended - approved) * 0.5', second, 'n % 10 = 2'],
    ['state', 'ended', person(12), "state <> 'open'"],
  ]
  const parts = told.map(
    ([kind, at, by, where], index) =>
      `select n, ${kind} as kind, '${index}' as key, date_trunc('second', ${at}) as at, ${by} as by from draft where ${where}`,
  )
  await client.query(`
    insert into pull_request_event (organization_id, pull_request_id, kind, remote_key, at, contributor_id)
    select ${org}, ${id(3, 'n')}, kind, key, at, by from (${parts.join(' union all ')}) told order by n, key`)
}

/** Half as many as pull requests, a third of them to production; each of what was merged last. */
async function insertDeployments(client: PoolClient, { amount, layout }: { amount: number; layout: Layout }) {
  const { repositories, begin, spanS } = layout
  await client.query(`
    insert into deployment (organization_id, id, repository_id, environment_id, source, remote_key, name, commit, commit_sha,
        state, started_at, completed_at, remote_updated_at)
      select ${org}, ${id(5, 'm * 3 + kind')}, ${id(1, 'r')}, ${id(4, 'r * 3 + kind')}, 'bitbucket', m || '-' || kind,
        'Release ' || m, left(merge, 12), merge,
        case when pg_temp.chance(m * 3 + kind, 30) < 0.05 then 'failed' else 'successful' end, ended - interval '5 minutes', ended, ended
      from (select m, kind, m % ${repositories} as r,
          '${begin.toISOString()}'::timestamptz + round(((m + pg_temp.chance(m, 31)) / ${amount}) * ${spanS - 1800} + kind * 600) * interval '1 second' as ended
        from generate_series(0, ${amount - 1}) m, generate_series(1, 3) kind) planned
      cross join lateral (select merge from line where line.repository = r and merged <= ended order by merged desc limit 1) latest;
    insert into incident (organization_id, id, repository_id, deployment_id, source, key, title, began_at, resolved_at)
      select organization_id, ('00000000-0000-7000-8006-' || right(id::text, 12))::uuid, repository_id, id, 'push', remote_key,
        'The till is closed', completed_at + interval '20 minutes', completed_at + interval '140 minutes'
      from deployment where remote_key like '%-3' and hashtext(remote_key) % 20 = 0 and state = 'successful'`)
}
