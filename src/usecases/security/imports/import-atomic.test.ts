import { Kysely, type KyselyPlugin, PostgresDialect } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import type { Database } from '../../../store/schema.gen.ts'
import { applyImport } from './apply-import.ts'
import { bodyOf, createImportFixture, sarifOf } from './import.fixture.ts'
import type { ImportDeps } from './import-deps.ts'
import { importReport } from './import-report.ts'
import { undoImport } from './undo-import.ts'

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
  // How far an import is is written by the clock, in a statement that nobody could count on.
  vi.useFakeTimers({ toFake: ['setInterval'] })
})
afterEach(() => vi.useRealTimers())

class Fault extends Error {}

/** The database that fails in place of its statement number `at`. */
function failingAt(at: number): { deps: ImportDeps } {
  let statements = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1
      if (statements === at) throw new Fault()
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: open.pool }), plugins: [plugin] })
  return { deps: { ...house.deps, db } }
}

const tables = [
  'import',
  'import_item',
  'import_file_chunk',
  'import_progress',
  'finding',
  'vulnerability',
  'vulnerability_event',
] as const
/** Every row but the lines that say that an import failed. */
async function dump(): Promise<string[]> {
  const rows = await Promise.all(
    tables.map(async (table) => {
      const found = await house.db
        .selectFrom(table)
        .selectAll()
        .where('organization_id', '=', house.organizationId)
        .execute()
      const rest = found.filter((row) => !('state' in row && row.state === 'failed'))
      return rest.map((row) => JSON.stringify(row)).toSorted()
    }),
  )
  return rows.flat()
}
const report = (from: number, to: number): string =>
  sarifOf(
    Array.from({ length: to - from }, (_, index) => ({
      file: `src/${from + index}.ts`,
      line: from + index,
      level: from > 0 ? 'note' : 'error',
    })),
  )

/**
 * Runs `work` with a fault at every statement in turn until it is done; while it is not, nothing may have changed. The
 * last statements only read the answer back: a fault there comes after everything was written, once. Answers how many faults left no trace.
 */
async function failEverywhere(
  work: (deps: ImportDeps) => Promise<unknown>,
  isDone: () => Promise<boolean>,
): Promise<number> {
  const before = await dump()
  for (let at = 1; ; at++) {
    const { deps } = failingAt(at)
    try {
      await work(deps)
      throw new Error('No statement was left to fail, and still the work was not seen to be done.')
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
    if (await isDone()) return at - 1
    expect(await dump()).toEqual(before)
  }
}

const take = (deps: ImportDeps, text: string, more: object = {}) =>
  importReport(deps, {
    organizationId: house.organizationId,
    actor: house.actor,
    asset: 'quay',
    body: bodyOf(text),
    ...more,
  })

const countOf = async (state: 'applied' | 'undone'): Promise<number> => {
  const rows = await house.db
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', house.organizationId)
    .where('state', '=', state)
    .execute()
  return rows.length
}

test('an import that dies at any statement leaves nothing of itself', async () => {
  await take(house.deps, report(0, 8))
  const faults = await failEverywhere(
    (deps) => take(deps, report(4, 12)),
    async () => (await countOf('applied')) === 2,
  )
  expect(faults).toBeGreaterThan(10)
  const statuses = await house.db
    .selectFrom('vulnerability')
    .select(['status'])
    .where('organization_id', '=', house.organizationId)
    .execute()
  expect(statuses.filter((row) => row.status === 'fixed')).toHaveLength(4)
  expect(statuses).toHaveLength(12)
})

test('the application of a preview and the undo die as cleanly', async () => {
  await take(house.deps, report(0, 6))
  const preview = await take(house.deps, report(3, 9), { preview: true })
  const decision = { organizationId: house.organizationId, importId: preview.id, actor: house.actor }
  const applying = await failEverywhere(
    (deps) => applyImport(deps, decision),
    async () => (await countOf('applied')) === 2,
  )
  expect(applying).toBeGreaterThan(10)
  const undoing = await failEverywhere(
    (deps) => undoImport(deps, decision),
    async () => (await countOf('undone')) === 1,
  )
  expect(undoing).toBeGreaterThan(8)
})
