import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBareDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'
import { migrate, readMigrations } from './migrate.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createBareDatabase()
})
afterAll(async () => {
  await open.close()
})

const id = (tail: number) => `018f0000-0000-7000-8000-${String(tail).padStart(12, '0')}`
const organization = id(1)

/** One organization as the release before this schema left it. */
const seed = `
  insert into organization (organization_id, name) values ('${organization}', 'Harbour');
  insert into member (organization_id, id, user_id, name, email, role)
    values ('${organization}', '${id(2)}', '${id(3)}', 'Ines', 'ines@harbour.example', 'champion');
  insert into asset (organization_id, id, key, name, default_branch) values ('${organization}', '${id(4)}', 'quay', 'Quay', 'main');
  insert into import (organization_id, id, asset_id, branch, state, file_name, file_sha256, file_bytes, source)
    values ('${organization}', '${id(5)}', '${id(4)}', 'main', 'applied', 'a.sarif', 'aa', 1, 'cli'),
      ('${organization}', '${id(6)}', '${id(4)}', 'main', 'held', 'b.sarif', 'bb', 3, 'cli');
  insert into import_file_chunk (organization_id, import_id, position, data) values ('${organization}', '${id(6)}', 0, 'abc');
  insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner, rule_id,
      status, aliases, opened_at, last_seen_at)
    select '${organization}', ('018f0000-0000-7000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid, n, '${id(4)}',
      case when n = 3 then 'next' else 'main' end, 'Door ' || n, 'high', case when n = 2 then 'person' else 'tool' end, 'Lantern',
      'open-door', case when n = 4 then 'fixed' else 'identified' end, '{CVE-2026-0001}', now(), now() from generate_series(1, 5) n;
  update vulnerability set merged_into = '${id(101)}' where number = 5;
  insert into finding (organization_id, id, asset_id, branch, vulnerability_id, scanner, format, kind, rule_id, title, severity,
      content_key, body_hash, first_import_id, last_import_id, last_step)
    select organization_id, ('018f0000-0000-7000-8000-' || lpad((200 + number)::text, 12, '0'))::uuid, asset_id, branch, id, scanner,
      'sarif', case when number = 1 then 'secret' else 'code' end, rule_id, title, 'low', 'k' || number, 'h', '${id(5)}', '${id(5)}', 'new'
    from vulnerability;
  insert into notification (organization_id, id, member_id, vulnerability_id, kind, subject, created_at)
    values ('${organization}', '${id(7)}', '${id(2)}', '${id(101)}', 'message', 'Hello', now());`

test('a database of the release before takes all steps with its data, and its counts are right', async () => {
  const all = readMigrations()
  await migrate(
    open.pool,
    all.filter(({ number }) => number <= 7),
  )
  await open.pool.query(seed)
  await migrate(open.pool, all)
  const rows = async (text: string) => (await open.pool.query(text)).rows
  expect(
    await rows(`select number, kind, source, severity, scan_severity, on_default_branch, is_open,
      words @@ to_tsquery('simple', 'cve20260001 & door') as found from vulnerability order by number`),
  ).toEqual(
    [
      { number: 1, kind: 'secret', scan_severity: null, on_default_branch: true, is_open: true },
      { number: 2, kind: 'code', scan_severity: 'low', on_default_branch: true, is_open: true },
      { number: 3, kind: 'code', scan_severity: null, on_default_branch: false, is_open: true },
      { number: 4, kind: 'code', scan_severity: null, on_default_branch: true, is_open: false },
      { number: 5, kind: 'code', scan_severity: null, on_default_branch: true, is_open: true },
    ].map((row) => ({ source: 'scan', severity: 'high', found: true, ...row })),
  )
  const counts = `select on_default_branch, status, kind, sum(amount)::integer as amount from (
      select on_default_branch, status, kind, amount from vulnerability_count
      union all select on_default_branch, status, kind, amount from vulnerability_count_change) c
    group by 1, 2, 3 having sum(amount) <> 0 order by 1, 2, 3`
  const truth = `select on_default_branch, status, kind, count(*)::integer as amount from vulnerability
    where merged_into is null group by 1, 2, 3 order by 1, 2, 3`
  expect(await rows(counts)).toEqual(await rows(truth))
  await open.pool.query(`update asset set default_branch = 'next'`)
  await open.pool.query(`update vulnerability set merged_into = null where number = 5`)
  await open.pool.query(`begin; update vulnerability set status = 'fixed'; rollback`)
  await open.pool.query(
    `delete from finding where vulnerability_id = '${id(102)}'; delete from vulnerability where number = 2`,
  )
  expect(await rows(counts)).toEqual(await rows(truth))
  expect(
    await rows(
      `select i.state, c.data::text from import i left join import_file_chunk c on c.import_id = i.id order by i.id`,
    ),
  ).toEqual([
    { state: 'applied', data: null },
    { state: 'held', data: '\\x616263' },
  ])
})
