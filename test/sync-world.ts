import { type SimulatorOptions, startSimulator } from '../simulators/bitbucket/simulator.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { createRemember } from '../src/lib/remember.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import type { OpenDatabase } from '../src/store/db.ts'
import { createSessionLocks } from '../src/store/session-locks.ts'
import type { Enqueue, Job } from '../src/store/sync/jobs.ts'
import { findStatus } from '../src/store/sync/sendable.ts'
import { openConnection, openJiraConnection } from '../src/usecases/remotes/open-connection.ts'
import { createRequestBudgets } from '../src/usecases/remotes/request-budgets.ts'
import { reportCommit } from '../src/usecases/sync/commit-reports/report-commit.ts'
import { createMessage } from '../src/usecases/sync/create-message.ts'
import { listMessages } from '../src/usecases/sync/list-messages.ts'
import { processDelivery } from '../src/usecases/sync/process-delivery.ts'
import { pushDefect } from '../src/usecases/sync/push-defect.ts'
import { reconcileConnection } from '../src/usecases/sync/reconcile-connection.ts'
import { sendVulnerability } from '../src/usecases/sync/send-vulnerability.ts'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'
import { insertConnectedOrganization } from './connected-organization.ts'
import { createTestDatabase } from './database.ts'
import { listenForHooks } from './hook-listener.ts'
import { insertProblem, type NewProblem } from './insert-problem.ts'

export type SyncWorld = Awaited<ReturnType<typeof createSyncWorld>>
type RemoteText = { id: number; deleted?: boolean; content: { raw: string | null }; parent?: { id: number } }

/**
 * An organization connected to a simulated Bitbucket, with everything real but the queue: jobs run when `settle` is called.
 * `database`: a migrated one to use in place of a new one; it is closed with the world.
 */
export async function createSyncWorld(options: SimulatorOptions & { database?: OpenDatabase } = {}) {
  const open = options.database ?? (await createTestDatabase({ poolSize: 8 }))
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
    connectJira: (key) => openJiraConnection({ db, http, secretBox, clock, log, budgets }, key),
    publicUrl: 'https://weir.example',
    remember: createRemember({ clock, ttlMs: 60_000, limit: 500 }),
    secretBox,
  }
  const ids = await insertConnectedOrganization({ db, simulator, secretBox, newId })
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
      // Wake-ups for later are left out: a test that wants them moves the clock and pushes.
      const jobs = state.jobs.splice(0).filter(({ notBefore }) => notBefore === undefined || notBefore <= clock())
      const waiting = await db
        .selectFrom('delivery')
        .select('id')
        .where('state', '=', 'received')
        .where('attempts', '=', 0)
        .execute()
      if (jobs.length === 0 && waiting.length === 0) return
      for (const { id } of waiting) await processDelivery(deps, { organizationId: ids.organizationId, deliveryId: id })
      for (const job of jobs) {
        if (job.name === 'push-defect') await pushDefect(deps, job.data)
        if (job.name === 'report-commit') await reportCommit(deps, job.data)
      }
    }
    throw new Error('The world does not come to rest: something answers itself for ever.')
  }
  const champion = { kind: 'member' as const, memberId: ids.champion, name: 'Carla Champion', tokenId: null }
  const { organizationId } = ids
  const dana = person('tomas-okoye')
  const send = async (vulnerabilityId: string) => {
    await sendVulnerability(deps, { organizationId, vulnerabilityId, actor: champion })
    await settle()
  }
  /** Sends a problem and answers what the developer's side sees of it: a place to answer and to look. */
  const sendProblem = async (problem: NewProblem = {}) => {
    const vulnerabilityId = await insertProblem({ deps, ids, newId }, problem)
    await send(vulnerabilityId)
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
        const listed: RemoteText[] = (await dana.call('GET', `${path}/comments?pagelen=100`)).values
        // Answers to answers have the one above them as their parent.
        const above = new Map(listed.map((one) => [one.id, one.parent?.id]))
        const isBelow = (id: number | undefined): boolean =>
          id !== undefined && (String(id) === parts.at(-1) || isBelow(above.get(id)))
        return listed
          .filter((one) => one.deleted !== true && (one.content.raw ?? '') !== '')
          .filter((one) => isIssue || isBelow(one.parent?.id))
          .map((one) => one.content.raw ?? '')
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
    send,
    sendProblem,
    itemOf,
    thread,
    statusOf: async (vulnerabilityId: string) => (await findStatus(db, { organizationId, vulnerabilityId }))?.status,
    say: (vulnerabilityId: string, body: string, how: { parentId?: string | undefined; internal?: boolean } = {}) =>
      createMessage(deps, { organizationId, vulnerabilityId, actor: champion, body, ...how }),
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
    addProblem: (problem: NewProblem = {}) => insertProblem({ deps, ids, newId }, problem),
    close: async () => {
      await simulator.close()
      await hook.close()
      await locks.close()
      await http.close()
      await open.close()
    },
  }
}
