import { createHmac, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { completeSetup } from '../../contract/access/session.ts'
import { createConnection, getConnection } from '../../contract/remotes/connections.ts'
import { chooseRepositories, getConnectionProgress } from '../../contract/remotes/repositories.ts'
import { listVulnerabilities, type VulnerabilitySummary } from '../../contract/security/vulnerabilities.ts'
import { placesOf, toSarif } from '../../scripts/demo/reports.ts'
import { createWeirClient, type WeirClient } from '../../scripts/demo/weir-client.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulators/bitbucket/simulator.ts'
import { testPassword } from '../app.ts'
import { type Environment, endPostgres, freePort, startWeir, until, type WeirProcess } from './weir-process.ts'

/** A simulated Bitbucket in this process, and a Weir in its own that is set up and connected to it. */
export type ConnectedWeir = {
  simulator: Simulator
  dataFolder: string
  /** What every process of this Weir is started with. */
  environment: Environment
  url: string
  /** The Weir that runs now. */
  weir: () => WeirProcess
  /** Starts Weir anew on the same data and the same address. */
  start: (more?: Environment) => Promise<WeirProcess>
  admin: WeirClient
  connectionId: string
  /** Imports the seeded weaknesses of the storefront; answers its vulnerabilities. */
  importStorefront: () => Promise<VulnerabilitySummary[]>
  /** How many items and comments of the storefront in Bitbucket hold this text. */
  countRemote: (text: string) => number
  /** A signed delivery of the connection's webhook as Bitbucket would send it; answers the status, or undefined when nobody answered. */
  deliver: (delivery?: { id?: string; text?: string; secret?: string; path?: string }) => Promise<number | undefined>
  close: () => Promise<void>
}

export type ConnectedOptions = {
  simulator?: SimulatorOptions
  environment?: Environment
  /** Started at the same moment as the first Weir: further processes of it. */
  beside?: (environment: Environment) => Promise<unknown>
}

export const adminLogin = { email: 'ada@example.com', password: testPassword }
export const storefront = 'storefront-api'

/** What this text looks like anywhere in a repository of the simulator. */
function countIn(simulator: Simulator, text: string): number {
  const repository = simulator.sim.repositories.find((one) => one.slug === storefront)
  if (repository === undefined) throw new Error('The simulator has another seed.')
  const comments = [
    ...repository.issues.flatMap((issue) => issue.comments),
    ...repository.pullRequests.flatMap((one) => one.comments),
    ...repository.commitComments,
  ]
  const raws = [
    ...comments.filter((one) => !one.deleted).map((one) => one.raw),
    ...repository.issues.map((one) => `${one.title}\n${one.raw}`),
  ]
  return raws.filter((raw) => raw?.includes(text) === true).length
}

/** A comment somebody wrote on a commit that Weir knows nothing of. */
function commentOnCommit(text: string): string {
  const repository = { type: 'repository', uuid: `{${randomUUID()}}`, full_name: 'meadow-goods/elsewhere' }
  const comment = { id: 1, content: { raw: text }, user: { type: 'user', uuid: `{${randomUUID()}}` } }
  return JSON.stringify({ repository, actor: comment.user, comment, commit: { hash: 'a'.repeat(40) } })
}

async function deliverTo(simulator: Simulator, given: Parameters<ConnectedWeir['deliver']>[0] = {}) {
  const hook = simulator.sim.hooks.find((one) => one.secret !== null)
  if (hook === undefined) throw new Error('Weir made no webhook.')
  const body = commentOnCommit(given.text ?? 'something')
  const signature = createHmac('sha256', given.secret ?? hook.secret ?? '')
    .update(body)
    .digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-event-key': 'repo:commit_comment_created',
    'x-request-uuid': given.id ?? randomUUID(),
    'x-hook-uuid': hook.uuid.slice(1, -1),
    'x-attempt-number': '1',
    'x-hub-signature': `sha256=${signature}`,
  }
  const url = new URL(given.path ?? '', hook.url)
  return fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(12_000) }).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.status
    },
    () => undefined,
  )
}

async function connect(admin: WeirClient, simulator: Simulator): Promise<string> {
  const [owner] = simulator.users
  const connection = await admin.call(createConnection, {
    body: {
      kind: 'bitbucket',
      credential: { kind: 'basic', username: owner?.email ?? '', secret: owner?.api_token ?? '' },
      workspace: simulator.workspace.slug,
    },
  })
  const params = { id: connection.id }
  await admin.call(chooseRepositories, { params, body: { selection: { kind: 'all' } } })
  await until('repositories and webhooks', async () => {
    const progress = await admin.call(getConnectionProgress, { params })
    if (progress.state === 'failed') throw new Error(progress.error ?? 'setting up failed')
    const seen = await admin.call(getConnection, { params })
    return progress.state === 'idle' && seen.assets > 0 && seen.webhooks_ok > 0
  })
  return connection.id
}

export async function startConnectedWeir(options: ConnectedOptions = {}): Promise<ConnectedWeir> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'weir-process-'))
  const simulator = await startSimulator({ mode: '2026', repositories: 0, control: true, ...options.simulator })
  const port = await freePort()
  const environment: Environment = {
    WEIR_DATA_FOLDER: dataFolder,
    WEIR_PORT: String(port),
    WEIR_PUBLIC_URL: `http://127.0.0.1:${port}`,
    WEIR_BITBUCKET_API_URL: simulator.api,
    WEIR_BITBUCKET_WEB_URL: simulator.web,
    WEIR_ALLOWED_PRIVATE_ADDRESSES: '127.0.0.1/32',
    ...options.environment,
  }
  const [weir] = await Promise.all([startWeir(environment), options.beside?.(environment)])
  const state = { weir }
  const url = `http://127.0.0.1:${port}`
  const admin = createWeirClient({ baseUrl: url })
  const { setupToken } = state.weir
  await admin.call(completeSetup, {
    body: { setup_token: setupToken ?? '', organization_name: 'Harbour Works', name: 'Ada Admin', ...adminLogin },
  })
  const connectionId = await connect(admin, simulator)
  return {
    simulator,
    dataFolder,
    environment,
    url,
    weir: () => state.weir,
    start: async (more = {}) => {
      state.weir = await startWeir({ ...environment, ...more })
      return state.weir
    },
    admin,
    connectionId,
    importStorefront: async () => {
      await admin.upload(
        '/api/v1/imports',
        { asset: storefront, file_name: 'heron.sarif' },
        await storefrontReport(simulator),
      )
      return (await admin.call(listVulnerabilities, { query: { limit: 100 } })).items
    },
    countRemote: (text) => countIn(simulator, text),
    deliver: async (delivery) => deliverTo(simulator, delivery),
    close: async () => {
      await state.weir.kill()
      await endPostgres(dataFolder)
      await simulator.close()
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

const branchSchema = z.object({ target: z.object({ hash: z.string() }) })

/** The seeded weaknesses at the head of the main branch, as a pipeline would report them. */
export async function storefrontReport(simulator: Simulator): Promise<string> {
  const [person] = simulator.users
  const authorization = `Basic ${Buffer.from(`${person?.email}:${person?.api_token}`).toString('base64')}`
  const answer = await fetch(`${simulator.api}/repositories/meadow-goods/${storefront}/refs/branches/main`, {
    headers: { authorization },
  })
  return toSarif(placesOf(storefront), branchSchema.parse(await answer.json()).target.hash)
}
