import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNewId } from '../src/lib/ids.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { type Db, openDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { sealWebhookSecret } from '../src/usecases/remotes/webhook-secret.ts'
import { type Child, startChild } from './child.ts'
import { median, percentile, round2 } from './percentile.ts'
import { makeMessages, sendAll, sendAtRate } from './webhook-load.ts'

/** `lost` is what was acknowledged but neither processed nor ignored with a reason once the worker was through. */
export type WebhookMeasures = {
  accepted_per_s: number
  baseline_per_s: number
  ratio: number
  p50_ms: number
  p99_ms: number
  baseline_p99_ms: number
  max_ms: number
  baseline_max_ms: number
  accepted: number
  stored: number
  processed: number
  lost: number
}

/** The same for both servers. */
const connections = 32
const perRound = 1500
/** Until the compiler has seen the hot path of both. */
const warmUp = 3000
const steadySeconds = 3
const processedWithinMs = 180_000

/**
 * Webhook acknowledgements a second of Weir (signature, dedupe, the delivery in one durable commit, then its wake-up)
 * beside a bare HTTP server with one durable insert, in turns on the same PostgreSQL with fsync on; then the latency of
 * both at a steady rate; then a worker processes everything, and what is missing is counted.
 */
export async function benchWebhook(say: (line: string) => void = () => undefined): Promise<WebhookMeasures> {
  return measureAcknowledgements({ say, rounds: 9, steadyPerS: 200 })
}

export type Acknowledging = { say: (line: string) => void; rounds: number; steadyPerS: number }

/** The same with the rate at which latencies are taken, and how often everything is done. */
export async function measureAcknowledgements({ say, ...how }: Acknowledging): Promise<WebhookMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  const open = await openDatabase({ dataFolder: folder }, { poolSize: 2 })
  const children: Child[] = []
  try {
    await migrate(open.pool)
    const key = randomBytes(32)
    const hook = await insertWebhook(open.db, key)
    const env = {
      DATABASE_URL: open.url,
      WEIR_DATA_FOLDER: folder,
      WEIR_SECRET_KEY: key.toString('base64'),
      WEIR_HOST: '127.0.0.1',
      WEIR_PORT: '0',
      WEIR_LOG_LEVEL: 'error',
    }
    const start = async (script: string, extra: Record<string, string>, ready: RegExp): Promise<Child> => {
      const child = await startChild(script, { ...env, ...extra }, ready)
      children.push(child)
      return child
    }
    const weir = await start('src/main.ts', { WEIR_ROLES: 'web' }, /running at (http:\S+)/)
    const baseline = await startChild(
      'bench/webhook-baseline.ts',
      { DATABASE_URL: open.url },
      /listening at (http:\S+)/,
    )
    children.push(baseline)
    const load = await measure({
      weir: { url: `${weir.url}${hook.path}`, connections },
      baseline: { url: `${baseline.url}/`, connections },
      secret: hook.secret,
      say,
      ...how,
    })
    await Promise.all(children.splice(0).map((child) => child.stop()))
    await start('src/main.ts', { WEIR_ROLES: 'worker' }, /(working as)/)
    const { stored, processed } = await waitUntilProcessed(open.db, say)
    return { ...load, stored, processed, lost: load.accepted - processed }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await open.close()
    await rm(folder, { recursive: true, force: true })
  }
}

type Load = Omit<WebhookMeasures, 'stored' | 'processed' | 'lost'>

type Servers = Acknowledging & { weir: Server; baseline: Server; secret: string }
type Server = { url: string; connections: number }

async function measure(servers: Servers): Promise<Load> {
  const { weir, baseline, secret } = servers
  const warmed = await sendAll(weir, makeMessages(warmUp, secret))
  await sendAll(baseline, makeMessages(warmUp, secret))
  const full = await measureFullLoad(servers)
  const steady = await measureSteadyLoad(servers)
  return { ...full, ...steady, accepted: warmed.accepted + full.accepted + steady.accepted }
}

