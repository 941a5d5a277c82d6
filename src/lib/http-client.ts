import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, request as undiciRequest } from 'undici'
import { createAddressGuard, type Resolve } from './address-guard.ts'
import { AppError, isAppError } from './app-error.ts'
import type { Log } from './log.ts'

/** A request to the outside. `timeoutMs` spans everything from connecting to the last byte of the answer. */
export type HttpRequest = {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  url: string | URL
  headers?: Readonly<Record<string, string>>
  /** A stream is sent as it comes; name its `content-length`, or it goes in chunks. */
  body?: string | Uint8Array | URLSearchParams | Readable
  /** Sent as JSON with its content type; excludes `body`. */
  json?: unknown
  timeoutMs?: number
  maxBytes?: number
  signal?: AbortSignal
  /** The path is a secret, too, as a channel's incoming webhook has it: the log tells the host alone. */
  isPathSecret?: boolean
  /** Takes a good answer piece by piece as it comes, in place of `bytes`; no limit of size then holds. */
  onBytes?: (bytes: Uint8Array, headers: HttpAnswer['headers']) => Promise<void>
  /** `same-origin` follows up to five redirects of a GET inside the same origin; otherwise a 3xx is an answer like others. */
  redirect?: 'manual' | 'same-origin'
}

/** An answer read to its end, whatever its status. Header names are lower case, repeated ones joined by a comma. */
export type HttpAnswer = {
  status: number
  headers: Readonly<Record<string, string>>
  url: URL
  bytes: Uint8Array
  text: () => string
  /** The body as JSON, unchecked; throws `remote_invalid_answer` when it is none. */
  json: () => unknown
}

/** The only way out of Weir. Throws `address_refused`, `remote_unavailable` or `remote_invalid_answer`; never an error that holds a header or a body. */
export type HttpClient = {
  request: (input: HttpRequest) => Promise<HttpAnswer>
  close: () => Promise<void>
}

export type HttpClientOptions = {
  /** CIDR ranges, addresses and `host:port` pairs that may be reached although they are private. */
  allowedPrivateAddresses?: readonly string[]
  log?: Log
  timeoutMs?: number
  maxBytes?: number
  userAgent?: string
  resolve?: Resolve
}

const defaultTimeoutMs = 20_000
const defaultMaxBytes = 20 * 1024 * 1024
const maximumRedirects = 5

/** A client with its own connections: addresses checked and pinned, redirects off, time and size limited. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const guard = createAddressGuard(options.allowedPrivateAddresses ?? [], options.resolve)
  const guarded = new Agent({ connect: { lookup: guard.lookup }, keepAliveTimeout: 10_000 })
  const trusted = new Agent({ keepAliveTimeout: 10_000 })

  const once = async (input: HttpRequest, url: URL, signal: AbortSignal): Promise<HttpAnswer> => {
    guard.check(url)
    const dispatcher = guard.isTrusted(url) ? trusted : guarded
    const startedMs = performance.now()
    const answer = await send({ input, url, signal, dispatcher, options })
    // Without the query: it may carry a code or a token.
    const place = input.isPathSecret === true ? url.origin : `${url.origin}${url.pathname}`
    const ms = Math.round(performance.now() - startedMs)
    options.log?.debug({ method: input.method ?? 'GET', url: place, status: answer.status, ms }, 'outgoing request')
    return answer
  }
  const request = async (input: HttpRequest): Promise<HttpAnswer> => {
    const limit = AbortSignal.timeout(input.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs)
    const signal = input.signal === undefined ? limit : AbortSignal.any([limit, input.signal])
    let answer = await once(input, parseUrl(input.url), signal)
    for (let hop = 0; input.redirect === 'same-origin' && isRedirect(answer.status); hop++) {
      if (hop === maximumRedirects)
        throw new AppError('remote_invalid_answer', `${answer.url.host} redirects in circles.`)
      answer = await once(input, redirectTarget(answer, input), signal)
    }
    return answer
  }
  return {
    request,
    close: async () => {
      await Promise.all([guarded.destroy(), trusted.destroy()])
    },
  }
}

/** The seconds of a Retry-After header (a number or an HTTP date), never negative; undefined when there is none. */
export function parseRetryAfterS(value: string | undefined, now: Date): number | undefined {
  if (value === undefined || value.trim() === '') return undefined
  if (/^\s*\d+\s*$/.test(value)) return Number(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000))
}

/** The foreseen failure a status of 300 and above stands for, with `retry_after_s` in its meta where the remote said so. `sentence` says what was tried. */
export function toRemoteError(answer: Pick<HttpAnswer, 'status' | 'headers'>, sentence: string, now: Date): AppError {
  const retryAfterS = parseRetryAfterS(answer.headers['retry-after'], now)
  const meta = { remote_status: answer.status, ...(retryAfterS === undefined ? {} : { retry_after_s: retryAfterS }) }
  return new AppError(remoteErrorCode(answer.status), sentence, { meta })
}

