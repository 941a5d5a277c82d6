import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkSecretKeys } from './check-secret-keys.ts'
import type { Config } from './config.ts'
import type { HttpContext, HttpSettings } from './http/context.ts'
import { NotReady } from './http/health.ts'
import { createServer } from './http/server.ts'
import { createQueue, type Queue } from './jobs/queue.ts'
import { startWorker } from './jobs/worker.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createHttpClient } from './lib/http-client.ts'
import { createNewId } from './lib/ids.ts'
import type { Log } from './lib/log.ts'
import { createMailTransport, type MailTransport } from './lib/mail-transport.ts'
import { createRemember } from './lib/remember.ts'
import { createSecretBox } from './lib/secret-box.ts'
import { version } from './lib/version.ts'
import { requireFreePort, toListenError } from './require-free-port.ts'
import { ensureSecretKeys } from './secret-key.ts'
import { type OpenDatabase, openDatabase } from './store/db.ts'
import { migrate } from './store/migrate.ts'
import { requireReachable } from './store/require-reachable.ts'
import { createSessionLocks } from './store/session-locks.ts'
import { createAccounts } from './usecases/access/accounts.ts'
import { prepareSetup } from './usecases/access/prepare-setup.ts'
import { checkConnection } from './usecases/remotes/check-connection.ts'
import { openConnection, openGitAccess, openJiraConnection } from './usecases/remotes/open-connection.ts'
import { createRequestBudgets } from './usecases/remotes/request-budgets.ts'
import { setUpRepositories } from './usecases/remotes/set-up-repositories.ts'

export type AppOptions = {
  log: Log
  clock?: Clock
  /** Folder of the built page; default `dist/web` of the repository. */
  webFolder?: string
  /** Breaks the start off at its next step; what was opened is closed. */
  stop?: AbortSignal
  /** Called with a fresh setup token when a demo was wiped. */
  showSetupToken?: (token: string) => void
  /** An open, migrated database to use in place of the configured one; the app does not close it. */
  database?: OpenDatabase
}

/** A running Weir. `publicUrl` and `listening` are undefined for a process that is a worker alone. */
export type App = {
  publicUrl: string
  /** Where the socket really is, for tests and for the line printed at start. */
  listeningUrl: string | undefined
  /** Set until Weir is set up: to be shown to the administrator once. */
  setupToken: string | undefined
  /** Where a secret key was just made. */
  secretKeyMadeAt: string | undefined
  /** The parts, for commands and tests that call use cases directly. */
  context: HttpContext
  close: () => Promise<void>
}

/** Running jobs get this long to end; then they go back to the queue. */
const workerStopsWithinMs = 6000
const requestsEndWithinMs = 5000
const trackerAnswersKeptMs = 60_000
const trackerAnswersKept = 5000

type Closer = () => Promise<unknown>

const builtWebFolder = fileURLToPath(new URL('../dist/web', import.meta.url))

/** The composition root: configuration in, running app out. What was opened is closed again when a later step fails. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const closers: Closer[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    return { ...(await open(config, options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(config: Config, options: AppOptions, closers: Closer[]): Promise<Omit<App, 'close'>> {
  const { log, clock = systemClock, stop } = options
  const isWeb = config.roles.includes('web')
  const isWorker = config.roles.includes('worker')
  if (isWeb) await requireFreePort(config)
  const { keys, madeAt } = ensureSecretKeys(config)
  const database = options.database ?? (await openConfigured(config, options, closers))
  stop?.throwIfAborted()
  const queue = await createQueue({ databaseUrl: database.url, log, role: isWorker ? 'worker' : 'sender' })
  if (!isWorker) closers.push(async () => queue.stop())
  stop?.throwIfAborted()
  const http = createHttpClient({ allowedPrivateAddresses: config.allowedPrivateAddresses, log })
  closers.push(http.close)
  const mail = openMail(config, log, closers)
  const newId = createNewId({ clock })
  const { db, preparedDb, timedDb, pool, listen } = database
  const setup = await prepareSetup({ db, newId, printsToken: isWeb })
  const address = { publicUrl: config.publicUrl ?? `http://localhost:${config.port}` }
  const settings = toSettings(config, options, address)
  const [secretKey] = keys
  if (secretKey === undefined) throw new Error('There is no secret key.')
  const { isSecureContext } = settings
  const context: HttpContext = {
    db,
    preparedDb,
    timedDb,
    pool,
    listen,
    clock,
    newId,
    log,
    http,
    mail,
    secretBox: createSecretBox(keys),
    budgets: createRequestBudgets({ db, clock }),
    accounts: createAccounts({ db, newId, secretKey, isSecureContext, sessionHours: config.sessionHours }),
    enqueue: queue.enqueue,
    settings,
    showSetupToken: (token) => options.showSetupToken?.(token),
    readiness: isWeb ? { web_assets: async () => requireWebAssets(settings.webFolder) } : {},
  }
  const keyProblem = await checkSecretKeys(pool, keys)
  if (keyProblem !== undefined) log.error(keyProblem)
  const running: Running[] = []
  closers.push(async () => Promise.all(running.map(({ stop }) => stop())))
  const web = isWeb ? await listenForRequests(config, context, address) : undefined
  if (web !== undefined) running.push(web)
  // After listening: only now is the public address settled, which the work writes into Bitbucket.
  if (isWorker) running.push(await workOnJobs(context, { database, queue, config }))
  const listeningUrl = web?.url
  const { setupToken } = setup
  return { publicUrl: address.publicUrl, listeningUrl, setupToken, secretKeyMadeAt: madeAt, context }
}

/** A mail server that is down must not keep Weir from starting; what is wrong is said. */
function openMail({ mail, roles }: Config, log: Log, closers: Closer[]): MailTransport | undefined {
  if (mail === undefined) {
    if (roles.includes('worker')) log.info('e-mail is off: set WEIR_SMTP_URL and WEIR_MAIL_FROM to turn it on')
    return undefined
  }
  const transport = createMailTransport(mail)
  closers.push(async () => transport.close())
  void tellMail(transport, log)
  return transport
}

