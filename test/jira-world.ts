import { documentToText } from '../simulators/jira/adf/document-to-text.ts'
import { type Simulator, startSimulator } from '../simulators/jira/simulator.ts'
import type { Switches } from '../simulators/jira/switches.ts'
import { asker, basic, says, userOf } from '../simulators/jira/try-api.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { createRemember } from '../src/lib/remember.ts'
import { createSecretBox, type SecretBox } from '../src/lib/secret-box.ts'
import { ensureInstance } from '../src/store/access/instance.ts'
import type { Db, OpenDatabase } from '../src/store/db.ts'
import { createSessionLocks } from '../src/store/session-locks.ts'
import type { Enqueue, Job } from '../src/store/sync/jobs.ts'
import { findStatus } from '../src/store/sync/sendable.ts'
import { openConnection, openJiraConnection } from '../src/usecases/remotes/open-connection.ts'
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
import { insertImportAndWebhook } from './insert-import-and-webhook.ts'
import { insertProblem, type NewProblem } from './insert-problem.ts'
import { receiveDeliveries } from './receive-deliveries.ts'

export type JiraWorld = Awaited<ReturnType<typeof createJiraWorld>>

/** An organization whose default route leads to a simulated Jira; jobs run when `settle` is called. */
type JiraWorldOptions = { settings: object; switches?: Partial<Switches>; database?: OpenDatabase }

export async function createJiraWorld({ settings, switches, database }: JiraWorldOptions) {
  const open = database ?? (await createTestDatabase({ poolSize: 8 }))
  const simulator = await startSimulator({ ...(switches !== undefined && { switches }) })
  const { db } = open
  const http = createHttpClient({ allowedPrivateAddresses: [new URL(simulator.site).host], timeoutMs: 3000 })
  const log = createLog({ level: 'silent' })
  const state = { offsetMs: 0, jobs: [] as Job[] }
  const clock = () => new Date(Date.now() + state.offsetMs)
  const newId = createNewId()
  const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
  const locks = createSessionLocks({ databaseUrl: open.url, log })
  const remotes = { db, http, secretBox, clock, log, budgets: createRequestBudgets({ db, clock }) }
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
    connect: (key) => openConnection(remotes, key),
    connectJira: (key) => openJiraConnection(remotes, key),
    publicUrl: 'https://weir.example',
    remember: createRemember({ clock, ttlMs: 60_000, limit: 500 }),
    secretBox,
  }
  const ids = await insertJiraOrganization({ db, simulator, secretBox, newId, settings })
  const hook = await listenForHooks({ deps, simulator, ids })
  const { organizationId, connectionId } = ids
  const settle = async () => {
    for (let round = 0; round < 40; round++) {
      await simulator.flush()
      await hook.idle()
      const jobs = state.jobs.splice(0).filter(({ notBefore }) => notBefore === undefined || notBefore <= clock())
      const waiting = await db
        .selectFrom('delivery')
        .select('id')
        .where('state', '=', 'received')
        .where('attempts', '=', 0)
        .execute()
      if (jobs.length === 0 && waiting.length === 0) return
      for (const { id } of waiting) await processDelivery(deps, { organizationId, deliveryId: id })
      for (const job of jobs) if (job.name === 'push-defect') await pushDefect(deps, job.data)
    }
    throw new Error('The world does not come to rest: something answers itself for ever.')
  }
  const champion = { kind: 'member' as const, memberId: ids.champion, name: 'Carla Champion', tokenId: null }
  const ask = (name: string) => {
    const user = userOf(simulator, name)
    return asker(simulator.site, basic(user.email, user.api_token))
  }
  const dana = ask('tomas')
  const defectOf = (vulnerabilityId: string) =>
    db
      .selectFrom('defect')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('vulnerability_id', '=', vulnerabilityId)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()
  const issueOf = async (vulnerabilityId: string) => {
    const { remote_id: id } = await defectOf(vulnerabilityId)
    const issue = simulator.sim.issues.find((one) => one.id === id)
    if (issue === undefined) throw new Error(`There is no issue ${id}.`)
    return issue
  }
  return {
    open,
    db,
    deps,
    ids,
    simulator,
    champion,
    settle,
    ask,
    dana,
    defectOf,
    issueOf,
    /** Moves Weir's clock, not the simulator's. */
    later: (ms: number) => {
      state.offsetMs += ms
    },
    push: async (vulnerabilityId: string) =>
      pushDefect(deps, { organizationId, defectId: (await defectOf(vulnerabilityId)).id }),
    addProblem: (problem: NewProblem = {}) => insertProblem({ deps, ids, newId }, problem),
    send: async (vulnerabilityId: string) => {
      await sendVulnerability(deps, { organizationId, vulnerabilityId, actor: champion })
      await settle()
    },
    say: (vulnerabilityId: string, body: string, parentId?: string) =>
      createMessage(deps, { organizationId, vulnerabilityId, actor: champion, body, parentId }),
    /** The developer comments; answers the comment's id. */
    answer: async (vulnerabilityId: string, text: string): Promise<string> =>
      String(
        (await dana('POST', `/issue/${(await issueOf(vulnerabilityId)).id}/comment`, { body: says(text) })).at('id'),
      ),
    remoteTexts: async (vulnerabilityId: string) =>
      (await issueOf(vulnerabilityId)).comments.map(({ body }) => documentToText(body)),
    /** A person takes a step of the workflow. */
    step: async (vulnerabilityId: string, transition: string) => {
      const { id } = await issueOf(vulnerabilityId)
      const { status } = await dana('POST', `/issue/${id}/transitions`, { transition: { id: transition } })
      if (status !== 204) throw new Error(`The step ${transition} was answered with ${status}.`)
    },
    thread: async (vulnerabilityId: string) =>
      (await listMessages({ db }, { organizationId, vulnerabilityId, memberId: ids.champion })).items,
    statusOf: async (vulnerabilityId: string) => (await findStatus(db, { organizationId, vulnerabilityId }))?.status,
    operations: (vulnerabilityId: string) =>
      db.selectFrom('operation').selectAll().where('vulnerability_id', '=', vulnerabilityId).orderBy('id').execute(),
    reconcile: (full = false) => reconcileConnection(deps, { organizationId, connectionId, full }),
    close: async () => {
      await simulator.close()
      await hook.close()
      await locks.close()
      await http.close()
      await open.close()
    },
  }
}

