import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExportFormat } from '../../../../contract/security/exports.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import type { VulnerabilityFilters } from '../../../store/security/vulnerability-filters.ts'
import { createBulkHouse } from '../bulk/bulk-change.fixture.ts'
import { bodyOf, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { createExportLimit, exportVulnerabilities } from './export-vulnerabilities.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createBulkHouse>>
const publicUrl = 'https://weir.example'

const trivy = JSON.stringify({
  SchemaVersion: 2,
  ArtifactName: 'quay',
  ArtifactType: 'filesystem',
  Results: [
    {
      Target: 'package-lock.json',
      Class: 'lang-pkgs',
      Type: 'npm',
      Vulnerabilities: ['CVE-2021-23337', 'CVE-2020-8203'].map((id, index) => ({
        VulnerabilityID: id,
        PkgName: index === 0 ? 'lodash' : '@quay/rope',
        InstalledVersion: '4.17.20',
        FixedVersion: '4.17.21',
        Severity: 'HIGH',
        Title: `Advisory ${id}`,
        PrimaryURL: `https://avd.aquasec.com/nvd/${id.toLowerCase()}`,
        CweIDs: ['CWE-94'],
      })),
    },
  ],
})

const write = async (format: ExportFormat, filters: VulnerabilityFilters = {}, of = house): Promise<string> => {
  const { organizationId, memberId, auditor } = of
  const asked = { organizationId, memberId, auditor, format, filters }
  const { chunks } = await exportVulnerabilities({ ...of.deps, publicUrl }, asked)
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}
const take = async (body: string) => {
  const { organizationId, actor, deps } = house
  return importReport(deps, { organizationId, actor, asset: 'quay', body: bodyOf(body) })
}

beforeAll(async () => {
  open = await createTestDatabase()
  house = await createBulkHouse(open)
  const results = Array.from({ length: 40 }, (_, index) => ({
    rule: index % 3 === 0 ? 'open-door' : 'loose-hinge',
    file: `src/an odd #name %/door-${index % 5}.ts`,
    line: index + 1,
    text: `=Door ${index} is "open",\nbadly.`,
    snippet: index % 2 === 0 ? 'open(door)' : `open(door, ${index})`,
    level: 'warning',
  }))
  await take(sarifOf(results))
  await take(trivy)
})
afterAll(async () => open.close())

describe('SARIF', () => {
  test('read back, every finding is the one it was', async () => {
    const text = await write('sarif')
    const again = await take(text)
    expect(again.counts).toMatchObject({ new: 0, merged: 0, kept: 42, reopened: 0, closed: 0, skipped: 0 })
  })

  test('has a run for each scanner, and says what was decided', async () => {
    const [row] = (await house.read()).filter((one) => one.rule_id === 'open-door')
    const reason = 'Only in tests'
    await house.doIt({ ids: [row?.id ?? ''], change: { kind: 'move', to: 'false_positive', reason } })
    const { runs, version } = JSON.parse(await write('sarif'))
    expect(version).toBe('2.1.0')
    expect(runs.map((run: object) => Object(run).tool.driver.name)).toEqual(['Lantern', 'Trivy'])
    const result = runs[0].results.find((one: object) => Object(one).properties['weir/vulnerability'] === row?.id)
    expect(result).toMatchObject({
      ruleId: 'open-door',
      level: 'warning',
      suppressions: [{ kind: 'external', status: 'accepted', justification: 'false positive: Only in tests' }],
    })
    await house.doIt({ ids: [row?.id ?? ''], change: { kind: 'move', to: 'identified', reason } })
  })
})

describe('CycloneDX VEX', () => {
  test('read back, every package is the one it was', async () => {
    const text = await write('vex', { scanner: ['Trivy'] })
    const again = await take(text)
    expect(again.counts).toMatchObject({ new: 0, merged: 0, kept: 2, closed: 0 })
  })

  test('says what is known and what was decided', async () => {
    const [row] = (await house.read()).filter((one) => one.rule_id === 'CVE-2021-23337')
    const change = { kind: 'move', to: 'risk_accepted', reason: 'No templates', accepted_until: '2030-01-02' } as const
    await house.doIt({ ids: [row?.id ?? ''], change })
    const { vulnerabilities, components, specVersion } = JSON.parse(await write('vex'))
    expect(specVersion).toBe('1.6')
    const told = vulnerabilities.find((one: object) => Object(one)['bom-ref'] === row?.id)
    expect(told).toMatchObject({
      id: 'CVE-2021-23337',
      analysis: {
        state: 'exploitable',
        response: ['will_not_fix'],
        detail: 'Risk accepted: No templates Looked at again on 2030-01-02.',
      },
      recommendation: 'Upgrade lodash to version 4.17.21.',
    })
    const refs = new Set(components.map((one: object) => Object(one)['bom-ref']))
    for (const one of vulnerabilities) for (const { ref } of one.affects) expect(refs).toContain(ref)
    expect(components.map((one: object) => Object(one).purl)).toContain('pkg:npm/%40quay/rope@4.17.20')
  })
})

test('CSV has a line for each, and no cell a spreadsheet would compute', async () => {
  const text = await write('csv')
  expect(text.startsWith('\uFEFFnumber,title,severity,')).toBe(true)
  const lines = text.trim().split('\r\n')
  expect(lines).toHaveLength(43)
  expect(lines.filter((line) => /(^|,)"?[=+@-]/.test(line))).toEqual([])
})

test('JSON holds what the filters match, all of it and nothing else', async () => {
  const { vulnerabilities } = JSON.parse(await write('json', { scanner: ['Trivy'] }))
  expect(vulnerabilities).toHaveLength(2)
  expect(vulnerabilities[0]).toMatchObject({ asset: { key: 'quay' }, scanner: 'Trivy' })
  expect(JSON.parse(await write('json', { q: 'there is no such thing' })).vulnerabilities).toEqual([])
})

test('more than one look into the database gives each once', async () => {
  const many = await createBulkHouse(open)
  const ids = await many.add(1203)
  const { vulnerabilities } = JSON.parse(await write('json', {}, many))
  expect(vulnerabilities.map((one: object) => Object(one).id)).toEqual(ids.toSorted())
})

test('another organization’s are in none of them', async () => {
  const other = await createBulkHouse(open)
  for (const format of ['csv', 'json', 'sarif', 'vex'] as const) {
    const text = await write(format, {}, other)
    expect(text).not.toContain('Lantern')
    expect(text).not.toContain('CVE-')
  }
})

test('an export is noted in the audit log with its format, its number and its filters, not with what was searched for', async () => {
  await write('csv', {
    q: 'a secret word',
    asset_id: [house.assetId],
    assignee_id: [house.memberId, 'nobody', house.deps.newId()],
  })
  const found = await house.db
    .selectFrom('audit_event')
    .select(['action', 'after', 'actor_name'])
    .where('organization_id', '=', house.organizationId)
    .where('action', '=', 'vulnerability.exported')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  const filtered_by = ['q', 'asset_id', 'assignee_id']
  const filters =
    'words that were searched for; asset Quay; default branches; assignee Ines Okafor, nobody, one that is not here'
  const after = { format: 'csv', vulnerabilities: 0, filtered_by, summary: `CSV, 0 vulnerabilities: ${filters}` }
  expect(found).toEqual({ action: 'vulnerability.exported', actor_name: 'Ines Okafor', after })
})

test('only so many run at once, and each gives its turn back once', () => {
  const take = createExportLimit(1)
  const end = take()
  expect(() => take()).toThrow('Wait until one')
  end()
  end()
  take()
  expect(() => take()).toThrow('Wait until one')
})
