import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { moveVulnerability } from '../vulnerabilities/move-vulnerability.ts'
import { updateVulnerability } from '../vulnerabilities/update-vulnerability.ts'
import { applyImport } from './apply-import.ts'
import { bodyOf, createImportFixture } from './import.fixture.ts'
import { importReport } from './import-report.ts'
import { previewUndo } from './preview-undo.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())

type House = Awaited<ReturnType<typeof createImportFixture>>
type Told = { line: number; severity: 'high' | 'low'; title: string; suppressed: boolean } | null
type Scan = { tool: 'Lantern' | 'Beacon'; code: readonly Told[]; packages: readonly Told[] }
type Act = {
  at: number
  kind: 'accept' | 'false_positive' | 'work' | 'close' | 'rate' | 'rename' | 'assign' | 'talk' | 'send'
}

/** The same place or package in every scan, told in other words; each scanner tells of the packages, and they merge. */
function toReport({ tool, code, packages }: Scan): string {
  const common = ({ title, severity, suppressed }: NonNullable<Told>) => ({
    title,
    severity,
    ...(suppressed && { suppressed: 'Only trusted people come here' }),
  })
  const findings = [
    ...code.flatMap((told, index) =>
      told === null ? [] : [{ ...common(told), id: `door-${index}`, file: `src/${index}.ts`, line: told.line }],
    ),
    ...packages.flatMap((told, index) =>
      told === null
        ? []
        : [
            {
              ...common(told),
              file: 'package-lock.json',
              package: { ecosystem: 'npm', name: `pump-${index}`, version: '1.0.0', fixedIn: `1.0.${told.line}` },
              aliases: [`CVE-2026-100${index}`, ...(told.line > 2 ? [`GHSA-aaaa-bbbb-000${index}`] : [])],
            },
          ],
    ),
  ]
  return JSON.stringify({ format: 'weir', tool: { name: tool }, findings })
}

async function take(house: House, scan: Scan) {
  const { organizationId, actor } = house
  const body = bodyOf(toReport(scan))
  const done = await importReport(house.deps, {
    organizationId,
    actor,
    asset: 'quay',
    fileName: `${scan.tool}.json`,
    body,
  })
  if (done.state !== 'held') return done
  return applyImport(house.deps, { organizationId, actor, importId: done.id })
}

async function act(house: House, { at, kind }: Act): Promise<void> {
  const { organizationId, actor, memberId, db, deps } = house
  const all = await db
    .selectFrom('vulnerability')
    .select('id')
    .where('organization_id', '=', organizationId)
    .orderBy('number')
    .execute()
  const id = all[at % Math.max(all.length, 1)]?.id
  if (id === undefined) return
  const whom = { organizationId, id, actor, viewer: { role: 'champion' as const, memberId } }
  const move = (to: 'risk_accepted' | 'false_positive' | 'in_progress' | 'awaiting_validation') =>
    moveVulnerability(deps, {
      ...whom,
      to,
      reason: 'We looked.',
      ...(to === 'risk_accepted' && { accepted_until: '2099-01-31' }),
    })
  const acts: Record<Act['kind'], () => Promise<unknown>> = {
    accept: () => move('risk_accepted'),
    false_positive: () => move('false_positive'),
    work: () => move('in_progress'),
    close: () => move('awaiting_validation'),
    rate: () => updateVulnerability(deps, { ...whom, severity: 'critical', severity_reason: 'It is at the harbour.' }),
    rename: () => updateVulnerability(deps, { ...whom, title: 'The door of the harbour' }),
    assign: () => updateVulnerability(deps, { ...whom, assignee_id: memberId }),
    talk: () => talk(house, id),
    send: () => send(house, id),
  }
  // What the table of moves refuses is no part of this.
  await acts[kind]().catch((error: unknown) => {
    if (!isAppError(error)) throw error
  })
}

async function talk({ db, deps, organizationId }: House, vulnerabilityId: string): Promise<void> {
  const message = { organization_id: organizationId, id: deps.newId(), vulnerability_id: vulnerabilityId }
  await db
    .insertInto('message')
    .values({ ...message, author_kind: 'member', author_name: 'Ines Okafor', body: 'Whose?', created_at: new Date(0) })
    .execute()
}

