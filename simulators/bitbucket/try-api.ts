import { createServer, type IncomingHttpHeaders } from 'node:http'
import { at } from '../shared/json.ts'
import type { Simulator } from './simulator.ts'

/** An answer of the API, read for a test. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  body: unknown
  /** The value at a path of keys. */
  at: (...path: string[]) => unknown
  /** The members of `values`. */
  values: unknown[]
}

export interface Ask {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    return undefined
  }
}

/** Calls the API with one Authorization header (undefined: anonymously). Redirects are not followed. */
export function asker(simulator: Simulator, authorization: string | undefined): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(path.startsWith('http') ? path : `${simulator.api}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = parse(text)
    const values = at(parsed, 'values')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed,
      at: (...path_) => at(parsed, ...path_),
      values: Array.isArray(values) ? values : [],
    }
  }
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** As one of the seeded people, with an API token that may do everything. */
export function askAs(simulator: Simulator, username: string): Ask {
  const user = simulator.users.find((one) => one.username === username)
  if (user === undefined) throw new Error(`nobody is called ${username}`)
  return asker(simulator, basic(user.email, user.api_token))
}

interface Caught {
  headers: IncomingHttpHeaders
  raw: Buffer
  body: unknown
}

export interface Receiver {
  url: string
  caught: Caught[]
  /** Status of the coming answers, in order; 200 when none is left. */
  answers: number[]
  /** Milliseconds to wait before answering. */
  delayMs: number
  close: () => Promise<void>
}

/** A server that takes webhooks and remembers them. */
export async function openReceiver(): Promise<Receiver> {
  const caught: Caught[] = []
  const answers: number[] = []
  const receiver: Receiver = { url: '', caught, answers, delayMs: 0, close: async () => undefined }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      caught.push({ headers: request.headers, raw, body: parse(raw.toString('utf8')) })
      const status = answers.shift() ?? 200
      setTimeout(() => response.writeHead(status).end(), receiver.delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  receiver.url = `http://127.0.0.1:${address.port}/hook`
  receiver.close = async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return receiver
}