type Planting = { db: Db; simulator: Simulator; secretBox: SecretBox; newId: () => string; settings: object }

async function insertJiraOrganization({ db, simulator, secretBox, newId, settings }: Planting) {
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
  const user = userOf(simulator, 'sync')
  await db.insertInto('organization').values({ organization_id, name: 'Meadow Goods' }).execute()
  const people = [
    { id: ids.champion, name: 'Carla Champion', role: 'champion' as const },
    { id: ids.admin, name: 'Adam Admin', role: 'admin' as const },
  ]
  await db
    .insertInto('member')
    .values(people.map((one) => ({ ...one, organization_id, user_id: newId(), email: `${one.role}@weir.example` })))
    .execute()
  const key = { organizationId: organization_id, connectionId: ids.connectionId }
  const credential = { kind: 'api_token' as const, email: user.email, token: user.api_token }
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: ids.connectionId,
      kind: 'jira',
      auth_kind: 'api_token',
      name: 'Meadow Goods Jira',
      api_url: simulator.site,
      web_url: simulator.site,
      workspace_uuid: simulator.cloud_id,
      workspace_slug: new URL(simulator.site).host,
      workspace_name: 'meadow-goods',
      remote_account_uuid: user.account_id,
      remote_account_name: user.display_name,
      sealed_credential: sealCredential(secretBox, key, credential),
      state: 'active',
      has_issues: false,
    })
    .execute()
  const asset = { organization_id, id: ids.assetId, key: 'storefront', name: 'Storefront', default_branch: 'main' }
  await db.insertInto('asset').values(asset).execute()
  await insertImportAndWebhook(db, ids)
  await db
    .insertInto('route')
    .values({
      organization_id,
      id: newId(),
      tracker: 'jira',
      connection_id: ids.connectionId,
      settings: JSON.stringify(settings),
    })
    .execute()
  return ids
}

type Listening = {
  deps: SyncDeps
  simulator: Simulator
  ids: { organizationId: string; webhookId: string; connectionId: string }
}

/** Has the simulated Jira deliver to this test. */
async function listenForHooks({ deps, simulator, ids }: Listening) {
  const receiving = await receiveDeliveries({
    deps,
    ids,
    readHeader: (headers, body) => ({
      remoteDeliveryId: String(headers['x-atlassian-webhook-identifier']),
      eventKey: String(JSON.parse(body.toString('utf8')).webhookEvent),
    }),
  })
  const mara = userOf(simulator, 'mara')
  await asker(simulator.site, basic(mara.email, mara.api_token))('POST', '/rest/webhooks/1.0/webhook', {
    name: 'Weir (test)',
    url: receiving.url,
    events: ['jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated', 'comment_deleted'],
  })
  return receiving
}
