import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture } from '../imports/import.fixture.ts'
import { advisory, door, takeFindings } from '../imports/take-findings.fixture.ts'
import { listMergeCandidates } from './list-merge-candidates.ts'
import { mergeVulnerabilities } from './merge-vulnerabilities.ts'
import { undoMerge } from './undo-merge.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createImportFixture(open)
})

const idOf = async (title: string, branch = 'main') => {
  const found = house.db.selectFrom('vulnerability').select('id').where('organization_id', '=', house.organizationId)
  return (await found.where('title', '=', title).where('branch', '=', branch).executeTakeFirstOrThrow()).id
}
const ask = async (title: string, q?: string) => {
  const { organizationId, memberId, deps } = house
  return listMergeCandidates(deps, { organizationId, memberId, id: await idOf(title), q })
}
const offered = async (title: string, q?: string) => (await ask(title, q)).items.map((item) => item.title)
/** A finding that has nothing in common with any other one. */
const lonely = (title: string, more: Parameters<typeof door>[2] = {}, scanner = 'Lantern') =>
  door(scanner, 1, { ruleId: title, title, path: `src/${title.replaceAll(' ', '-')}.ts`, ...more })

describe('what may be merged', () => {
  test('what is most alike comes first, each with what it has in common, and the rest by severity behind it', async () => {
    const one = { ruleId: 'open-door', path: 'src/door.ts', cwes: [284] }
    await takeFindings(house, 'lantern', [
      lonely('one', { ...one, startLine: 20 }),
      lonely('nothing, low', { severity: 'low' }),
      lonely('nothing, critical', { severity: 'critical' }),
      lonely('cwe', { cwes: [79, 284] }),
      lonely('file', { path: one.path, startLine: 300 }),
      lonely('title', { title: 'ONE' }),
      lonely('rule', { ruleId: one.ruleId }),
      lonely('rule and file', { ruleId: one.ruleId, path: one.path, startLine: 200 }),
    ])
    await takeFindings(house, 'beacon', [
      lonely('twin by cwe', { path: one.path, cwes: [284], startLine: 400 }, 'Beacon'),
      lonely('twin by line', { path: one.path, startLine: 22 }, 'Beacon'),
      lonely('rule of another', { ruleId: one.ruleId, cwes: [284] }, 'Beacon'),
    ])
    const { items, has_more: hasMore } = await ask('one')
    expect(items.map(({ title, reasons, lines_apart: apart }) => [title, reasons.join(' '), apart])).toEqual([
      ['twin by line', 'other_scanner same_file near_line', 2],
      ['twin by cwe', 'other_scanner same_file same_cwe', 380],
      ['rule and file', 'same_rule same_file', 180],
      ['rule of another', 'same_rule same_cwe', null],
      ['rule', 'same_rule', null],
      ['ONE', 'same_title', null],
      ['file', 'same_file', 280],
      ['cwe', 'same_cwe', null],
      ['nothing, critical', '', null],
      ['nothing, low', '', null],
    ])
    expect(hasMore).toBe(false)
  })

  test('an advisory is known by any of its names, and one of the same package comes before one of another', async () => {
    const quay = { ecosystem: 'npm', name: 'quay', version: '2.0.0' }
    const alias = { ruleId: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2026-0001'] }
    await takeFindings(house, 'lantern', [
      advisory('Lantern', { title: 'one' }),
      advisory('Lantern', { ...alias, title: 'other package', package: quay }),
      advisory('Lantern', { ...alias, title: 'same package', path: 'web/package-lock.json' }),
    ])
    const { items } = await ask('one')
    expect(items.map(({ title, reasons }) => [title, reasons])).toEqual([
      ['same package', ['same_advisory', 'same_package']],
      ['other package', ['same_advisory', 'same_file']],
    ])
  })

  test('of equals, what is open comes first', async () => {
    await takeFindings(house, 'lantern', [
      lonely('one', { ruleId: 'r' }),
      lonely('gone', { ruleId: 'r', severity: 'high' }),
    ])
    await house.db
      .updateTable('vulnerability')
      .set({ status: 'fixed' })
      .where('id', '=', await idOf('gone'))
      .execute()
    await takeFindings(house, 'beacon', [lonely('here', { ruleId: 'r', severity: 'low' }, 'Beacon')])
    expect(await offered('one')).toEqual(['here', 'gone'])
  })

  test('of hundreds that are alike, fifty are offered, and the most alike among them', async () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      lonely(`many ${index}`, { ruleId: 'r', severity: 'critical' }),
    )
    await takeFindings(house, 'lantern', [...many, lonely('one', { ruleId: 'r', path: 'src/a.ts' })])
    await takeFindings(house, 'beacon', [lonely('twin', { path: 'src/a.ts', severity: 'low' }, 'Beacon')])
    const { items, has_more: hasMore } = await ask('one')
    expect([items.length, items[0]?.title, hasMore]).toEqual([50, 'twin', true])
    expect(items.slice(1).every(({ reasons }) => reasons.join() === 'same_rule')).toBe(true)
  })
})

