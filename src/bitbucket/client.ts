import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { RequestBudget, RequestLane } from '../domain/request-budget.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpAnswer, HttpClient } from '../lib/http-client.ts'
import type { Log } from '../lib/log.ts'
import { type FileContent, multipartOf } from '../lib/multipart.ts'
import {
  type CallOptions,
  createRestClient,
  type RestOutcome,
  type ReadCall as RestReadCall,
  type WriteCall as RestWriteCall,
  type TakeBytes,
} from '../lib/rest-client.ts'
import { type BitbucketCredential, toAuthorization } from './credential.ts'
import { type Page, pageOf } from './page.ts'
import { toBitbucketError } from './to-bitbucket-error.ts'

export type ReadCall<Schema extends z.ZodType> = RestReadCall<RequestLane, Schema>
export type WriteCall<Schema extends z.ZodType> = RestWriteCall<RequestLane, Schema>

/**
 * Bitbucket Cloud's REST API for one credential. Paths are relative to the API's root (`/repositories/{workspace}`) and
 * already encoded. Every call throws AppError of the remote_* family, `scope_missing` or `address_refused`.
 */
export type BitbucketClient = {
  get: <Schema extends z.ZodType>(path: string, call: ReadCall<Schema>) => Promise<z.output<Schema>>
  post: <Schema extends z.ZodType>(path: string, call: WriteCall<Schema>) => Promise<z.output<Schema>>
  put: <Schema extends z.ZodType>(path: string, call: WriteCall<Schema>) => Promise<z.output<Schema>>
  /** An answer that is no JSON, as diffs are. */
  text: (path: string, call: CallOptions<RequestLane>) => Promise<string>
  /** Resolves on any success; an answer's body is not read. */
  delete: (path: string, call: CallOptions<RequestLane>) => Promise<void>
  /** Sends a file as a form. */
  upload: (path: string, file: FileContent, call: CallOptions<RequestLane>) => Promise<void>
  /** Hands on the bytes of a file; Bitbucket keeps them elsewhere, at an address that works once. */
  download: (path: string, call: CallOptions<RequestLane>, take: TakeBytes) => Promise<void>
  /** One page after the other, following `next` only inside the API's own origin. */
  pages: <Schema extends z.ZodType>(path: string, call: ReadCall<Schema>) => AsyncGenerator<Page<z.output<Schema>>>
  /** One page of a listing, to go on with later: its `next` is a path for the next call, inside the API's own origin. */
  page: <Schema extends z.ZodType>(path: string, call: ReadCall<Schema>) => Promise<Page<z.output<Schema>>>
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
  onOutcome?: (outcome: RestOutcome) => Promise<void>
}

/** Pages of one listing at most: 100,000 entries of 100, far beyond any workspace. */
const pagesAtMost = 1000

/** A client that counts every request in the budget of its connection. */
export function createBitbucketClient(options: BitbucketClientOptions): BitbucketClient {
  const { clock, log, ...rest } = options
  let granted: readonly string[] | undefined
  const { urlOf, send, call, download } = createRestClient<BitbucketCredential, RequestLane>({
    ...rest,
    remote: 'Bitbucket',
    authorize: toAuthorization,
    toError: (answer, what) => toBitbucketError(answer, what, clock()),
    onAnswer: (answer) => {
      noteDeprecation(answer, log)
      granted = parseScopesHeader(answer.headers['x-oauth-scopes']) ?? granted
    },
  })
  const root = new URL(`${options.apiUrl}/`)
  return {
    get: async (path, read) => call({ method: 'GET', url: urlOf(path, read.query), call: read }, read.schema),
    post: async (path, write) =>
      call({ method: 'POST', url: urlOf(path, write.query), call: write, body: write.body }, write.schema),
    put: async (path, write) =>
      call({ method: 'PUT', url: urlOf(path, write.query), call: write, body: write.body }, write.schema),
    text: async (path, read) => (await send({ method: 'GET', url: urlOf(path, read.query), call: read })).text(),
    delete: async (path, asked) => {
      await send({ method: 'DELETE', url: urlOf(path, asked.query), call: asked })
    },
    upload: async (path, file, asked) => {
      const streamed = multipartOf(file, { field: 'files', boundary: `weir${randomUUID()}` })
      await send({ method: 'POST', url: urlOf(path, asked.query), call: asked, streamed })
    },
    download: (path, asked, take) => download({ url: urlOf(path, asked.query), call: asked, take }),
    pages: (path, read) =>
      followPages(root, urlOf(path, read.query), (url) =>
        call({ method: 'GET', url, call: read }, pageOf(read.schema)),
      ),
    page: async (path, read) => {
      const url = urlOf(path, read.query)
      const { next, ...page } = await call({ method: 'GET', url, call: read }, pageOf(read.schema))
      return next === undefined ? page : { ...page, next: toPath(root, nextUrl(root, next, url)) }
    },
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
    url = page.next === undefined ? undefined : nextUrl(root, page.next, url)
  }
}

/** `next` is opaque, but it is the remote's text: followed only where our credential belongs. */
function nextUrl(root: URL, next: string, present: URL): URL {
  const url = URL.canParse(next) ? new URL(next) : undefined
  if (url === undefined || url.origin !== root.origin)
    throw new AppError(
      'remote_invalid_answer',
      'Bitbucket names a next page on another host, which Weir does not follow.',
    )
  if (url.href === present.href)
    throw new AppError('remote_invalid_answer', 'Bitbucket names a page of a listing as the one after itself.')
  return url
}

function toPath(root: URL, { pathname, search }: URL): string {
  if (pathname.startsWith(root.pathname)) return `/${pathname.slice(root.pathname.length)}${search}`
  throw new AppError('remote_invalid_answer', 'Bitbucket names a next page outside of its API.')
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
