import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { systemClock } from '../../src/lib/clock.ts'
import { createNewId, type NewId } from '../../src/lib/ids.ts'
import { createSecretBox, type SecretBox } from '../../src/lib/secret-box.ts'
import { type Db, openDatabase } from '../../src/store/db.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createApiToken } from '../../src/usecases/access/api-tokens.ts'
import { sealWebhookSecret } from '../../src/usecases/remotes/webhook-secret.ts'
import { insertConnectedOrganization, type WorldIds } from '../../test/connected-organization.ts'
import { insertProblem } from '../../test/insert-problem.ts'
import { type Child, startChild } from '../child.ts'

/** A Bitbucket and a Weir in processes of their own (web and worker apart), connected, with a champion and a developer. */
export type ScreenWorld = {
  db: Db
  /** As the champion's page asks. Throws on anything but a success. */
  ask: (method: string, path: string, body?: unknown) => Promise<unknown>
  /** Lines of the champion's event stream from now on, until the world is closed. */
  watch: (onEvent: (event: unknown) => void) => Promise<void>
  /** As the developer, inside the repository. */
  develop: (method: string, path: string, body?: unknown) => Promise<unknown>
  addProblem: (line: number) => Promise<string>
  close: () => Promise<void>
}

const told = z.object({
  api: z.string(),
  web: z.string(),
  control: z.string(),
  mode: z.enum(['2026', 'legacy']),
  workspace: z.object({ slug: z.string(), uuid: z.string(), name: z.string() }),
  users: z.array(
    z.object({
      username: z.string(),
      email: z.string(),
      password: z.string(),
      display_name: z.string(),
      uuid: z.string(),
      account_id: z.string(),
      role: z.string(),
      api_token: z.string(),
    }),
  ),
  repositories: z.array(
    z.object({ slug: z.string(), uuid: z.string(), full_name: z.string(), open_pull_requests: z.array(z.number()) }),
  ),
})
type Told = z.output<typeof told>

/** More than any run asks for: what is measured is Weir. */
const unlimited = { anonymous: 1e6, api: 1e6, webhooks: 1e6, raw: 1e6, git: 1e6 }

export async function openScreenWorld(): Promise<ScreenWorld> {
  const closers: Closer[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    return { ...(await open(closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

type Closer = () => Promise<unknown>

async function open(closers: Closer[]): Promise<Omit<ScreenWorld, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const database = await openDatabase({ dataFolder: folder }, { poolSize: 4 })
  closers.push(database.close)
  const { db } = database
  await migrate(database.pool)
  const start = async (...args: Parameters<typeof startChild>): Promise<Child> => {
    const child = await startChild(...args)
    closers.push(child.stop)
    return child
  }
  const { said } = await start('simulators/bitbucket/main.ts', {}, /("api":"[^"]+").*\n/, ['--control'])
  const simulator = told.parse(JSON.parse(said))
  await control(simulator, '/switches', { rateLimits: unlimited })
  const key = randomBytes(32)
  const newId = createNewId()
  const secretBox = createSecretBox([key])
  const ids = await insertConnectedOrganization({ db, simulator, secretBox, newId })
  const env = {
    DATABASE_URL: database.url,
    WEIR_DATA_FOLDER: folder,
    WEIR_SECRET_KEY: key.toString('base64'),
    WEIR_HOST: '127.0.0.1',
    WEIR_PORT: '0',
    WEIR_LOG_LEVEL: 'error',
    WEIR_ALLOWED_PRIVATE_ADDRESSES: '127.0.0.0/8',
  }
  const web = await start('src/main.ts', { ...env, WEIR_ROLES: 'web' }, /running at (http:\S+)/)
  await start('src/main.ts', { ...env, WEIR_ROLES: 'worker' }, /(working as)/)
  await connectHook({ db, simulator, secretBox, ids, url: web.url })
  const weir = { url: web.url, authorization: `Bearer ${await makeToken({ db, newId, ids })}` }
  const stop = new AbortController()
  closers.push(async () => stop.abort())
  const bitbucket = { url: simulator.api, authorization: personOf(simulator, 'tomas-okoye') }
  const repository = `/repositories/${simulator.workspace.slug}/storefront-api`
  const deps = { db, clock: systemClock }
  return {
    db,
    ask: (method, path, body) => call(weir, { method, path: `/api/v1${path}`, body }),
    watch: (onEvent) => watch(weir, { signal: stop.signal, onEvent }),
    develop: (method, path, body) => call(bitbucket, { method, path: `${repository}${path}`, body }),
    addProblem: (line) => insertProblem({ deps, ids, newId }, { line, title: `Problem of line ${line}` }),
  }
}

type Hook = { db: Db; simulator: Told; secretBox: SecretBox; ids: WorldIds; url: string }

async function connectHook({ db, simulator, secretBox, ids, url }: Hook): Promise<void> {
  const secret = randomBytes(32).toString('base64url')
  const { organizationId, webhookId } = ids
  const sealed = sealWebhookSecret(secretBox, { organizationId, webhookId }, secret)
  await db.updateTable('webhook').set({ sealed_secret: sealed }).where('id', '=', webhookId).execute()
  const target = { url: simulator.api, authorization: personOf(simulator, 'mara-lind') }
  const events = ['pullrequest:comment_created', 'pullrequest:comment_updated', 'pullrequest:updated']
  const hook = { url: `${url}/hooks/bitbucket/${organizationId}/${webhookId}`, secret, active: true, events }
  const path = `/workspaces/${simulator.workspace.slug}/hooks`
  await call(target, { method: 'POST', path, body: { description: 'Weir', ...hook } })
}

type Champion = { db: Db; newId: NewId; ids: WorldIds }

async function makeToken({ db, newId, ids }: Champion): Promise<string> {
  const actor = { kind: 'member', memberId: ids.champion, name: 'Bench', tokenId: null, ipAddress: null } as const
  const scopes = ['read' as const, 'triage' as const]
  const asked = { organizationId: ids.organizationId, actor, name: 'Bench', scopes, expiresInDays: 1 }
  return (await createApiToken({ db, clock: systemClock, newId }, asked)).token
}

async function control({ control: root }: Told, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${root}${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} of the simulator answered ${answer.status}: ${await answer.text()}`)
}

function personOf({ users }: Told, username: string): string {
  const user = users.find((one) => one.username === username)
  if (user === undefined) throw new Error(`There is no ${username} in the simulator.`)
  return `Basic ${Buffer.from(`${user.email}:${user.api_token}`).toString('base64')}`
}

type Target = { url: string; authorization: string }
type Call = { method: string; path: string; body: unknown }

async function call({ url, authorization }: Target, { method, path, body }: Call): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}

type Watching = { signal: AbortSignal; onEvent: (event: unknown) => void }

/** Resolves when the stream stands; what it says is told as it comes. */
async function watch({ url, authorization }: Target, { signal, onEvent }: Watching): Promise<void> {
  const answer = await fetch(`${url}/api/v1/events`, { headers: { authorization }, signal })
  if (!answer.ok || answer.body === null) throw new Error(`The event stream answered ${answer.status}.`)
  const { body } = answer
  const read = async (): Promise<void> => {
    let rest = ''
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('data: ')) onEvent(JSON.parse(line.slice('data: '.length)))
    }
  }
  // It ends with the world.
  void read().catch(() => undefined)
}
