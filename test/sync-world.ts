import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulators/bitbucket/simulator.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { createRemember } from '../src/lib/remember.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { ensureInstance } from '../src/store/access/instance.ts'
import { createSessionLocks } from '../src/store/session-locks.ts'
import type { Enqueue, Job } from '../src/store/sync/jobs.ts'
import { findStatus } from '../src/store/sync/sendable.ts'
import { openConnection } from '../src/usecases/remotes/open-connection.ts'
import { createRequestBudgets } from '../src/usecases/remotes/request-budgets.ts'
import { sealCredential } from '../src/usecases/remotes/stored-credential.ts'
import { createMessage } from '../src/usecases/sync/create-message.ts'
import { listMessages } from '../src/usecases/sync/list-messages.ts'
import { processDelivery } from '../src/usecases/sync/process-delivery.ts'
import { pushDefect } from '../src/usecases/sync/push-defect.ts'
import { reconcileConnection } from '../src/usecases/sync/reconcile-connection.ts'
import { sendVulnerability } from '../src/usecases/sync/send-vulnerability.ts'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'
import { createTestDatabase } from './database.ts'

export type SyncWorld = Awaited<ReturnType<typeof createSyncWorld>>
export type NewProblem = {
  path?: string | null
  line?: number | null
  branch?: string
  commit?: string | null
  title?: string
}

/** An organization connected to a simulated Bitbucket, with everything real but the queue: jobs run when `settle` is called. */
export async function createSyncWorld(options: SimulatorOptions = {}) {
  const open = await createTestDatabase({ poolSize: 8 })
  const simulator = await startSimulator({ mode: '2026', ...options })
  const { db } = open
  const host = new URL(simulator.web).host
  const http = createHttpClient({ allowedPrivateAddresses: [host], timeoutMs: 3000 })
  const log = createLog({ level: 'silent' })
  const state = { offsetMs: 0, jobs: [] as Job[] }
  const clock = () => new Date(Date.now() + state.offsetMs)
  const newId = createNewId()
  const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
  const locks = createSessionLocks({ databaseUrl: open.url, log })
  const budgets = createRequestBudgets({ db, clock })
  const enqueue: Enqueue = async (_tx, jobs) => {
    state.jobs.push(...jobs)
  }
  const deps: SyncDeps = {
    db,
    clock,
    newId,
    enqueue,
    log,
    locks,
    connect: (key) => openConnection({ db, http, secretBox, clock, log, budgets }, key),
    publicUrl: 'https://weir.example',
    remember: createRemember({ clock, ttlMs: 60_000, limit: 500 }),
  }
  const ids = await plant({ open, simulator, secretBox, newId })
  const hook = await listenForHooks({ deps, simulator, ids })
  const person = (username: string) => {
    const user = simulator.users.find((one) => one.username === username)
    if (user === undefined) throw new Error(`There is no ${username} in the simulator.`)
    const authorization = `Basic ${Buffer.from(`${user.email}:${user.api_token}`).toString('base64')}`
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${simulator.api}/repositories/meadow-goods/storefront-api${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    }
    return { user, call }
  }
  const settle = async () => {
    for (let round = 0; round < 40; round++) {
      await simulator.flush()
      await hook.idle()
      const jobs = state.jobs.splice(0)
      const waiting = await db
        .selectFrom('delivery')
        .select('id')
        .where('state', '=', 'received')
        .where('attempts', '=', 0)
        .execute()
      if (jobs.length === 0 && waiting.length === 0) return
      for (const { id } of waiting) await processDelivery(deps, { organizationId: ids.organizationId, deliveryId: id })
      for (const job of jobs) if (job.name === 'push-defect') await pushDefect(deps, job.data)
    }
    throw new Error('The world does not come to rest: something answers itself for ever.')
  }
  const champion = { kind: 'member' as const, memberId: ids.champion, name: 'Carla Champion', tokenId: null }
  const { organizationId } = ids
  const dana = person('tomas-okoye')
  /** Sends a problem and answers what the developer's side sees of it: a place to answer and to look. */
  const sendProblem = async (problem: NewProblem = {}) => {
    const vulnerabilityId = await addProblem({ deps, ids, newId }, problem)
    await sendVulnerability(deps, { organizationId, vulnerabilityId, actor: champion })
    await settle()
    return { vulnerabilityId, ...(await itemOf(vulnerabilityId)) }
  }
  const itemOf = async (vulnerabilityId: string) => {
    const defect = await db
      .selectFrom('defect')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('vulnerability_id', '=', vulnerabilityId)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()
    const [kind, ...parts] = (defect.remote_id ?? '').split(':')
    const isIssue = parts.length === 0
    const path = isIssue
      ? `/issues/${kind}`
      : kind === 'pull_request'
        ? `/pullrequests/${parts[0]}`
        : `/commit/${(defect.remote as { commit: string }).commit}`
    const parent = isIssue ? {} : { parent: { id: Number(parts.at(-1)) } }
    return {
      defectId: defect.id,
      path,
      rootId: parts.at(-1),
      /** The developer answers. */
      answer: async (raw: string): Promise<number> =>
        (await dana.call('POST', `${path}/comments`, { content: { raw }, ...parent })).id,
      /** Texts a reader of Bitbucket finds in this thread, first comment left out. */
      remoteTexts: async (): Promise<string[]> => {
        const listed = await dana.call('GET', `${path}/comments?pagelen=100`)
        return listed.values
          .filter((one: RemoteText) => one.deleted !== true && (one.content.raw ?? '') !== '')
          .filter((one: RemoteText) => isIssue || String(one.parent?.id) === parts.at(-1))
          .map((one: RemoteText) => one.content.raw)
      },
    }
  }
  const thread = async (vulnerabilityId: string) =>
    (await listMessages({ db }, { organizationId, vulnerabilityId, memberId: ids.champion })).items
  return {
    open,
    db,
    simulator,
    champion,
    sendProblem,
    itemOf,
    thread,
    statusOf: async (vulnerabilityId: string) => (await findStatus(db, { organizationId, vulnerabilityId }))?.status,
    say: (vulnerabilityId: string, body: string) =>
      createMessage(deps, { organizationId, vulnerabilityId, actor: champion, body }),
    reconcile: (full = false) => reconcileConnection(deps, { organizationId, connectionId: ids.connectionId, full }),
    operations: async (vulnerabilityId: string) =>
      db.selectFrom('operation').selectAll().where('vulnerability_id', '=', vulnerabilityId).orderBy('id').execute(),
    deliveries: async () =>
      db.selectFrom('delivery').select(['event_key', 'state', 'outcome', 'error']).orderBy('id').execute(),
    deps,
    ids,
    state,
    settle,
    dana,
    bot: person('mara-lind'),
    /** Moves Weir's clock, not the simulator's. */
    later: (ms: number) => {
      state.offsetMs += ms
    },
    addProblem: (problem: NewProblem = {}) => addProblem({ deps, ids, newId }, problem),
    close: async () => {
      await simulator.close()
      await hook.close()
      await locks.close()
      await http.close()
      await open.close()
    },
  }
}