async function measureFullLoad({ weir, baseline, secret, say, rounds }: Servers) {
  let accepted = 0
  const rates: { weir: number; baseline: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const bare = await sendAll(baseline, makeMessages(perRound, secret))
    const ours = await sendAll(weir, makeMessages(perRound, secret))
    accepted += ours.accepted
    rates.push({ weir: ours.perS, baseline: bare.perS })
    say(`round ${round + 1}: Weir ${Math.round(ours.perS)}/s, bare server ${Math.round(bare.perS)}/s`)
  }
  return {
    accepted,
    accepted_per_s: Math.round(median(rates.map((rate) => rate.weir))),
    baseline_per_s: Math.round(median(rates.map((rate) => rate.baseline))),
    ratio: round2(median(rates.map((rate) => rate.weir / rate.baseline))),
  }
}

/** Medians over the rounds: a disk that stalls for 200 ms now and then, as shared ones do, decides one round, not all. */
async function measureSteadyLoad({ weir, baseline, secret, say, rounds, steadyPerS }: Servers) {
  const load = () => makeMessages(steadyPerS * steadySeconds, secret)
  let accepted = 0
  const ours: Latencies[] = []
  const bare: Latencies[] = []
  for (let round = 0; round < rounds; round += 1) {
    bare.push(toLatencies(await sendAtRate({ ...baseline, perS: steadyPerS }, load())))
    const answered = await sendAtRate({ ...weir, perS: steadyPerS }, load())
    accepted += answered.accepted
    ours.push(toLatencies(answered))
    say(`at ${steadyPerS}/s, p99: Weir ${ours.at(-1)?.p99Ms} ms, bare server ${bare.at(-1)?.p99Ms} ms`)
  }
  return {
    accepted,
    p50_ms: round2(median(ours.map((round) => round.p50Ms))),
    p99_ms: round2(median(ours.map((round) => round.p99Ms))),
    baseline_p99_ms: round2(median(bare.map((round) => round.p99Ms))),
    max_ms: round2(Math.max(...ours.map((round) => round.maxMs))),
    baseline_max_ms: round2(Math.max(...bare.map((round) => round.maxMs))),
  }
}

type Latencies = { p50Ms: number; p99Ms: number; maxMs: number }

function toLatencies({ latenciesMs }: { latenciesMs: readonly number[] }): Latencies {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  return { p50Ms: percentile(sorted, 0.5), p99Ms: round2(percentile(sorted, 0.99)), maxMs: sorted.at(-1) ?? 0 }
}

async function waitUntilProcessed(db: Db, say: (line: string) => void): Promise<{ stored: number; processed: number }> {
  const endMs = performance.now() + processedWithinMs
  for (;;) {
    const rows = await db
      .selectFrom('delivery')
      .select(['state', (count) => count.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute()
    const stored = rows.reduce((sum, row) => sum + row.count, 0)
    const waiting = rows.find((row) => row.state === 'received')?.count ?? 0
    if (waiting === 0 || performance.now() > endMs) {
      say(`processed ${stored - waiting} of ${stored}`)
      const failed = rows.find((row) => row.state === 'failed')?.count ?? 0
      return { stored, processed: stored - waiting - failed }
    }
    await sleep(500)
  }
}

/** A connection nobody can use, with one hook whose secret is known here. */
async function insertWebhook(db: Db, key: Uint8Array): Promise<{ path: string; secret: string }> {
  const newId = createNewId()
  const box = createSecretBox([key])
  const [organizationId, connectionId, webhookId] = [newId(), newId(), newId()]
  const secret = randomBytes(32).toString('base64url')
  const path = `/hooks/bitbucket/${organizationId}/${webhookId}`
  await db.insertInto('organization').values({ organization_id: organizationId, name: 'Bench' }).execute()
  await db
    .insertInto('connection')
    .values({
      organization_id: organizationId,
      id: connectionId,
      kind: 'bitbucket',
      auth_kind: 'access_token',
      name: 'Bench',
      api_url: 'https://api.bitbucket.invalid/2.0',
      web_url: 'https://bitbucket.invalid',
      sealed_credential: 'none',
      state: 'active',
    })
    .execute()
  await db
    .insertInto('webhook')
    .values({
      organization_id: organizationId,
      id: webhookId,
      connection_id: connectionId,
      subject: 'workspace',
      url: `http://127.0.0.1${path}`,
      sealed_secret: sealWebhookSecret(box, { organizationId, webhookId }, secret),
      events: ['pullrequest:updated'],
      health: 'ok',
    })
    .execute()
  return { path, secret }
}