describe('what is never offered', () => {
  const alike = (title: string) => lonely(title, { ruleId: 'r', path: 'src/a.ts' })

  test('itself, what lies on another branch, and what was merged away, until that is undone', async () => {
    await takeFindings(house, 'lantern', [alike('one'), alike('two'), alike('three')])
    await takeFindings(house, 'lantern', [alike('one'), alike('elsewhere')], { branch: 'next' })
    expect(await offered('one')).toEqual(expect.arrayContaining(['two', 'three']))
    expect(await offered('one')).toHaveLength(2)
    const { organizationId, actor, memberId, deps } = house
    const who = { organizationId, actor, viewer: { memberId, role: 'champion' as const } }
    await mergeVulnerabilities(deps, { ...who, into: await idOf('three'), ids: [await idOf('two')] })
    expect(await offered('one')).toEqual(['three'])
    expect(await offered('one', 'two')).toEqual([])
    await undoMerge(deps, { ...who, id: await idOf('two') })
    expect(await offered('one')).toHaveLength(2)
  })

  test('what lies in another asset, with or without a search', async () => {
    await takeFindings(house, 'lantern', [alike('one'), alike('two')])
    const { db, organizationId } = house
    const pier = {
      organization_id: organizationId,
      id: house.deps.newId(),
      key: 'pier',
      name: 'Pier',
      default_branch: 'main',
    }
    await db.insertInto('asset').values(pier).execute()
    await db
      .updateTable('vulnerability')
      .set({ asset_id: pier.id })
      .where('id', '=', await idOf('two'))
      .execute()
    expect(await offered('one')).toEqual([])
    expect(await offered('one', 'two')).toEqual([])
  })

  test('what another organization has, which does not know the one that is asked for either', async () => {
    await takeFindings(house, 'lantern', [alike('one')])
    const id = await idOf('one')
    house = await createImportFixture(open)
    await takeFindings(house, 'lantern', [alike('one'), alike('two')])
    expect(await offered('one')).toEqual(['two'])
    const { organizationId, memberId, deps } = house
    await expect(listMergeCandidates(deps, { organizationId, memberId, id })).rejects.toSatisfy((error) =>
      isAppError(error, 'not_found'),
    )
  })
})

describe('a search', () => {
  test('narrows by title, path and number, and likeness orders what it finds', async () => {
    await takeFindings(house, 'lantern', [
      lonely('one', { ruleId: 'r' }),
      lonely('harbour light', { severity: 'critical' }),
      lonely('harbour wall', { ruleId: 'r', severity: 'low' }),
      lonely('crane', { path: 'src/harbour/yard/crane.ts', cwes: [5] }),
      lonely('another rule', { ruleId: 'r' }),
    ])
    expect(await offered('one', 'harbour')).toEqual(['harbour wall', 'harbour light', 'crane'])
    expect(await offered('one', 'harbour/yard')).toEqual(['crane'])
    const { items } = await ask('one', 'crane')
    expect(items.map((item) => item.title)).toEqual(['crane'])
    expect(await offered('one', `#${items[0]?.number}`)).toEqual(['crane'])
    expect(await offered('one', 'nowhere')).toEqual([])
  })
})
