import type { Pool } from 'pg'
import type { OpenDatabase } from '../src/store/db.ts'
import { foldCounts } from '../src/store/security/vulnerability-counts.ts'

export type ListData = { organizationId: string; memberId: string }

export const listData: ListData = {
  organizationId: '00000000-0000-7000-8000-000000000001',
  memberId: '00000000-0000-7000-8000-000000000101',
}

const assets = 1000
const members = 20

/**
 * One organization with `rows` vulnerabilities over a thousand assets, by set and in the skew of a large house: a few
 * assets hold most, old ones are mostly fixed, severe ones are few, four of a hundred hang on branches nobody merges.
 */
export async function fillList({ pool, db }: Pick<OpenDatabase, 'pool' | 'db'>, rows: number): Promise<void> {
  const { organizationId } = listData
  await pool.query(
    `insert into organization (organization_id, name, next_vulnerability_number) values ($1, 'Bench', $2)`,
    [organizationId, rows + 1],
  )
  await pool.query(
    `insert into member (organization_id, id, user_id, name, email, role)
     select $1, ('00000000-0000-7000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid, gen_random_uuid(), 'Member ' || n,
       'member-' || n || '@example.com', 'champion' from generate_series(1, $2::int) n`,
    [organizationId, members],
  )
  await pool.query(
    `insert into asset (organization_id, id, key, name, default_branch)
     select $1, ('00000000-0000-7000-8001-' || lpad(n::text, 12, '0'))::uuid, 'asset-' || n,
       (array['Payments','Storefront','Ledger','Identity','Search','Mobile','Gateway','Reports'])[1 + n % 8] || ' ' || n,
       case when n % 4 = 0 then 'master' else 'main' end from generate_series(1, $2::int) n`,
    [organizationId, assets],
  )
  await pool.query(`insert into organization_settings (organization_id, sla) values ($1, '{}')`, [organizationId])
  await insertWithoutIndexes(pool, [organizationId, rows, assets, members])
  await pool.query(
    `insert into notification (organization_id, id, member_id, vulnerability_id, kind, subject, created_at)
     select $1, gen_random_uuid(), $2, id, 'message', 'A question', now() from vulnerability
     where organization_id = $1 and number % 5000 = 0`,
    [organizationId, listData.memberId],
  )
  await fillDefects(pool)
  // As the worker does every few seconds.
  while ((await foldCounts(db)) > 0);
  for (const table of ['vulnerability', 'asset', 'notification', 'defect', 'vulnerability_count_change'])
    await pool.query(`vacuum analyze ${table}`)
}

