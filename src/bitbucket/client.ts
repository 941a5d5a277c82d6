import type * as z from 'zod'
import { AppError, isAppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpAnswer, HttpClient, HttpRequest } from '../lib/http-client.ts'
import type { Log } from '../lib/log.ts'
import type { RequestBudget, RequestLane } from './budget.ts'
import { type BitbucketCredential, toAuthorization } from './credential.ts'
import { type Page, pageOf } from './page.ts'
import { toBitbucketError } from './to-bitbucket-error.ts'

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

type CallOptions = {
  /** The request in words that follow "to", for sentences: `read the repository`. */
  what: string
  lane: RequestLane
  query?: Query
}

/** A typed call: the answer is parsed by `schema`, which names only the fields we read. */
export type ReadCall<Schema extends z.ZodType> = CallOptions & { schema: Schema }
export type WriteCall<Schema extends z.ZodType> = ReadCall<Schema> & { body?: unknown }

/**
 * Bitbucket Cloud's REST API for one credential. Paths are relative to the API's root (`/repositories/{workspace}`) and
 * already encoded. Every call throws AppError of the remote_* family, `scope_missing` or `address_refused`.
 */
export type BitbucketClient = {
  get: <Schema extends z.ZodType>(path: string, call: ReadCall<Schema>) => Promise<z.output<Schema>>
  post: <Schema extends z.ZodType>(path: string, call: WriteCall<Schema>) => Promise<z.output<Schema>>
  put: <Schema extends z.ZodType>(path: string, call: WriteCall<Schema>) => Promise<z.output<Schema>>
  /** An answer that is no JSON, as diffs are. */
  text: (path: string, call: CallOptions) => Promise<string>
  /** Resolves on any success; an answer's body is not read. */
  delete: (path: string, call: CallOptions) => Promise<void>
  /** One page after the other, following `next` only inside the API's own origin. */
  pages: <Schema extends z.ZodType>(path: string, call: ReadCall<Schema>) => AsyncGenerator<Page<z.output<Schema>>>
  /** Scopes the host said our credential has, when it said so. */
  grantedScopes: () => readonly string[] | undefined
}

export type BitbucketClientOptions = {
  http: HttpClient
  /** Root with version, no trailing slash: `https://api.bitbucket.org/2.0`. */
  apiUrl: string
  credential: BitbucketCredential
  budget: RequestBudget
  clock: Clock
  log: Log
  /** Asked once after a 401: another credential to try with, or undefined when there is none. */
  renew?: () => Promise<BitbucketCredential | undefined>
  /** Told of every answer or failure, so that the connection's state can follow. Awaited. */
  onOutcome?: (outcome: { kind: 'answered' } | { kind: 'failed'; error: AppError }) => Promise<void>
}

/** Pages of one listing at most: 100,000 entries of 100, far beyond any workspace. */
const pagesAtMost = 1000

type Method = NonNullable<HttpRequest['method']>
type Sending = { method: Method; url: URL; call: CallOptions; body?: unknown }

