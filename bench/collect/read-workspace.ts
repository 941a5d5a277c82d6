import { performance } from 'node:perf_hooks'
import { uncountedBudget } from '../../src/domain/request-budget.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { createHttpClient } from '../../src/lib/http-client.ts'
import { createNewId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import { createSecretBox } from '../../src/lib/secret-box.ts'
import type { OpenDatabase } from '../../src/store/db.ts'
import { wakeFeeds } from '../../src/store/delivery/feeds.ts'
import { createSessionLocks } from '../../src/store/session-locks.ts'
import { ensureFeeds } from '../../src/usecases/delivery/reading/ensure-feeds.ts'
import { readConnection } from '../../src/usecases/delivery/reading/read-connection.ts'
import type { ReadingDeps } from '../../src/usecases/delivery/reading/reading-deps.ts'
import { openConnection } from '../../src/usecases/remotes/open-connection.ts'
import { sealCredential } from '../../src/usecases/remotes/stored-credential.ts'
import type { Told } from '../collect.ts'

const sayEvery = 200

/** Reads everything once and looks once more. The budget of the hour is left out: it only spreads the same requests. */
export async function readWorkspace(open: OpenDatabase, told: Told, say: (line: string) => void) {
  const { db } = open
  const log = createLog({ level: 'warn' })
  const http = createHttpClient({ allowedPrivateAddresses: ['127.0.0.0/8'], log })
  const locks = createSessionLocks({ databaseUrl: open.url, log })
  const newId = createNewId()
  const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
  const state = { requests: 0, peak: 0 }
  const budgets = { of: () => uncountedBudget }
  const connect: ReadingDeps['connect'] = ({ onRequest, ...key }) =>
    openConnection(
      { db, http, secretBox, clock: systemClock, log, budgets },
      {
        ...key,
        onRequest: () => {
          state.requests += 1
          state.peak = Math.max(state.peak, process.memoryUsage.rss())
          if (state.requests % sayEvery === 0) say(`${state.requests} requests`)
          onRequest?.()
        },
      },
    )
  const deps: ReadingDeps = { db, clock: systemClock, newId, log, locks, connect }
  try {
    const key = await plantConnection(open, told, { newId, secretBox })
    await ensureFeeds(deps, key)
    const baseMb = megabytes(process.memoryUsage.rss())
    const begun = performance.now()
    const outcome = await readConnection(deps, key)
    const wallS = (performance.now() - begun) / 1000
    if (outcome.kind !== 'done') throw new Error(`reading ended: ${JSON.stringify(outcome)}`)
    const requests = state.requests
    const byKind = await countByKind(open)
    await wakeFeeds(db, { ...key, now: systemClock() })
    await readConnection(deps, key)
    const peakMb = megabytes(state.peak)
    const rows = await countRows(open)
    return {
      requests,
      ...byKind,
      wallS,
      increment_requests: state.requests - requests,
      base_mb: baseMb,
      peak_mb: peakMb,
      ...rows,
    }
  } finally {
    await locks.close()
    await http.close()
  }
}

type Planting = { newId: () => string; secretBox: ReturnType<typeof createSecretBox> }

async function plantConnection({ db }: OpenDatabase, told: Told, { newId, secretBox }: Planting) {
  const [user] = told.users
  if (user === undefined) throw new Error('The simulator has no people.')
  const key = { organizationId: newId(), connectionId: newId() }
  const organization_id = key.organizationId
  await db.insertInto('organization').values({ organization_id, name: 'Bench' }).execute()
  const credential = { kind: 'api_token' as const, email: user.email, token: user.api_token }
  const { uuid: workspace_uuid, slug: workspace_slug } = told.workspace
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: key.connectionId,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Bench',
      api_url: told.api,
      web_url: told.web,
      workspace_uuid,
      workspace_slug,
      workspace_name: workspace_slug,
      sealed_credential: sealCredential(secretBox, key, credential),
      state: 'active',
    })
    .execute()
  await db
    .insertInto('repository')
    .values(
      told.repositories.map(({ slug, uuid }) => ({
        organization_id,
        id: newId(),
        connection_id: key.connectionId,
        remote_uuid: uuid,
        workspace_uuid,
        workspace_slug,
        slug,
        name: slug,
        web_url: `${told.web}/${workspace_slug}/${slug}`,
      })),
    )
    .execute()
  return key
}

async function countRows({ pool }: OpenDatabase) {
  const { rows } = await pool.query<{
    pull_requests: number
    events: number
    pipelines: number
    deployments: number
    bad_records: number
    raw_mb: number
  }>(`select (select count(*) from pull_request)::integer as pull_requests,
    (select count(*) from pull_request_event)::integer as events, (select count(*) from pipeline)::integer as pipelines,
    (select count(*) from deployment)::integer as deployments, (select count(*) from bad_record)::integer as bad_records,
    (select coalesce(sum(length(body)), 0) / 1048576.0 from raw_page)::integer as raw_mb`)
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was counted.')
  return row
}

/** Requests that each feed says it spent. */
async function countByKind({ pool }: OpenDatabase): Promise<Record<`requests_${string}`, number>> {
  const { rows } = await pool.query<{ kind: string; requests: number }>(
    `select kind, sum(requests_spent)::integer as requests from feed where kind <> 'commits' group by kind order by kind`,
  )
  return Object.fromEntries(rows.map(({ kind, requests }) => [`requests_${kind}` as const, requests]))
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}
