import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type * as z from 'zod'
import { activityRecord } from '../../../bitbucket/readers/activity.ts'
import { deploymentRecord, environmentRecord } from '../../../bitbucket/readers/deployments.ts'
import { memberRecord } from '../../../bitbucket/readers/members.ts'
import { pipelineRecord } from '../../../bitbucket/readers/pipelines.ts'
import { pullRequestRecord } from '../../../bitbucket/readers/pull-requests.ts'
import { type ReadRecord, readRecord } from '../../../bitbucket/readers/record.ts'
import type { FeedKind } from '../../../domain/delivery/feed-kinds.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { type BadRecord, insertBadRecords, insertRawPage } from '../../../store/delivery/raw-pages.ts'
import { writeActivity } from './write-activity.ts'
import {
  type Writing,
  type Written,
  writeDeployments,
  writeEnvironments,
  writeMembers,
  writePipelines,
  writePullRequests,
} from './write-records.ts'

/** A page of a feed as it came. `repositoryId` is null for what belongs to a workspace. */
export type PageOf = {
  organizationId: string
  feedId: string
  kind: FeedKind
  repositoryId: string | null
  values: readonly unknown[]
  at: Date
  force: boolean
}

/** What a page told: moments of its records in the remote's order, and which of them were news. */
export type Taken = {
  records: number
  bad: { record: BadRecord; value: unknown }[]
  times: Date[]
  news: { time: Date | null; value: unknown }[]
}

/** Longest body of a bad record that is kept, in characters. */
const bodyAtMost = 20_000

/** Understands and writes the records of a page; what makes no sense is answered and stops nothing. */
export async function takeRecords(tx: Db, newId: NewId, page: PageOf): Promise<Taken> {
  const { organizationId, at, force } = page
  const writing = { organizationId, repositoryId: page.repositoryId ?? '', newId, at, force }
  const take = <Entry extends { key: string }>(how: How<Entry>) => takeAs(tx, { page, writing, newId }, how)
  switch (page.kind) {
    case 'pull_requests':
      return take({ schema: pullRequestRecord, write: writePullRequests, timeOf: ({ updatedAt }) => updatedAt })
    case 'activity':
      return take({ schema: activityRecord, write: writeActivity, timeOf: ({ at: moment }) => moment })
    case 'pipelines':
      return take({ schema: pipelineRecord, write: writePipelines, timeOf: ({ startedAt }) => startedAt })
    case 'deployments':
      return take({ schema: deploymentRecord, write: writeDeployments, timeOf: ({ startedAt }) => startedAt })
    case 'environments':
      return take({ schema: environmentRecord, write: writeEnvironments, timeOf: () => null })
    case 'members':
      return take({ schema: memberRecord, write: writeMembers, timeOf: () => null })
    default:
      return page.kind satisfies never
  }
}

type How<Entry extends { key: string }> = {
  schema: z.ZodType<Entry>
  write: (tx: Db, writing: Writing, entries: readonly Entry[]) => Promise<Written>
  timeOf: (entry: Entry) => Date | null
}
type Place = { page: PageOf; writing: Writing; newId: NewId }

async function takeAs<Entry extends { key: string }>(
  tx: Db,
  { page, writing, newId }: Place,
  { schema, write, timeOf }: How<Entry>,
): Promise<Taken> {
  const read = page.values.map((value) => ({ value, record: readRecord(schema, value) }))
  const good = read.flatMap(({ value, record }) => (record.kind === 'entry' ? [{ value, entry: record.entry }] : []))
  const written = await write(
    tx,
    writing,
    good.map(({ entry }) => entry),
  )
  return {
    records: read.length,
    bad: read.flatMap(({ value, record }) =>
      record.kind === 'bad' ? [{ value, record: toBadRecord(newId, record, value) }] : [],
    ),
    times: good.flatMap(({ entry }) => timeOf(entry) ?? []),
    news: good
      .filter(({ entry }) => written.has(entry.key))
      .map(({ value, entry }) => ({ value, time: timeOf(entry) })),
  }
}

function toBadRecord(
  newId: NewId,
  { key, reason }: Extract<ReadRecord<never>, { kind: 'bad' }>,
  value: unknown,
): BadRecord {
  const text = (JSON.stringify(value) ?? 'undefined').replaceAll('\\u0000', '')
  const fingerprint = createHash('sha256').update(text).digest('hex')
  return { id: newId(), remoteKey: key, reason, body: text.slice(0, bodyAtMost).toWellFormed(), fingerprint }
}

type Keeping = { page: PageOf; taken: Taken; isWhole: boolean }

/**
 * Keeps what a page told, compressed: all of a first read (`isWhole`), and later what was news, so that the same is not
 * kept for every look. Answers how many bad records were not known before.
 */
export async function keepPage(tx: Db, newId: NewId, { page, taken, isWhole }: Keeping): Promise<number> {
  const { organizationId, feedId, at } = page
  const kept = isWhole ? page.values : [...taken.news, ...taken.bad].map(({ value }) => value)
  const rawPageId = kept.length === 0 ? null : newId()
  if (rawPageId !== null)
    await insertRawPage(tx, {
      organizationId,
      feedId,
      id: rawPageId,
      readAt: at,
      records: kept.length,
      body: gzipSync(JSON.stringify(kept)),
    })
  return insertBadRecords(
    tx,
    { organizationId, feedId, rawPageId, now: at },
    taken.bad.map(({ record }) => record),
  )
}