async function tellMail(transport: MailTransport, log: Log): Promise<void> {
  const { server } = transport
  const problem = await transport.check().catch((error: unknown) => String(error))
  if (problem === undefined) log.info({ server }, 'e-mail is on')
  else log.warn({ server, problem }, 'e-mail cannot be sent at the moment; it is tried again')
}

async function openConfigured(config: Config, { log, stop }: AppOptions, closers: Closer[]) {
  const { databaseUrl, dataFolder } = config
  const asServer = config.roles.includes('web')
  const database = await openDatabase(databaseUrl === undefined ? { dataFolder, asServer } : { url: databaseUrl }, {
    log,
  })
  closers.push(database.close)
  stop?.throwIfAborted()
  await requireReachable(database.pool)
  const { applied } = await migrate(database.pool)
  if (applied.length > 0) log.info({ applied }, 'the database was migrated')
  return database
}

/** `publicUrl` changes once, when a free port was asked for and taken. */
type Address = { publicUrl: string }

function toSettings(config: Config, options: AppOptions, address: Address): HttpSettings {
  const { trustedProxies, isMetricsOn, isDemo, maxReportBytes, maxResults, bitbucketApiUrl, bitbucketWebUrl } = config
  const { importFileDays, maxEvidenceBytes, maxEvidenceFiles, attachmentLimits, jiraApiUrl, jiraLoginUrl } = config
  const isSecureContext = isSecure(new URL(address.publicUrl))
  if (!isSecureContext)
    options.log.warn('WEIR_PUBLIC_URL is plain http on another host: passwords and sessions travel unprotected')
  return {
    get publicUrl() {
      return address.publicUrl
    },
    isSecureContext,
    trustedProxies,
    isMetricsOn,
    isDemo,
    version,
    maxReportBytes,
    maxResults,
    importFileDays,
    maxEvidenceBytes,
    maxEvidenceFiles,
    attachmentLimits,
    tempFolder: join(config.dataFolder, 'temp'),
    bitbucketApiUrl,
    bitbucketWebUrl,
    jiraApiUrl,
    jiraLoginUrl,
    allowedPrivateAddresses: config.allowedPrivateAddresses,
    webFolder: options.webFolder ?? builtWebFolder,
  }
}

/** Where browsers treat an address as trustworthy: https, or this very machine. https://www.w3.org/TR/secure-contexts/ */
function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
}

type Running = { stop: () => Promise<void> }

async function listenForRequests(
  config: Config,
  context: HttpContext,
  address: Address,
): Promise<Running & { url: string }> {
  const server = await createServer(context)
  const stop = async (): Promise<void> => {
    // Whoever is still sending or reading after this long is cut off.
    const timer = setTimeout(() => server.server.closeAllConnections(), requestsEndWithinMs)
    await server.close()
    clearTimeout(timer)
  }
  try {
    await server.listen({ host: config.host, port: config.port })
  } catch (error) {
    await stop()
    throw toListenError(error, config)
  }
  const [bound] = server.addresses()
  // Weir listens on TCP alone, never on a named pipe.
  if (bound === undefined || typeof bound === 'string') throw new Error('The server does not listen.')
  const { address: host, port } = bound
  if (config.publicUrl === undefined) address.publicUrl = `http://localhost:${port}`
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const shown = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return { url: `http://${shown}:${port}`, stop }
}

async function workOnJobs(
  context: HttpContext,
  { database, queue, config }: { database: OpenDatabase; queue: Queue; config: Config },
): Promise<Running> {
  const { gitFolder: folder, gitLimits: limits, allowedPrivateAddresses } = config
  const { log, clock } = context
  const locks = createSessionLocks({ databaseUrl: database.url, log })
  const remotes = { ...context, db: context.preparedDb }
  const stopping = new AbortController()
  const worker = await startWorker({
    ...context,
    queue,
    locks,
    publicUrl: context.settings.publicUrl,
    connect: async (input) => openConnection(remotes, input),
    connectJira: async (input) => openJiraConnection(remotes, input),
    remember: createRemember({ clock, ttlMs: trackerAnswersKeptMs, limit: trackerAnswersKept }),
    git: {
      folder,
      limits,
      allowedPrivateAddresses,
      signal: stopping.signal,
      open: async (input) => openGitAccess(context, input),
    },
    setUpRepositories: async (input) => setUpRepositories(context, input),
    checkConnection: async (input) => checkConnection(context, { ...input, repair: true }),
  })
  return {
    stop: async () => {
      stopping.abort()
      await worker.stop({ timeoutMs: workerStopsWithinMs })
      await locks.close()
    },
  }
}

async function requireWebAssets(webFolder: string): Promise<void> {
  if (!existsSync(join(webFolder, 'index.html'))) throw new NotReady('the page is not built: run npm run build')
}