/** As a restore does it: indexes and counts are made once for all rows, not row by row. */
async function insertWithoutIndexes(pool: Pool, values: readonly unknown[]): Promise<void> {
  const found = await pool.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = 'vulnerability'::regclass and not indisunique`,
  )
  await pool.query('alter table vulnerability disable trigger user')
  for (const { name } of found.rows) await pool.query(`drop index ${name}`)
  await pool.query(insertRows, [...values])
  const waiting = found.rows.map(({ definition }) => definition)
  await Promise.all([makeIndexes(pool, waiting), makeIndexes(pool, waiting)])
  await pool.query('alter table vulnerability enable trigger user')
  await pool.query(countAll)
}

/** Takes one definition after the other; two may take from the same list. */
async function makeIndexes(pool: Pool, waiting: string[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(`set maintenance_work_mem = '256MB'`)
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await client.query(next)
    await client.query('reset maintenance_work_mem')
  } finally {
    client.release()
  }
}

const countAll = `
  delete from vulnerability_count_change;
  insert into vulnerability_asset_count (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, amount)
    select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, count(*)
    from vulnerability where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
  insert into vulnerability_count (organization_id, on_default_branch, severity, status, scanner, kind, source, is_sent, amount)
    select organization_id, on_default_branch, severity, status, scanner, kind, source, is_sent, sum(amount)
    from vulnerability_asset_count group by 1, 2, 3, 4, 5, 6, 7, 8`

/** Every thirtieth was sent. */
async function fillDefects(pool: Pool): Promise<void> {
  const { organizationId } = listData
  const connection = '00000000-0000-7000-8002-000000000001'
  const repository = '00000000-0000-7000-8002-000000000002'
  await pool.query(
    `insert into connection (organization_id, id, kind, auth_kind, name, api_url, web_url, sealed_credential, state)
     values ($1, $2, 'bitbucket', 'api_token', 'bench', 'http://127.0.0.1:9', 'http://127.0.0.1:9', 'none', 'active')`,
    [organizationId, connection],
  )
  await pool.query(
    `insert into repository (organization_id, id, connection_id, remote_uuid, workspace_uuid, workspace_slug, slug, name, web_url)
     values ($1, $2, $3, '{r}', '{w}', 'w', 'r', 'r', 'http://127.0.0.1:9/w/r')`,
    [organizationId, repository, connection],
  )
  await pool.query(
    `insert into defect (organization_id, id, vulnerability_id, tracker, connection_id, repository_id, container_id,
       remote_id, url, link)
     select $1, gen_random_uuid(), id, 'bitbucket-issues', $2, $3, '{r}', number::text, 'http://127.0.0.1:9/w/r/issues/' || number, 'ok'
     from vulnerability where organization_id = $1 and number % 30 = 0`,
    [organizationId, connection, repository],
  )
}

/** `h` is a number of 0 to 999,999 that looks thrown and is the same in every run. */
const insertRows = `
  insert into vulnerability (organization_id, id, number, asset_id, branch, title, description, severity, severity_source,
    cwes, aliases, kind, source, tags, scanner, rule_id, path, line, status, assignee_member_id, epss_probability,
    known_exploited, on_default_branch, opened_at, due_at, approaches_at, sla_days, fixed_at, last_seen_at, updated_at, created_at)
  select $1, ('018' || lpad(to_hex(n), 5, '0') || '-0000-7000-8000-' || lpad(to_hex(h::bigint * 7919 + n), 12, '0'))::uuid, n,
    ('00000000-0000-7000-8001-' || lpad(asset::text, 12, '0'))::uuid,
    case when h % 100 < 85 then case when asset % 4 = 0 then 'master' else 'main' end
      when h % 100 < 92 then 'develop' else 'feature/' || h % 400 end,
    (array['SQL injection through a string that was put together','Cross-site scripting in a template','Path traversal in a download',
      'Hard-coded credential','Weak hash','Open redirect','Use of a package with a known hole','Missing authentication',
      'Insecure deserialization','Bucket readable by everybody','Cookie without flags','Server-side request forgery'])[1 + h % 12]
      || ' in ' || (array['Order','User','Invoice','Session','Report','Basket','Ledger','Search'])[1 + h / 12 % 8]
      || (array['Controller','Service','Repository','Handler','View'])[1 + h / 96 % 5]
      || case when n % 100000 = 7 then ' quagmire' else '' end,
    '', severity, 'tool',
    array[(array[89,79,22,798,327,601,1104,306,502,732,614,918])[1 + h % 12]],
    case when h % 4 = 0 then array['CVE-' || 2005 + h % 20 || '-' || 1000 + h % 9000] else '{}' end,
    (array['code','code','code','dependency','dependency','secret','configuration','web'])[1 + h / 7 % 8],
    case when h % 500 = 0 then 'person' else 'scan' end,
    case when h % 10 = 0 then array[(array['payments','pci','backlog','legacy','quick-win'])[1 + h / 10 % 5]]
      when h % 1000 = 1 then array['audit-2026','pci'] else '{}' end,
    (array['Semgrep','Semgrep','Semgrep','Trivy','Trivy','Checkov','Gitleaks','ZAP','CodeQL','CodeQL'])[1 + h / 3 % 10],
    'rule.' || (array['java','typescript','python','docker','go'])[1 + h % 5] || '.rule-' || h % 700,
    'src/' || (array['main','server','web','jobs','lib'])[1 + h / 5 % 5] || '/module-' || h % 300 || '/'
      || (array['Order','User','Invoice','Session','Report','Basket','Ledger','Search'])[1 + h / 12 % 8]
      || (array['Controller','Service','Repository','Handler','View'])[1 + h / 96 % 5] || '.ts',
    1 + h % 900, status,
    case when h % 3 = 0 then ('00000000-0000-7000-8000-' || lpad((101 + floor($4 * power(h / 1000000.0, 2)))::int::text, 12, '0'))::uuid end,
    case when h % 4 = 0 then power(h / 1000000.0, 6)::real end, h % 900 = 0, h % 100 < 85, opened,
    case when severity <> 'notification' then opened + days * interval '1 day' end,
    case when severity <> 'notification' then opened + 0.75 * days * interval '1 day' end, days,
    case when status = 'fixed' then opened + days / 3 * interval '1 day' end, now(),
    opened + (h % 100) / 100.0 * (now() - opened), opened
  from (
    select n, h, 1 + floor($3 * power((h * 13 % 1000000) / 1000000.0, 2))::int as asset, opened,
      case when h % 1000 < 30 then 'critical' when h % 1000 < 170 then 'high' when h % 1000 < 560 then 'medium'
        when h % 1000 < 900 then 'low' else 'notification' end as severity,
      case when h % 1000 < 30 then 7 when h % 1000 < 170 then 30 when h % 1000 < 560 then 90 else 180 end as days,
      case when fate < 0.45 + 0.5 * (1 - n / $2::float) then 'fixed' when fate < 0.97 then
        (array['created','identified','identified','identified','in_progress','awaiting_validation'])[1 + h / 11 % 6]
        else (array['risk_accepted','false_positive','suppressed'])[1 + h / 11 % 3] end as status
    from (
      select n, (n::bigint * 7368787 % 1000003 % 1000000)::int as h, (n::bigint * 15485863 % 1000033) / 1000033.0 as fate,
        now() - interval '1100 days' + n::float / $2 * interval '1100 days' as opened
      from generate_series(1, $2::int) n
    ) as thrown
  ) as row`
