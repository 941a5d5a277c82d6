import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../db.ts'
import { listAlikeIds, listCandidates, selectAlike } from './merge-candidates.ts'
import { preferIndexes } from './vulnerability-list.ts'

let open: OpenDatabase
const organizationId = newId()
const stranger = newId()
const [quay, pier] = [newId(), newId()]
let number = 0

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  for (const id of [organizationId, stranger])
    await db.insertInto('organization').values({ organization_id: id, name: 'Harbour' }).execute()
  for (const [organization_id, id, key] of [
    [organizationId, quay, 'quay'],
    [organizationId, pier, 'pier'],
    // An asset of another organization that has the very id.
    [stranger, quay, 'quay'],
  ] as const)
    await db.insertInto('asset').values({ organization_id, id, key, name: key, default_branch: 'main' }).execute()
  await sql`
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
      rule_id, path, line, cwes, status, opened_at, last_seen_at)
    select ${organizationId}::uuid, gen_random_uuid(), 10000 + n, ${quay}::uuid, 'main', 'Noise ' || n, 'low', 'tool', 'Lantern',
      'noise-' || n % 50, 'src/noise-' || n % 300 || '.ts', n % 700, array[10000 + n % 40], 'identified', now(), now()
    from generate_series(1, 4000) n`.execute(db)
  await sql`analyze vulnerability`.execute(db)
})
afterAll(async () => open.close())

const one = {
  organization_id: organizationId,
  asset_id: quay,
  branch: 'main',
  title: 'A door is open',
  severity: 'high',
  severity_source: 'tool',
  scanner: 'Lantern',
  rule_id: 'open-door',
  path: 'src/door.ts',
  line: 100,
  cwes: [284],
  aliases: ['CVE-2026-0001'],
  status: 'identified',
} as const
const unlike = {
  title: 'Else',
  rule_id: 'else',
  path: 'src/else.ts',
  line: 1,
  cwes: [] as number[],
  aliases: [] as string[],
}

async function insert(more: object): Promise<string> {
  const id = newId()
  number += 1
  const at = new Date('2027-03-01T08:00:00Z')
  const row = {
    ...one,
    cwes: [...one.cwes],
    aliases: [...one.aliases],
    id,
    number,
    opened_at: at,
    last_seen_at: at,
    ...more,
  }
  await open.db.insertInto('vulnerability').values(row).execute()
  return id
}
async function alikeOf(id: string, q?: string): Promise<string[]> {
  const [candidate] = await listCandidates(open.db, { organizationId, ids: [id] })
  if (candidate === undefined) throw new Error('It was inserted above.')
  return listAlikeIds(open.db, { organizationId, one: candidate, q })
}

describe('what has something in common', () => {
  test.each<[string, object, object]>([
    ['a title in other letters', {}, { title: 'a DOOR is open' }],
    ['a title of hundreds of letters', { title: 'Ö'.repeat(400) }, { title: 'ö'.repeat(400) }],
    ['a rule', {}, { rule_id: one.rule_id }],
    ['a file', {}, { path: one.path, line: 700 }],
    ['one of several CWEs', { cwes: [79, 284] }, { cwes: [20, 284] }],
    ['a name of an advisory', {}, { aliases: ['GHSA-aaaa-bbbb-cccc', 'cve-2026-0001'] }],
    ['an advisory that is the rule of a package', {}, { kind: 'dependency', rule_id: 'CVE-2026-0001' }],
    ['what is closed', {}, { rule_id: one.rule_id, status: 'fixed' }],
  ])('is found by %s, among thousands', async (mark, some, more) => {
    const branch = `branch of ${mark}`
    const id = await insert({ ...some, branch })
    const other = await insert({ ...unlike, ...more, branch })
    await insert({ ...unlike, branch })
    expect(await alikeOf(id)).toEqual([other])
  })

  test('is found where the scanner is another one and the file has hundreds of others, by line and by CWE', async () => {
    const branch = 'crowded'
    const id = await insert({ branch })
    const crowd = { ...unlike, branch, path: one.path }
    for (let count = 0; count < 60; count++) await insert({ ...crowd, line: 101 })
    const near = await insert({ ...crowd, scanner: 'Beacon', line: 105 })
    const far = await insert({ ...crowd, scanner: 'Beacon', line: 106 })
    const sameCwe = await insert({ ...crowd, scanner: 'Beacon', line: 500, cwes: [284] })
    const found = await alikeOf(id)
    expect(found).toEqual(expect.arrayContaining([near, sameCwe]))
    expect(found).not.toContain(far)
    // Thirty for the file, and the two.
    expect(found).toHaveLength(32)
  })

  test('is not looked for on other branches, in other assets, in other organizations, nor where it was merged away', async () => {
    const id = await insert({ branch: 'fenced' })
    await insert({ branch: 'fenced ' })
    await insert({ branch: 'fenced', asset_id: pier })
    await insert({ branch: 'fenced', organization_id: stranger })
    await insert({ branch: 'fenced', merged_into: id })
    expect(await alikeOf(id)).toEqual([])
  })

  test('is found by a search, too, where more than are offered have the same rule', async () => {
    const branch = 'searched'
    const id = await insert({ branch })
    for (let count = 0; count < 50; count++) await insert({ ...unlike, branch, rule_id: one.rule_id })
    const wanted = await insert({ ...unlike, branch, rule_id: one.rule_id, title: 'The quagmire' })
    await insert({ ...unlike, branch, title: 'Another quagmire' })
    expect(await alikeOf(id)).toHaveLength(30)
    expect(await alikeOf(id, 'quagm')).toEqual([wanted])
  })
})

test('nothing but the keys is read to find it, with a search and without', async () => {
  const id = await insert({})
  const [candidate] = await listCandidates(open.db, { organizationId, ids: [id] })
  if (candidate === undefined) throw new Error('It was inserted above.')
  for (const q of [undefined, 'door']) {
    const plan = await open.db.transaction().execute(async (tx) => {
      await preferIndexes(tx)
      return sql<{ 'QUERY PLAN': string }>`explain ${selectAlike({ organizationId, one: candidate, q })}`.execute(tx)
    })
    const scans = plan.rows.flatMap((row) => /(?:Scan on|Scan using|Seq Scan).*/.exec(row['QUERY PLAN']) ?? [])
    const ofTable = scans.filter((scan) => scan.includes('vulnerability'))
    expect(ofTable.map((scan) => scan.replace(/(?:_\d+)? +\(cost.*/, ''))).toEqual([
      'Scan on vulnerability v',
      'Scan on vulnerability_likeness',
    ])
  }
})
