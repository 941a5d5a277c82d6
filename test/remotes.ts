import { randomBytes } from 'node:crypto'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulators/bitbucket/simulator.ts'
import type { Clock } from '../src/lib/clock.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import type { Db, OpenDatabase } from '../src/store/db.ts'
import type { Job } from '../src/store/sync/jobs.ts'
import { createConnection } from '../src/usecases/remotes/create-connection.ts'
import { createRequestBudgets } from '../src/usecases/remotes/request-budgets.ts'
import type { ConnectDeps } from '../src/usecases/remotes/save-connection.ts'
import { createTestDatabase } from './database.ts'

/** A clock that tests turn. */
export type TurnedClock = { clock: Clock; advance: (ms: number) => void }

export function createTurnedClock(start = new Date()): TurnedClock {
  let ms = start.getTime()
  return {
    clock: () => new Date(ms),
    advance: (by) => {
      ms += by
    },
  }
}

/** A database, a simulated Bitbucket, one organization with an administrator, and what remote use cases need. */
export type RemotesRig = {
  open: OpenDatabase
  db: Db
  simulator: Simulator
  deps: ConnectDeps
  /** Everything enqueued so far. */
  jobs: Job[]
  organizationId: string
  memberId: string
  actor: { kind: 'member'; memberId: string; name: string; tokenId: null; ipAddress: null }
  /** Connects with an API token of a simulated person; the workspace's owner by default. */
  connect: (username?: string) => Promise<string>
  close: () => Promise<void>
}

export type RemotesRigOptions = SimulatorOptions & { turned?: TurnedClock; publicUrl?: string; database?: OpenDatabase }

export async function createRemotesRig(options: RemotesRigOptions = {}): Promise<RemotesRig> {
  const { turned, publicUrl = 'https://weir.example.org', database, ...simulatorOptions } = options
  const open = database ?? (await createTestDatabase({ poolSize: 8 }))
  const clock = turned?.clock ?? (() => new Date())
  const simulator = await startSimulator({
    ...simulatorOptions,
    ...(turned && { clock: () => turned.clock().getTime() }),
    callbackUrl: `${publicUrl}/oauth/bitbucket/callback`,
  })
  const newId = createNewId()
  const allowedPrivateAddresses = ['127.0.0.0/8']
  const http = createHttpClient({ allowedPrivateAddresses })
  const jobs: Job[] = []
  const deps: ConnectDeps = {
    db: open.db,
    http,
    secretBox: createSecretBox([randomBytes(32)]),
    clock,
    log: createLog({ level: 'silent' }),
    newId,
    enqueue: async (_tx, added) => {
      jobs.push(...added)
    },
    budgets: createRequestBudgets({ db: open.db, clock }),
    settings: {
      publicUrl,
      bitbucketApiUrl: simulator.api,
      bitbucketWebUrl: simulator.web,
      jiraApiUrl: 'https://api.atlassian.com',
      jiraLoginUrl: 'https://auth.atlassian.com',
      allowedPrivateAddresses,
    },
  }
  const organizationId = newId()
  const memberId = newId()
  await insertOrganization(open.db, { organizationId, memberId })
  const actor = { kind: 'member', memberId, name: 'Ada Admin', tokenId: null, ipAddress: null } as const
  const connect = async (username?: string): Promise<string> => {
    const user = simulator.users.find((one) => username === undefined || one.username === username)
    const view = await createConnection(deps, {
      organizationId,
      actor,
      workspace: simulator.workspace.slug,
      credential: { kind: 'basic', username: user?.email ?? '', secret: user?.api_token ?? '' },
    })
    return view.id
  }
  return {
    open,
    db: open.db,
    simulator,
    deps,
    jobs,
    organizationId,
    memberId,
    actor,
    connect,
    close: async () => {
      await simulator.close()
      await http.close()
      if (database === undefined) await open.close()
    },
  }
}

/** An organization with one administrator, without logins. */
export async function insertOrganization(
  db: Db,
  { organizationId, memberId }: { organizationId: string; memberId: string },
): Promise<void> {
  await db.insertInto('organization').values({ organization_id: organizationId, name: 'Harbour Works' }).execute()
  const email = `${memberId}@example.com`
  await db
    .insertInto('member')
    .values({
      organization_id: organizationId,
      id: memberId,
      user_id: memberId,
      name: 'Ada Admin',
      email,
      role: 'admin',
    })
    .execute()
}