type RemoteText = { deleted?: boolean; content: { raw: string | null }; parent?: { id: number } }
type Ids = Awaited<ReturnType<typeof plant>>
type Planting = {
  open: Awaited<ReturnType<typeof createTestDatabase>>
  simulator: Simulator
  secretBox: ReturnType<typeof createSecretBox>
  newId: () => string
}

async function plant({ open, simulator, secretBox, newId }: Planting) {
  const { db } = open
  await ensureInstance(db, newId())
  const ids = {
    organizationId: newId(),
    champion: newId(),
    admin: newId(),
    developer: newId(),
    connectionId: newId(),
    repositoryId: newId(),
    assetId: newId(),
    importId: newId(),
    webhookId: newId(),
  }
  const organization_id = ids.organizationId
  const mara = simulator.users.find((user) => user.username === 'mara-lind')
  const remote = simulator.repositories.find((one) => one.slug === 'storefront-api')
  if (mara === undefined || remote === undefined) throw new Error('The simulator has other seeds than this test.')
  await db.insertInto('organization').values({ organization_id, name: 'Meadow Goods' }).execute()
  const people = [
    { id: ids.champion, name: 'Carla Champion', role: 'champion' as const },
    { id: ids.admin, name: 'Adam Admin', role: 'admin' as const },
    { id: ids.developer, name: 'Devi Developer', role: 'developer' as const },
  ]
  await db
    .insertInto('member')
    .values(people.map((one) => ({ ...one, organization_id, user_id: newId(), email: `${one.role}@weir.example` })))
    .execute()
  const key = { organizationId: organization_id, connectionId: ids.connectionId }
  const credential = { kind: 'api_token' as const, email: mara.email, token: mara.api_token }
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: ids.connectionId,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Meadow Goods',
      api_url: simulator.api,
      web_url: simulator.web,
      workspace_uuid: simulator.workspace.uuid,
      workspace_slug: simulator.workspace.slug,
      workspace_name: simulator.workspace.name,
      remote_account_uuid: mara.uuid,
      remote_account_name: mara.display_name,
      sealed_credential: sealCredential(secretBox, key, credential),
      state: 'active',
      has_issues: simulator.mode === 'legacy',
    })
    .execute()
  await db
    .insertInto('repository')
    .values({
      organization_id,
      id: ids.repositoryId,
      connection_id: ids.connectionId,
      remote_uuid: remote.uuid,
      workspace_uuid: simulator.workspace.uuid,
      workspace_slug: simulator.workspace.slug,
      slug: remote.slug,
      name: remote.slug,
      main_branch: 'main',
      has_issues: simulator.mode === 'legacy',
      web_url: `${simulator.web}/meadow-goods/storefront-api`,
    })
    .execute()
  const asset = {
    organization_id,
    id: ids.assetId,
    key: 'storefront-api',
    name: 'Storefront API',
    default_branch: 'main',
  }
  await db
    .insertInto('asset')
    .values({ ...asset, repository_id: ids.repositoryId })
    .execute()
  await db
    .insertInto('import')
    .values({
      organization_id,
      id: ids.importId,
      asset_id: ids.assetId,
      branch: 'main',
      state: 'applied',
      file_name: 'report.sarif',
      file_sha256: 'none',
      file_bytes: 1,
      source: 'api',
    })
    .execute()
  await db
    .insertInto('webhook')
    .values({
      organization_id,
      id: ids.webhookId,
      connection_id: ids.connectionId,
      subject: 'workspace',
      url: 'http://localhost/',
      sealed_secret: 'none',
      events: [],
      health: 'ok',
    })
    .execute()
  return ids
}

