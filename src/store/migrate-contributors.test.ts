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

/** A thread as the release before contributors left it: one person wrote twice under two names, one account is gone. */
const seed = `
  insert into organization (organization_id, name) values ('${organization}', 'Harbour');
  insert into asset (organization_id, id, key, name, default_branch) values ('${organization}', '${id(2)}', 'quay', 'Quay', 'main');
  insert into connection (organization_id, id, kind, auth_kind, name, api_url, web_url, sealed_credential, state)
    values ('${organization}', '${id(3)}', 'jira', 'api_token', 'Harbour', 'https://api.example', 'https://web.example', 'sealed', 'active');
  insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner, rule_id,
      status, opened_at, last_seen_at)
    values ('${organization}', '${id(4)}', 1, '${id(2)}', 'main', 'Door', 'high', 'tool', 'Lantern', 'open-door', 'identified', now(), now());
  insert into defect (organization_id, id, vulnerability_id, tracker, connection_id, container_id, link)
    values ('${organization}', '${id(5)}', '${id(4)}', 'jira', '${id(3)}', 'site', 'ok');
  insert into message (organization_id, id, vulnerability_id, author_kind, author_remote_uuid, author_name, body, created_at)
    values ('${organization}', '${id(11)}', '${id(4)}', 'remote', '5b1', 'Tomas', 'first', '2026-01-01'),
      ('${organization}', '${id(12)}', '${id(4)}', 'remote', '5b1', 'Tomas O.', 'second', '2026-01-02'),
      ('${organization}', '${id(13)}', '${id(4)}', 'remote', null, 'Former user', 'third', '2026-01-03'),
      ('${organization}', '${id(14)}', '${id(4)}', 'system', null, 'Weir', 'ours', '2026-01-04');
  insert into message_link (organization_id, id, message_id, defect_id, remote_comment_id, direction, state, created_at, updated_at)
    select organization_id, ('018f0000-0000-7000-8000-' || lpad((20 + row_number() over (order by id))::text, 12, '0'))::uuid, id,
      '${id(5)}', id::text, case when author_kind = 'remote' then 'in' else 'out' end, 'sent', now(), now() from message;`

test('whoever wrote before is a contributor, once, by their latest name; nobody and we are none', async () => {
  const all = readMigrations()
  await migrate(
    open.pool,
    all.filter(({ number }) => number < 44),
  )
  await open.pool.query(seed)
  await migrate(open.pool, all)
  const { rows } = await open.pool.query(
    'select id, kind, remote_id, account_id, display_name, member_id from contributor',
  )
  expect(rows).toEqual([
    { id: rows[0]?.id, kind: 'jira', remote_id: '5b1', account_id: '5b1', display_name: 'Tomas O.', member_id: null },
  ])
  const { rows: messages } = await open.pool.query('select body, contributor_id from message order by created_at')
  expect(messages).toEqual([
    { body: 'first', contributor_id: rows[0]?.id },
    { body: 'second', contributor_id: rows[0]?.id },
    { body: 'third', contributor_id: null },
    { body: 'ours', contributor_id: null },
  ])
})
