import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { findReadFeed, lockFeed, updateFeed } from '../../../store/delivery/feeds.ts'
import { deleteBadRecords, insertBadRecords, listRawPages, type RawPage } from '../../../store/delivery/raw-pages.ts'
import type { ReadingDeps } from './reading-deps.ts'
import { takeRecords } from './take-page.ts'

export type RecomputeOutcome = { pages: number; records: number; bad: number }

/** Pages held in memory at once. */
const batch = 20
const values = z.array(z.unknown())

/** Understands every answer that was kept anew, in the order they came, and asks the remote for nothing. */
export async function recompute(
  deps: Pick<ReadingDeps, 'db' | 'clock' | 'newId'>,
  { organizationId, onPage }: { organizationId: string; onPage?: (done: RecomputeOutcome) => void },
): Promise<RecomputeOutcome> {
  const done = { pages: 0, records: 0, bad: 0 }
  let after: string | null = null
  for (;;) {
    const pages: RawPage[] = await listRawPages(deps.db, { organizationId, after, limit: batch })
    for (const page of pages) {
      const { records, bad } = await readAgain(deps, organizationId, page)
      done.pages += 1
      done.records += records
      done.bad += bad
      onPage?.(done)
      after = page.id
    }
    if (pages.length < batch) return done
  }
}

async function readAgain(
  deps: Pick<ReadingDeps, 'db' | 'clock' | 'newId'>,
  organizationId: string,
  page: RawPage,
): Promise<{ records: number; bad: number }> {
  const key = { organizationId, feedId: page.feedId }
  return deps.db.transaction().execute(async (tx) => {
    const feed = await findReadFeed(tx, key)
    const held = await lockFeed(tx, key)
    if (feed === undefined || held === undefined) return { records: 0, bad: 0 }
    const read = values.parse(JSON.parse(gunzipSync(page.body).toString('utf8')))
    const before = await deleteBadRecords(tx, { organizationId, rawPageId: page.id })
    const of = { ...key, kind: feed.kind, repositoryId: held.repository_id, values: read, at: page.readAt, force: true }
    const taken = await takeRecords(tx, deps.newId, of)
    const records = taken.bad.map(({ record }) => record)
    const bad = await insertBadRecords(tx, { ...key, rawPageId: page.id, now: page.readAt }, records)
    await updateFeed(tx, { ...key, now: deps.clock() }, { records_bad: held.records_bad - before + bad })
    return { records: taken.records, bad: taken.bad.length }
  })
}