/** A client that counts every request in the budget of its connection. */
export function createBitbucketClient(options: BitbucketClientOptions): BitbucketClient {
  const root = new URL(`${options.apiUrl}/`)
  let credential = options.credential
  let granted: readonly string[] | undefined

  const once = async ({ method, url, call, body }: Sending): Promise<HttpAnswer> => {
    await options.budget.take(call.lane)
    const answer = await options.http.request({
      method,
      url,
      headers: { authorization: toAuthorization(credential), accept: 'application/json' },
      ...(body === undefined ? {} : { json: body }),
      // Renamed repositories and pull request diffs redirect; a write that is redirected is a mistake to hear about.
      ...(method === 'GET' ? { redirect: 'same-origin' as const } : {}),
    })
    noteDeprecation(answer, options.log)
    granted = parseScopesHeader(answer.headers['x-oauth-scopes']) ?? granted
    return answer
  }
  const send = async (sending: Sending): Promise<HttpAnswer> => {
    try {
      let answer = await once(sending)
      if (answer.status === 401) {
        const renewed = await options.renew?.()
        if (renewed !== undefined) {
          credential = renewed
          answer = await once(sending)
        }
      }
      if (answer.status < 200 || answer.status > 299) throw toBitbucketError(answer, sending.call.what, options.clock())
      await options.onOutcome?.({ kind: 'answered' })
      return answer
    } catch (error) {
      if (isAppError(error)) await options.onOutcome?.({ kind: 'failed', error })
      throw error
    }
  }
  const call = async <Schema extends z.ZodType>(sending: Sending, schema: Schema): Promise<z.output<Schema>> =>
    parseAnswer(await send(sending), schema, sending.call.what)

  return {
    get: async (path, read) => call({ method: 'GET', url: toUrl(root, path, read.query), call: read }, read.schema),
    post: async (path, write) =>
      call({ method: 'POST', url: toUrl(root, path, write.query), call: write, body: write.body }, write.schema),
    put: async (path, write) =>
      call({ method: 'PUT', url: toUrl(root, path, write.query), call: write, body: write.body }, write.schema),
    text: async (path, options) =>
      (await send({ method: 'GET', url: toUrl(root, path, options.query), call: options })).text(),
    delete: async (path, options) => {
      await send({ method: 'DELETE', url: toUrl(root, path, options.query), call: options })
    },
    pages: (path, read) =>
      followPages(root, toUrl(root, path, read.query), (url) =>
        call({ method: 'GET', url, call: read }, pageOf(read.schema)),
      ),
    grantedScopes: () => granted,
  }
}

async function* followPages<Item>(
  root: URL,
  first: URL,
  read: (url: URL) => Promise<Page<Item>>,
): AsyncGenerator<Page<Item>> {
  let url: URL | undefined = first
  for (let count = 0; url !== undefined; count += 1) {
    if (count === pagesAtMost) throw new AppError('remote_invalid_answer', 'A listing of Bitbucket does not end.')
    const page: Page<Item> = await read(url)
    yield page
    url = page.next === undefined ? undefined : nextUrl(root, page.next)
  }
}

/** A segment of a path: slug, or UUID whose braces must be escaped. */
export function segment(value: string | number): string {
  // The one thing no escape keeps from being read as a step up.
  if (value === '.' || value === '..') throw new AppError('validation_failed', `"${value}" is no name in Bitbucket.`)
  return encodeURIComponent(String(value))
}

function toUrl(root: URL, path: string, query: Query | undefined): URL {
  const url = new URL(path.replace(/^\//, ''), root)
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname))
    throw new AppError('address_refused', 'The path leads out of the API.')
  for (const [name, value] of Object.entries(query ?? {}))
    for (const item of [value].flat()) if (item !== undefined) url.searchParams.append(name, String(item))
  return url
}

/** `next` is opaque, but it is the remote's text: followed only where our credential belongs. */
function nextUrl(root: URL, next: string): URL {
  const url = URL.canParse(next) ? new URL(next) : undefined
  if (url === undefined || url.origin !== root.origin)
    throw new AppError(
      'remote_invalid_answer',
      'Bitbucket names a next page on another host, which Weir does not follow.',
    )
  return url
}

function parseAnswer<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema, what: string): z.output<Schema> {
  const parsed = schema.safeParse(answer.json())
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.'))
  throw new AppError(
    'remote_invalid_answer',
    `Bitbucket's answer, when asked to ${what}, lacks what Weir reads (${places.join(', ')}).`,
    { cause: parsed.error },
  )
}

function parseScopesHeader(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined
  return value.split(/[\s,]+/).filter((scope) => scope !== '')
}

function noteDeprecation(answer: HttpAnswer, log: Log): void {
  const { deprecation, sunset, link } = answer.headers
  if (deprecation === undefined && sunset === undefined) return
  log.warn({ path: answer.url.pathname, deprecation, sunset, link }, 'Bitbucket announces the end of what we use')
}
