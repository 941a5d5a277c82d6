import type * as z from 'zod'
import { AppError, isAppError } from './app-error.ts'
import { type HttpAnswer, type HttpClient, type HttpRequest, isRedirect } from './http-client.ts'
import type { StreamedBody } from './multipart.ts'

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export type CallOptions<Lane extends string> = {
  /** The request in words that follow "to", for sentences: `read the repository`. */
  what: string
  lane: Lane
  query?: Query
}

/** A typed call: the answer is parsed by `schema`, which names only the fields we read. */
export type ReadCall<Lane extends string, Schema extends z.ZodType> = CallOptions<Lane> & { schema: Schema }
export type WriteCall<Lane extends string, Schema extends z.ZodType> = ReadCall<Lane, Schema> & { body?: unknown }

export type RestClientOptions<Credential, Lane extends string> = {
  http: HttpClient
  /** Root with version, no trailing slash. */
  apiUrl: string
  /** How the remote is called in sentences. */
  remote: string
  credential: Credential
  authorize: (credential: Credential) => string
  /** Counts a request before it is made. Throws `remote_rate_limited` when none is left. */
  budget: { take: (lane: Lane) => Promise<void> }
  /** The foreseen failure behind an answer that is no success. */
  toError: (answer: HttpAnswer, what: string) => AppError
  /** Asked once after a 401: another credential to try with, or undefined when there is none. */
  renew?: (() => Promise<Credential | undefined>) | undefined
  /** Told of every answer or failure, so that the connection's state can follow. Awaited. */
  onOutcome?: ((outcome: RestOutcome) => Promise<void>) | undefined
  /** Sees every answer, whatever its status. */
  onAnswer?: ((answer: HttpAnswer) => void) | undefined
}

export type RestOutcome = { kind: 'answered' } | { kind: 'failed'; error: AppError }

type Method = NonNullable<HttpRequest['method']>
export type Sending<Lane extends string> = {
  method: Method
  url: URL
  call: CallOptions<Lane>
  body?: unknown
  /** In place of `body`: a file. */
  streamed?: StreamedBody
  headers?: Readonly<Record<string, string>>
}

/** Takes the bytes of a file as they come; what it throws ends the download. */
export type TakeBytes = (bytes: Uint8Array) => Promise<void>

/** Milliseconds a file may take, either way. */
const fileTimeoutMs = 120_000

/** A remote's REST API for one credential; what is particular to the remote is built on it. */
export type RestClient<Lane extends string> = {
  /** The address of a path (relative to the root, encoded already) with its query. Throws `address_refused` outside of the root. */
  urlOf: (path: string, query?: Query) => URL
  /** Throws the `toError` of anything but a success. */
  send: (sending: Sending<Lane>) => Promise<HttpAnswer>
  /** The same, parsed. Throws `remote_invalid_answer` when it is not what the schema says. */
  call: <Schema extends z.ZodType>(sending: Sending<Lane>, schema: Schema) => Promise<z.output<Schema>>
  /**
   * Hands on the bytes of a file. Where the remote keeps it elsewhere, one redirect is followed, without the credential
   * and never from https to http. Throws as `send` does.
   */
  download: (file: { url: URL; call: CallOptions<Lane>; take: TakeBytes }) => Promise<void>
}

