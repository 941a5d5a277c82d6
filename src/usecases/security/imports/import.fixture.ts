import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNewId } from '../../../lib/ids.ts'
import { createSecretBox } from '../../../lib/secret-box.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import type { Job } from '../../../store/sync/jobs.ts'
import type { ImportDeps } from './import-deps.ts'

/** An organization with a champion, an asset and everything an import needs; jobs it enqueues are collected. */
export async function createImportFixture(open: OpenDatabase) {
  const newId = createNewId()
  const jobs: Job[] = []
  let time = new Date('2027-03-01T08:00:00Z').getTime()
  const deps: ImportDeps = {
    db: open.db,
    // Each look at the clock is a second later, so that what came first also looks so.
    clock: () => new Date((time += 1000)),
    newId,
    enqueue: async (_tx, more) => {
      jobs.push(...more)
    },
    secretBox: createSecretBox([randomBytes(32)]),
    tempFolder: join(tmpdir(), `weir-import-test-${process.pid}`),
    keepFileDays: 30,
    limits: { maxReportBytes: 8 * 1024 * 1024, maxResults: 20_000 },
  }
  const organizationId = newId()
  const memberId = newId()
  const assetId = newId()
  const { db } = open
  await db.insertInto('organization').values({ organization_id: organizationId, name: 'Harbour' }).execute()
  const member = { organization_id: organizationId, id: memberId, user_id: newId(), role: 'champion' as const }
  await db
    .insertInto('member')
    .values({ ...member, name: 'Ines Okafor', email: 'ines@harbour.example' })
    .execute()
  const asset = { organization_id: organizationId, id: assetId, key: 'quay', name: 'Quay', default_branch: 'main' }
  await db.insertInto('asset').values(asset).execute()
  const actor = { kind: 'member' as const, memberId, name: 'Ines Okafor', tokenId: null }
  return { db, deps, jobs, organizationId, memberId, assetId, actor }
}

/** A body in pieces, as an upload arrives. */
export async function* bodyOf(text: string | Uint8Array, pieceBytes = 50_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

export type FakeResult = {
  rule?: string
  file?: string
  line?: number
  text?: string
  snippet?: string
  level?: string
  fingerprint?: string
  more?: object
}

/** A small SARIF report of an invented scanner. */
export function sarifOf(results: readonly FakeResult[], tool = 'Lantern'): string {
  const rules = [...new Set(results.map((result) => result.rule ?? 'open-door'))].map((id) => ({
    id,
    shortDescription: { text: `About ${id} doors` },
  }))
  const items = results.map((result) => ({
    ruleId: result.rule ?? 'open-door',
    level: result.level ?? 'error',
    message: { text: result.text ?? 'The door is open.' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: result.file ?? 'src/door.ts' },
          region: { startLine: result.line ?? 1, ...(result.snippet && { snippet: { text: result.snippet } }) },
        },
      },
    ],
    ...(result.fingerprint && { partialFingerprints: { 'place/v1': result.fingerprint } }),
    ...result.more,
  }))
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: tool, version: '1.2', rules } }, results: items }],
  })
}
