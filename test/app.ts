import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { type App, createApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import type { Clock } from '../src/lib/clock.ts'
import { createLog } from '../src/lib/log.ts'
import type { OpenDatabase } from '../src/store/db.ts'
import { createTestDatabase } from './database.ts'

/** A whole Weir on a port of its own over a database of its own, for tests. */
export type TestApp = {
  app: App
  /** Origin to send requests to. */
  url: string
  database: OpenDatabase
  /** Everything logged so far, one JSON line an entry. */
  logged: () => string
  /** Setup tokens shown so far: at the start, and after a demo was wiped. */
  shownTokens: () => readonly string[]
  close: () => Promise<void>
}

export type TestAppOptions = {
  config?: Partial<Config>
  clock?: Clock
  webFolder?: string
  database?: OpenDatabase
}

export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase({ poolSize: 8 }))
  const lines: string[] = []
  const shown: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const config: Config = {
    ...readConfig({
      WEIR_PORT: '0',
      WEIR_ROLES: 'web',
      DATABASE_URL: database.url.replace(/^postgresql:/, 'postgres:'),
    }),
    secretKeys: [randomBytes(32)],
    ...options.config,
  }
  const log = createLog({ level: 'debug', destination })
  const app = await createApp(config, {
    log,
    database,
    showSetupToken: (token) => shown.push(token),
    ...(options.clock && { clock: options.clock }),
    ...(options.webFolder !== undefined && { webFolder: options.webFolder }),
  })
  return {
    app,
    url: app.listeningUrl ?? '',
    database,
    logged: () => lines.join(''),
    shownTokens: () => [app.setupToken ?? '', ...shown],
    close: async () => {
      await app.close()
      if (options.database === undefined) await database.close()
    },
  }
}

/** What a client got: status, headers and body as JSON when it is some. */
export type Answer = { status: number; headers: Headers; body: unknown; text: string }

export type TestClient = {
  send: (method: string, path: string, options?: SendOptions) => Promise<Answer>
  cookie: () => string | undefined
}

export type SendOptions = { json?: unknown; body?: NonNullable<RequestInit['body']>; headers?: Record<string, string> }

/** A client that keeps its cookie and sends Origin as a page of ours would. */
export function createTestClient(url: string, credential: { cookie?: string; token?: string } = {}): TestClient {
  let cookie = credential.cookie
  return {
    cookie: () => cookie,
    send: async (method, path, options = {}) => {
      const headers: Record<string, string> = { origin: url, ...options.headers }
      if (cookie !== undefined) headers['cookie'] = cookie
      if (credential.token !== undefined) headers['authorization'] = `Bearer ${credential.token}`
      if (options.json !== undefined) headers['content-type'] = 'application/json'
      const body = options.json === undefined ? options.body : JSON.stringify(options.json)
      const init = { method, headers, redirect: 'manual' as const, ...(body !== undefined && { body }) }
      const answer = await fetch(`${url}${path}`, init)
      for (const line of answer.headers.getSetCookie()) cookie = readCookie(line) ?? cookie
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: parseJson(text), text }
    },
  }
}

function readCookie(line: string): string | undefined {
  return /^((?:__Host-)?weir=[^;]*)/.exec(line)?.[1]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const testPassword = 'copper kettle and tide gauge'

/** Sets a fresh app up through its own door; answers the administrator's client. */
export async function setUp(
  test: TestApp,
  person: { organization?: string; name?: string; email?: string } = {},
): Promise<TestClient> {
  const client = createTestClient(test.url)
  const answer = await client.send('POST', '/api/v1/setup', {
    json: {
      setup_token: test.app.setupToken ?? '',
      organization_name: person.organization ?? 'Harbour Works',
      name: person.name ?? 'Ada Admin',
      email: person.email ?? 'ada@example.com',
      password: testPassword,
    },
  })
  if (answer.status !== 201) throw new Error(`The setup answered ${answer.status}: ${answer.text}`)
  return client
}