/** Counts each request in its budget, tries once more with a renewed credential, and tells of every outcome. */
export function createRestClient<Credential, Lane extends string>(
  options: RestClientOptions<Credential, Lane>,
): RestClient<Lane> {
  const root = new URL(`${options.apiUrl}/`)
  let credential = options.credential

  const once = async ({ method, url, call, body, streamed, headers, take }: Taking<Lane>): Promise<HttpAnswer> => {
    await options.budget.take(call.lane)
    const answer = await options.http.request({
      method,
      url,
      headers: {
        authorization: options.authorize(credential),
        accept: 'application/json',
        ...headers,
        ...(streamed !== undefined && describeBody(streamed)),
      },
      ...(body === undefined ? {} : { json: body }),
      ...(streamed !== undefined && { body: streamed.open(), timeoutMs: fileTimeoutMs }),
      ...(take === undefined ? {} : { onBytes: take, timeoutMs: fileTimeoutMs }),
      // What was renamed redirects; a write that is redirected is a mistake to hear about.
      ...(method === 'GET' && take === undefined ? { redirect: 'same-origin' as const } : {}),
    })
    options.onAnswer?.(answer)
    return answer
  }
  const send = async (sending: Taking<Lane>): Promise<HttpAnswer> => {
    try {
      let answer = await once(sending)
      if (answer.status === 401) {
        const renewed = await options.renew?.()
        if (renewed !== undefined) {
          credential = renewed
          answer = await once(sending)
        }
      }
      const isElsewhere = sending.take !== undefined && isRedirect(answer.status)
      if (!isElsewhere && (answer.status < 200 || answer.status > 299)) throw options.toError(answer, sending.call.what)
      await options.onOutcome?.({ kind: 'answered' })
      return answer
    } catch (error) {
      if (isAppError(error)) await options.onOutcome?.({ kind: 'failed', error })
      throw error
    }
  }
  return {
    urlOf: (path, query) => toUrl(root, path, query),
    send,
    call: async (sending, schema) => parseAnswer(await send(sending), { schema, ...options, what: sending.call.what }),
    download: async ({ url, call, take }) => {
      const answer = await send({ method: 'GET', url, call, take, headers: { accept: '*/*' } })
      if (isRedirect(answer.status)) await fetchElsewhere(options, answer, take)
    },
  }
}

/** `take`: the answer is a file. */
type Taking<Lane extends string> = Sending<Lane> & { take?: TakeBytes }

/** Where a file lies for a moment is no part of the API: neither the credential nor the budget is for it. */
async function fetchElsewhere(
  { http, remote }: { http: HttpClient; remote: string },
  answer: HttpAnswer,
  take: TakeBytes,
): Promise<void> {
  const request = { url: elsewhere(answer, remote), onBytes: take, timeoutMs: fileTimeoutMs, isPathSecret: true }
  const kept = await http.request({ ...request, redirect: 'same-origin' })
  if (kept.status !== 200)
    throw new AppError('remote_unavailable', `${remote} did not give the file (${kept.status}). Try again.`)
}

function describeBody({ contentType, bytes }: StreamedBody): Record<string, string> {
  return { 'content-type': contentType, 'content-length': String(bytes) }
}

/** Where a file is to be fetched. The address guard of the client looks at it as at any other. */
function elsewhere({ headers, url }: HttpAnswer, remote: string): URL {
  const target = URL.parse(headers['location'] ?? '', url.href)
  if (target !== null && (target.protocol === 'https:' || target.protocol === url.protocol)) {
    target.username = ''
    target.password = ''
    return target
  }
  throw new AppError('remote_invalid_answer', `${remote} says that the file is somewhere Weir does not go.`)
}

function toUrl(root: URL, path: string, query: Query | undefined): URL {
  const url = new URL(path.replace(/^\//, ''), root)
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname))
    throw new AppError('address_refused', 'The path leads out of the API.')
  for (const [name, value] of Object.entries(query ?? {}))
    for (const item of [value].flat()) if (item !== undefined) url.searchParams.append(name, String(item))
  return url
}

type Parsing<Schema> = { schema: Schema; remote: string; what: string }

function parseAnswer<Schema extends z.ZodType>(
  answer: HttpAnswer,
  { schema, remote, what }: Parsing<Schema>,
): z.output<Schema> {
  const parsed = schema.safeParse(answer.json())
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.'))
  throw new AppError(
    'remote_invalid_answer',
    `${remote}'s answer, when asked to ${what}, lacks what Weir reads (${places.join(', ')}).`,
    { cause: parsed.error },
  )
}

/** A segment of a path: slug, key, or UUID whose braces must be escaped. Throws `validation_failed` at a step up. */
export function segment(value: string | number): string {
  // The one thing no escape keeps from being read as a step up.
  if (value === '.' || value === '..') throw new AppError('validation_failed', `"${value}" is no name at the remote.`)
  return encodeURIComponent(String(value))
}
