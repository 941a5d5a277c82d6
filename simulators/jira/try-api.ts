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

/** Calls below `/rest/api/3` of a base (or any absolute address) with one Authorization header; redirects are not followed. */
export function asker(base: string, authorization: string | undefined): Ask {
  return async (method, path, body, headers = {}) => {
    const address = path.startsWith('http')
      ? path
      : path.startsWith('/rest')
        ? base + path
        : `${base}/rest/api/3${path}`
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = parse(text)
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed,
      at: (...path_) => at(parsed, ...path_),
    }
  }
}

export function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
}

export function userOf(simulator: Simulator, name: string): Simulator['users'][number] {
  const user = simulator.users.find((one) => one.email.startsWith(`${name}@`))
  if (user === undefined) throw new Error(`nobody is called ${name}`)
  return user
}

/** As one of the seeded people (the name before the @), at the site, with their API token. */
export function askAs(simulator: Simulator, name: string): Ask {
  const user = userOf(simulator, name)
  return asker(simulator.site, basic(user.email, user.api_token))
}

/** A document of one paragraph. */
export function says(text: string): unknown {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }
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
  close: () => Promise<void>
}

/** A server that takes webhooks and remembers them. */
export async function openReceiver(): Promise<Receiver> {
  const caught: Caught[] = []
  const answers: number[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      caught.push({ headers: request.headers, raw, body: parse(raw.toString('utf8')) })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    caught,
    answers,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