/** Stores what the simulator delivers, as accepting does after its checks of signature. */
async function listenForHooks({ deps, simulator, ids }: { deps: SyncDeps; simulator: Simulator; ids: Ids }) {
  const running = new Set<Promise<unknown>>()
  const server: Server = createServer((request, response) => {
    const work = (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const body = Buffer.concat(chunks)
      await deps.db
        .insertInto('delivery')
        .values({
          organization_id: ids.organizationId,
          id: deps.newId(),
          webhook_id: ids.webhookId,
          connection_id: ids.connectionId,
          remote_delivery_id: String(request.headers['x-request-uuid']),
          event_key: String(request.headers['x-event-key']),
          body,
          body_sha256: createHash('sha256').update(body).digest('hex'),
          state: 'received',
          received_at: deps.clock(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      response.writeHead(202).end()
    })()
    running.add(work)
    void work.finally(() => running.delete(work))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const [workspace] = simulator.sim.workspaces
  if (workspace === undefined) throw new Error('The simulator has no workspace.')
  simulator.sim.hooks.push({
    uuid: '{0f0f0f0f-0000-4000-8000-000000000001}',
    url: `http://127.0.0.1:${port}/`,
    description: 'Weir (test)',
    active: true,
    events: [
      'pullrequest:comment_created',
      'pullrequest:comment_updated',
      'pullrequest:comment_deleted',
      'pullrequest:comment_resolved',
      'pullrequest:comment_reopened',
      'pullrequest:updated',
      'repo:commit_comment_created',
      'issue:created',
      'issue:updated',
      'issue:comment_created',
    ],
    secret: null,
    skipCertVerification: false,
    subject: { kind: 'workspace', workspace },
    createdAt: new Date().toISOString(),
  })
  return {
    idle: async () => {
      await Promise.all(running)
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function addProblem(
  { deps, ids, newId }: { deps: SyncDeps; ids: Ids; newId: () => string },
  problem: NewProblem,
): Promise<string> {
  const id = newId()
  const now = deps.clock()
  const { next_vulnerability_number: number } = await deps.db
    .updateTable('organization')
    .set((set) => ({ next_vulnerability_number: set('next_vulnerability_number', '+', 1) }))
    .where('organization_id', '=', ids.organizationId)
    .returning('next_vulnerability_number')
    .executeTakeFirstOrThrow()
  const path = problem.path === undefined ? 'src/routes/orders.js' : problem.path
  const line = problem.line === undefined ? 15 : problem.line
  const title = problem.title ?? 'SQL built from user input'
  const shared = { organization_id: ids.organizationId, asset_id: ids.assetId, branch: problem.branch ?? 'main' }
  await deps.db
    .insertInto('vulnerability')
    .values({
      ...shared,
      id,
      number: number - 1,
      title,
      severity: 'high',
      severity_source: 'tool',
      scanner: 'semgrep',
      rule_id: 'js.sql-injection',
      path,
      line,
      status: 'identified',
      opened_at: now,
      last_seen_at: now,
    })
    .execute()
  await deps.db
    .insertInto('finding')
    .values({
      ...shared,
      id: newId(),
      vulnerability_id: id,
      scanner: 'semgrep',
      format: 'sarif',
      rule_id: 'js.sql-injection',
      title,
      message: 'The query is put together with + from a request parameter.',
      severity: 'high',
      path,
      start_line: line,
      content_key: id,
      body_hash: id,
      commit_hash: problem.commit ?? null,
      first_import_id: ids.importId,
      last_import_id: ids.importId,
      last_step: 'new',
    })
    .execute()
  return id
}
