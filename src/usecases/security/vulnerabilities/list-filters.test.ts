import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { severities } from '../../../domain/severity.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { sortFields } from '../../../store/security/vulnerability-list.ts'
import { bodyOf, createImportFixture, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { listVulnerabilities } from './list-vulnerabilities.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
  const { organizationId, actor, deps } = house
  const levels = ['error', 'warning', 'note']
  const results = Array.from({ length: 24 }, (_, index) => ({
    rule: `js/rule-${index % 4}`,
    file: `src/orders/OrderController${index}.ts`,
    line: index + 1,
    text: `Gate ${index} is open.`,
    level: levels[index % 3] ?? 'note',
  }))
  await importReport(deps, { organizationId, actor, asset: 'quay', body: bodyOf(sarifOf(results)) })
  await importReport(deps, {
    organizationId,
    actor,
    asset: 'quay',
    branch: 'develop',
    body: bodyOf(sarifOf(results.slice(0, 5))),
  })
  const set = (numbers: number[], values: object) =>
    open.db
      .updateTable('vulnerability')
      .set(values)
      .where('organization_id', '=', organizationId)
      .where('number', 'in', numbers)
      .execute()
  await set([1, 2, 3], { tags: ['pci', 'audit'], epss_probability: 0.5, known_exploited: true })
  await set([3, 4], {
    assignee_member_id: house.memberId,
    cwes: [79, 89],
    aliases: ['CVE-2021-44228', 'GHSA-jfh8-c2jp-5v3q'],
  })
  await set([5], { source: 'person', kind: 'secret', title: 'Überlauf im Puffer' })
  await set([6, 7], { opened_at: new Date('2024-02-29T23:30:00Z') })
})
afterAll(async () => open.close())

type Query = Parameters<typeof listVulnerabilities>[1]['query']
const list = async (query: Query) => {
  const { organizationId, memberId } = house
  return listVulnerabilities(house.deps, { organizationId, memberId, query })
}
const numbers = async (query: Query) =>
  (await list({ branch: '*', sort: 'number', limit: 200, ...query })).items.map((item) => item.number)
const all = Array.from({ length: 29 }, (_, index) => index + 1)
const without = (...left: number[]) => all.filter((number) => !left.includes(number))

test.each<[string, Query, number[]]>([
  ['a tag', { tag: ['pci'] }, [1, 2, 3]],
  ['not a tag', { tag_not: ['pci', 'audit'] }, without(1, 2, 3)],
  ['me', { assignee_id: ['me'] }, [3, 4]],
  ['nobody', { assignee_id: ['nobody'] }, without(3, 4)],
  ['nobody or me', { assignee_id: ['nobody', 'me'] }, all],
  ['not me, where nobody counts', { assignee_id_not: ['me'] }, without(3, 4)],
  ['somebody', { assignee_id_not: ['nobody'] }, [3, 4]],
  ['a CWE', { cwe: [89] }, [3, 4]],
  ['not a CWE', { cwe_not: [89] }, without(3, 4)],
  ['known to be exploited', { known_exploited: true }, [1, 2, 3]],
  ['likely to be', { epss_from: 0.4 }, [1, 2, 3]],
  ['by hand', { source: 'person' }, [5]],
  ['a kind', { kind: ['secret'] }, [5]],
  ['not a kind', { kind_not: ['code'] }, [5]],
  ['the last day of a range', { opened_from: '2024-02-29', opened_to: '2024-02-29' }, [6, 7]],
  ['a branch', { branch: 'develop' }, all.slice(24)],
  ['two at once', { tag: ['audit'], assignee_id: ['me'] }, [3]],
  ['what excludes itself', { open: true, status: ['fixed'] }, []],
  ['the whole advisory', { q: 'CVE-2021-44228' }, [3, 4]],
  ['another year of the same advisory', { q: 'CVE-2020-44228' }, []],
  ['its page', { q: 'https://nvd.nist.gov/vuln/detail/CVE-2021-44228' }, [3, 4]],
  ['its other name, small', { q: 'ghsa-jfh8-c2jp-5v3q' }, [3, 4]],
  ['the beginning of a word in another case', { q: 'ÜBER' }, [5]],
  ['a hump of a file name', { q: 'controller7' }, [8]],
  ['a whole file name', { q: 'ordercontroller7.ts' }, [8]],
  ['a place', { q: 'src/orders/OrderController12' }, [13]],
  ['a part of a path', { q: 'orders/OrderController23.ts' }, [24]],
  ['a rule', { q: 'rule-2 gate' }, [3, 7, 11, 15, 19, 23, 27]],
  ['our number', { q: '#11' }, [11]],
  ['signs alone', { q: '%&/' }, []],
  ['what a query language would mean', { q: "a:* | b & !c <-> 'd" }, []],
])('finds by %s', async (_, query, expected) => {
  const found = await numbers(query)
  expect(found).toEqual(expected)
  expect((await list({ branch: '*', ...query })).total).toBe(expected.length)
})

test('without a branch only the default ones are looked at', async () => {
  expect((await list({})).total).toBe(24)
  expect((await list({ branch: '*' })).total).toBe(29)
})

test('every order holds each vulnerability once, page by page, there and back', async () => {
  for (const sort of sortFields.flatMap((field) => [field, `-${field}` as const]))
    for (const query of [{ branch: '*' }, { q: 'gate' }]) {
      const whole = (await list({ ...query, sort, limit: 200 })).items.map((item) => item.id)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await list({ ...query, sort, limit: 7, cursor })
        seen.push(...page.items.map((item) => item.id))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect([sort, seen]).toEqual([sort, whole])
      expect(new Set(seen).size).toBe(query.q === undefined ? 29 : 23)
    }
})

test('what a facet counts is what the list then shows', async () => {
  for (const query of [{ branch: '*' }, { severity_not: ['low' as const] }, { q: 'gate', open: true }]) {
    const { facets } = await list(query)
    for (const severity of severities)
      expect((await list({ ...query, severity_not: undefined, severity: [severity] })).total).toBe(
        facets.severity[severity] ?? 0,
      )
  }
})