function remoteErrorCode(status: number) {
  if (status === 401) return 'remote_unauthorized'
  if (status === 403) return 'remote_forbidden'
  if (status === 404) return 'remote_not_found'
  if (status === 410) return 'remote_gone'
  if (status === 429) return 'remote_rate_limited'
  if (status === 408 || status >= 500) return 'remote_unavailable'
  return status >= 400 ? 'remote_refused' : 'remote_invalid_answer'
}

type Sending = {
  input: HttpRequest
  url: URL
  signal: AbortSignal
  dispatcher: Dispatcher
  options: HttpClientOptions
}

async function send({ input, url, signal, dispatcher, options }: Sending): Promise<HttpAnswer> {
  const body = input.json === undefined ? input.body : JSON.stringify(input.json)
  try {
    const answer = await undiciRequest(url, {
      method: input.method ?? 'GET',
      dispatcher,
      signal,
      headers: {
        'user-agent': options.userAgent ?? 'weir',
        // Nothing compressed: the size limit then holds for what we read, bombs included.
        'accept-encoding': 'identity',
        ...(input.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...input.headers,
      },
      body: body instanceof URLSearchParams ? body.toString() : (body ?? null),
    })
    const headers = flatten(answer.headers)
    const isHandedOn = input.onBytes !== undefined && answer.statusCode === 200
    const limit = input.maxBytes ?? options.maxBytes ?? defaultMaxBytes
    const bytes = isHandedOn ? await handOn(answer.body, headers, input) : await readLimited(answer.body, url, limit)
    return toAnswer({ status: answer.statusCode, headers, url, bytes })
  } catch (error) {
    throw toClientError(error, url, input.signal)
  }
}

async function readLimited(body: Dispatcher.ResponseData['body'], url: URL, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    // Leaving the loop destroys the stream, so the rest is never fetched.
    if (size > maxBytes)
      throw new AppError('remote_invalid_answer', `${url.host} answered with more than ${maxBytes} bytes.`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

async function handOn(
  body: Dispatcher.ResponseData['body'],
  headers: HttpAnswer['headers'],
  { onBytes }: HttpRequest,
): Promise<Uint8Array> {
  for await (const chunk of body) await onBytes?.(Buffer.from(chunk), headers)
  return new Uint8Array()
}

function toAnswer(parts: Pick<HttpAnswer, 'status' | 'headers' | 'url' | 'bytes'>): HttpAnswer {
  const text = (): string => new TextDecoder().decode(parts.bytes)
  const json = (): unknown => {
    try {
      return JSON.parse(text())
    } catch {
      throw new AppError(
        'remote_invalid_answer',
        `${parts.url.host} answered with ${describeContent(parts)} where JSON was due. Try again later; if it stays so, look for a proxy or a maintenance page in between.`,
      )
    }
  }
  return { ...parts, text, json }
}

function describeContent({ bytes, headers }: Pick<HttpAnswer, 'bytes' | 'headers'>): string {
  if (bytes.length === 0) return 'nothing'
  const type = headers['content-type'] ?? 'something unknown'
  return type.includes('json') ? 'JSON that is cut off or damaged' : type
}

function toClientError(error: unknown, url: URL, callerSignal: AbortSignal | undefined): unknown {
  if (isAppError(error)) return error
  if (error instanceof Error && isAppError(error.cause)) return error.cause
  if (callerSignal?.aborted === true) return callerSignal.reason
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const isTimeout = (error instanceof Error && error.name === 'TimeoutError') || code.includes('TIMEOUT')
  const reason = isTimeout
    ? 'did not answer in time'
    : `cannot be reached (${code === '' ? 'connection failed' : code})`
  // The cause is left out on purpose: a driver's error can hold the request with its headers.
  return new AppError('remote_unavailable', `${url.host} ${reason}.`, {
    meta: { reason: isTimeout ? 'timeout' : code },
  })
}

function parseUrl(url: string | URL): URL {
  if (url instanceof URL) return url
  if (!URL.canParse(url)) throw new AppError('address_refused', 'This is not a complete address.')
  return new URL(url)
}

/** Whether an answer only says where to ask. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

function redirectTarget(answer: HttpAnswer, input: HttpRequest): URL {
  const location = answer.headers['location']
  const method = input.method ?? 'GET'
  const target =
    location !== undefined && URL.canParse(location, answer.url.href) ? new URL(location, answer.url) : undefined
  if (target === undefined || target.origin !== answer.url.origin || (method !== 'GET' && method !== 'HEAD'))
    throw new AppError(
      'remote_invalid_answer',
      `${answer.url.host} redirects to another address, which Weir does not follow.`,
    )
  return target
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')])
  return Object.fromEntries(entries)
}