async function send({ db, deps, organizationId: organization_id }: House, vulnerability_id: string): Promise<void> {
  const [connection_id, repository_id] = [deps.newId(), deps.newId()]
  const address = { api_url: 'http://127.0.0.1:9', web_url: 'http://127.0.0.1:9' }
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: connection_id,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Quay',
      ...address,
      workspace_uuid: `{${connection_id}}`,
      workspace_slug: connection_id,
      sealed_credential: 'x',
      state: 'active',
    })
    .execute()
  await db
    .insertInto('repository')
    .values({
      organization_id,
      id: repository_id,
      connection_id,
      remote_uuid: `{${repository_id}}`,
      workspace_uuid: `{${connection_id}}`,
      workspace_slug: 'quay',
      slug: 'quay',
      name: 'Quay',
      web_url: address.web_url,
    })
    .execute()
  await db
    .insertInto('defect')
    .values({
      organization_id,
      id: deps.newId(),
      vulnerability_id,
      tracker: 'bitbucket-issues',
      connection_id,
      repository_id,
      container_id: 'c',
      remote_id: repository_id,
      link: 'ok',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const tables = ['finding', 'vulnerability', 'defect', 'message'] as const
/** Every row without what only says that something was written, and without Weir's notes to an item: they are sent. */
async function dump({ db, organizationId }: House): Promise<Record<string, unknown>> {
  const parts = tables.map(async (table) => {
    const rows = await db
      .selectFrom(table)
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('id')
      .execute()
    const said = rows.filter((row) => !('author_kind' in row && row.author_kind === 'system'))
    return [table, said.map((row) => ({ ...row, updated_at: null, version: null }))] as const
  })
  return Object.fromEntries(await Promise.all(parts))
}

const countRows = async ({ db, organizationId }: House): Promise<number> =>
  (await db.selectFrom('vulnerability').select('id').where('organization_id', '=', organizationId).execute()).length

const told: fc.Arbitrary<Told> = fc.option(
  fc.record({
    line: fc.integer({ min: 1, max: 4 }),
    severity: fc.constantFrom('high', 'low'),
    title: fc.constantFrom('Open door', 'A door stands open'),
    suppressed: fc.boolean(),
  }),
  { freq: 4 },
)
const scan: fc.Arbitrary<Scan> = fc.record({
  tool: fc.constantFrom('Lantern', 'Beacon'),
  code: fc.array(told, { minLength: 4, maxLength: 4 }),
  packages: fc.array(told, { minLength: 3, maxLength: 3 }),
})
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    at: fc.nat(9),
    kind: fc.constantFrom('accept', 'false_positive', 'work', 'close', 'rate', 'rename', 'assign', 'talk', 'send'),
  }),
  { maxLength: 6 },
)

describe('an undo', () => {
  test('leaves the database as it was before the import, whatever had happened before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scan, { minLength: 1, maxLength: 3 }), acts, scan, async (before, deeds, last) => {
        const house = await createImportFixture(open)
        for (const one of before) await take(house, one)
        for (const deed of deeds) await act(house, deed)
        const expected = await dump(house)
        const known = await countRows(house)
        const done = await take(house, last)
        if (done.state === 'unchanged') return
        const { organizationId, actor } = house
        const preview = await previewUndo(house.deps, { organizationId, importId: done.id })
        const made = (await countRows(house)) - known
        expect(preview).toMatchObject({ can_undo: true, closed: 0, removed: made })
        await undoImport(house.deps, { organizationId, actor, importId: done.id })
        expect(await dump(house)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  }, 120_000)

  test('says before and after which vulnerabilities stay, closed, since somebody worked on them meanwhile', async () => {
    const house = await createImportFixture(open)
    const { organizationId, actor } = house
    const four = { line: 1, severity: 'high', title: 'Open door', suppressed: false } as const
    const done = await take(house, { tool: 'Lantern', code: [four, four, four, four], packages: [] })
    for (const [at, kind] of (['send', 'talk', 'assign'] as const).entries()) await act(house, { at, kind })
    const preview = await previewUndo(house.deps, { organizationId, importId: done.id })
    expect(preview).toMatchObject({ can_undo: true, removed: 1, closed: 3, restored_statuses: 0 })
    expect(preview.closed_examples.map(({ number, because }) => `${number} ${because}`)).toEqual([
      '1 sent',
      '2 discussed',
      '3 changed',
    ])
    const undone = await undoImport(house.deps, { organizationId, actor, importId: done.id })
    expect(undone.reason).toBe(
      'Ines Okafor took this import back. 3 vulnerabilities that somebody had worked on meanwhile stay, as fixed: #1, #2, #3.',
    )
    const left = await house.db
      .selectFrom('vulnerability')
      .select(['number', 'status'])
      .where('organization_id', '=', organizationId)
      .orderBy('number')
      .execute()
    expect(left).toEqual([1, 2, 3].map((number) => ({ number, status: 'fixed' })))
  })

  test('names what stands in its way', async () => {
    const house = await createImportFixture(open)
    const { organizationId } = house
    const door = (line: number) => ({ line, severity: 'high', title: 'Open door', suppressed: false }) as const
    const first = await take(house, { tool: 'Lantern', code: [door(1)], packages: [] })
    const later = await take(house, { tool: 'Beacon', code: [door(2)], packages: [] })
    const blocked = await previewUndo(house.deps, { organizationId, importId: first.id })
    expect(blocked).toMatchObject({ can_undo: false, blocked_by: { id: later.id, file_name: 'Beacon.json' } })
    await expect(undoImport(house.deps, { ...house, importId: first.id })).rejects.toMatchObject({
      code: 'import_not_undoable',
      detail: blocked.reason,
    })
    await undoImport(house.deps, { ...house, importId: later.id })
    expect(await previewUndo(house.deps, { organizationId, importId: first.id })).toMatchObject({
      can_undo: true,
      removed: 1,
    })
    const again = await previewUndo(house.deps, { organizationId, importId: later.id })
    expect(again).toMatchObject({ can_undo: false, reason: expect.stringContaining('undone'), blocked_by: null })
  })
})
