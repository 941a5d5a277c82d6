import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { uncountedBudget } from '../domain/request-budget.ts'
import { AppError } from '../lib/app-error.ts'
import { createHttpClient } from '../lib/http-client.ts'
import { createLog } from '../lib/log.ts'
import { segment } from '../lib/rest-client.ts'
import { type BitbucketClientOptions, createBitbucketClient } from './client.ts'

type Answer = { status?: number; headers?: Record<string, string>; body?: string | object }
type Asked = { method: string; url: string; authorization: string | undefined; body: string }

let server: Server
let origin = ''
let answers: Answer[] = []
let asked: Asked[] = []
const logged: string[] = []
const http = createHttpClient({ allowedPrivateAddresses: ['127.0.0.0/8'] })
const log = createLog({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } })
const now = new Date('2026-11-21T10:00:00Z')

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  asked.push({
    method: request.method ?? '',
    url: request.url ?? '',
    authorization: request.headers.authorization,
    body,
  })
  const given = answers.shift() ?? { status: 500 }
  const text = typeof given.body === 'object' ? JSON.stringify(given.body) : (given.body ?? '')
  response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers }).end(text)
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
afterAll(async () => {
  await http.close()
  server.close()
})
afterEach(() => {
  answers = []
  asked = []
  logged.length = 0
})

function client(change: Partial<BitbucketClientOptions> = {}) {
  return createBitbucketClient({
    http,
    apiUrl: `${origin}/2.0`,
    credential: { kind: 'api_token', email: 'mira@example.com', token: 'ATATTsecretsecret' },
    budget: uncountedBudget,
    clock: () => now,
    log,
    ...change,
  })
}

const schema = z.object({ slug: z.string() })
const read = { what: 'read the workspace', lane: 'person', schema } as const

async function failure(given: Answer): Promise<AppError> {
  answers = [given]
  const error = await client()
    .get('/workspaces/x', read)
    .catch((reason: unknown) => reason)
  if (error instanceof AppError) return error
  throw new Error(`Expected an AppError, got ${String(error)}`)
}

const envelope = (message: string, more: object = {}) => ({ type: 'error', error: { message, ...more } })

describe('an answer that is no success', () => {
  it.each<[string, Answer, string, RegExp]>([
    [
      '401 in the envelope',
      { status: 401, body: envelope('Token is invalid, expired, or not supported for this endpoint.') },
      'remote_unauthorized',
      /renew it on the Integrations page/,
    ],
    [
      '401 with a bare string',
      { status: 401, body: { error: 'API Token provided has no Bitbucket scopes.' } },
      'scope_missing',
      /Create API token with scopes/,
    ],
    ['401 without a body', { status: 401 }, 'remote_unauthorized', /no reason given/],
    [
      '403 without a list',
      { status: 403, body: envelope('Forbidden') },
      'remote_forbidden',
      /may not read the workspace/,
    ],
    [
      '404 as text',
      { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' },
      'remote_not_found',
      /"Not Found"/,
    ],
    [
      '410 that names its announcement',
      {
        status: 410,
        body: envelope('CHANGE-3071 - Functionality has been deprecated', {
          data: { announcement_url: 'https://developer.atlassian.com/x#CHANGE-3071' },
        }),
      },
      'remote_gone',
      /x#CHANGE-3071/,
    ],
    [
      '429 as text',
      {
        status: 429,
        headers: { 'content-type': 'text/plain' },
        body: 'Rate limit for this resource has been exceeded',
      },
      'remote_rate_limited',
      /slow down/,
    ],
    [
      '500 as a page',
      { status: 500, headers: { 'content-type': 'text/html' }, body: '<html><h1>Oops</h1></html>' },
      'remote_unavailable',
      /a web page instead of an answer/,
    ],
    ['503 with nothing', { status: 503 }, 'remote_unavailable', /tried again later/],
    ['555', { status: 555, body: envelope('Diff took too long') }, 'remote_unavailable', /555/],
    [
      '400 with fields',
      { status: 400, body: envelope('Bad request', { fields: { url: ['Enter a valid URL.'] } }) },
      'remote_refused',
      /url: Enter a valid URL\./,
    ],
    ['an error that is a list', { status: 400, body: { error: [1, 2] } }, 'remote_refused', /refused/],
    ['success without what we read', { body: { name: 'x' } }, 'remote_invalid_answer', /slug/],
    [
      'success that is a page',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      'remote_invalid_answer',
      /text\/html/,
    ],
    ['success with nothing', { body: '' }, 'remote_invalid_answer', /JSON/],
  ])('%s becomes a sentence that says what to do', async (_what, given, code, sentence) => {
    const error = await failure(given)
    expect(error.code).toBe(code)
    expect(error.detail).toMatch(sentence)
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('ATATTsecret')
  })

  it('names the scopes that are missing', async () => {
    const detail = {
      required: ['read:webhook:bitbucket', 'write:webhook:bitbucket'],
      granted: ['read:webhook:bitbucket'],
    }
    const error = await failure({
      status: 403,
      body: envelope('Your credentials lack one or more required privilege scopes.', { detail }),
    })
    expect(error.code).toBe('scope_missing')
    expect(error.meta).toMatchObject({ ...detail, missing: ['write:webhook:bitbucket'] })
    expect(error.detail).toContain('write:webhook:bitbucket')
  })

  it('tells how long to wait when the remote says so, in seconds or as a date', async () => {
    expect((await failure({ status: 429, headers: { 'retry-after': '17' } })).meta).toMatchObject({ retry_after_s: 17 })
    const date = new Date(now.getTime() + 90_000).toUTCString()
    expect((await failure({ status: 429, headers: { 'retry-after': date } })).meta).toMatchObject({ retry_after_s: 90 })
    expect((await failure({ status: 429 })).meta).not.toHaveProperty('retry_after_s')
  })
})

describe('a listing', () => {
  const page = (values: string[], next?: string): Answer => ({
    body: { values: values.map((slug) => ({ slug })), ...(next && { next }) },
  })

  it('is read page by page along the links', async () => {
    answers = [page(['a', 'b'], `${origin}/2.0/things?page=2&opaque=%7Bx%7D`), page(['c'])]
    const seen: string[] = []
    for await (const { values } of client().pages('/things', { ...read, query: { pagelen: 2 } }))
      seen.push(...values.map((one) => one.slug))
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(asked.map((one) => one.url)).toEqual(['/2.0/things?pagelen=2', '/2.0/things?page=2&opaque=%7Bx%7D'])
  })

  it.each([
    'https://evil.example/2.0/things?page=2',
    'http://127.0.0.1:1/2.0/things',
    'javascript:alert(1)',
    'no address',
  ])('does not carry our credential to %s', async (next) => {
    answers = [page(['a'], next)]
    const pages = client().pages('/things', read)
    await pages.next()
    await expect(pages.next()).rejects.toMatchObject({ code: 'remote_invalid_answer' })
    expect(asked).toHaveLength(1)
  })

  it('ends at a page that names itself as the next', async () => {
    const self = `${origin}/2.0/repositories?page=2`
    answers = [page(['a'], self), page(['b'], self), page(['c'], self)]
    const pages = client().pages('/repositories', read)
    await pages.next()
    await pages.next()
    await expect(pages.next()).rejects.toMatchObject({ code: 'remote_invalid_answer' })
    answers = [page(['b'], self)]
    await expect(client().page('/repositories?page=2', read)).rejects.toMatchObject({ code: 'remote_invalid_answer' })
  })
})

describe('a request', () => {
  it('escapes the braces of a UUID and never leaves the API', async () => {
    answers = [{ body: { slug: 'x' } }]
    await client().get(`/workspaces/${segment('{5c1f0a7e}')}`, read)
    expect(asked[0]?.url).toBe('/2.0/workspaces/%7B5c1f0a7e%7D')
    await expect(client().get('//evil.example/x', read)).rejects.toMatchObject({ code: 'address_refused' })
    await expect(client().get('/../../x', read)).rejects.toMatchObject({ code: 'address_refused' })
    expect(asked).toHaveLength(1)
  })

  it('follows a redirect of a read inside the API, and no other', async () => {
    answers = [{ status: 302, headers: { location: '/2.0/workspaces/new-name' } }, { body: { slug: 'new-name' } }]
    await expect(client().get('/workspaces/old-name', read)).resolves.toEqual({ slug: 'new-name' })
    expect(asked.map((one) => one.authorization)).toEqual([asked[0]?.authorization, asked[0]?.authorization])
    answers = [{ status: 302, headers: { location: 'http://127.0.0.1:1/steal' } }]
    await expect(client().get('/workspaces/x', read)).rejects.toMatchObject({ code: 'remote_invalid_answer' })
    answers = [{ status: 302, headers: { location: '/2.0/elsewhere' } }]
    await expect(client().post('/things', { ...read, body: {} })).rejects.toBeInstanceOf(AppError)
  })

  it('carries the credential in the form of its kind', async () => {
    answers = [{ body: { slug: 'x' } }, { body: { slug: 'x' } }]
    await client().get('/workspaces/x', read)
    await client({ credential: { kind: 'access_token', token: 'ATCTTabc' } }).get('/workspaces/x', read)
    expect(asked.map((one) => one.authorization)).toEqual([
      `Basic ${Buffer.from('mira@example.com:ATATTsecretsecret').toString('base64')}`,
      'Bearer ATCTTabc',
    ])
  })

  it('is tried once more with a renewed credential after 401, and only once', async () => {
    answers = [{ status: 401 }, { body: { slug: 'x' } }]
    const renew = async () => ({ kind: 'oauth', accessToken: 'fresh' }) as const
    const oauth = { credential: { kind: 'oauth', accessToken: 'old' } as const, renew }
    await expect(client(oauth).get('/workspaces/x', read)).resolves.toEqual({ slug: 'x' })
    expect(asked.map((one) => one.authorization)).toEqual(['Bearer old', 'Bearer fresh'])
    answers = [{ status: 401 }, { status: 401 }, { body: { slug: 'x' } }]
    await expect(client(oauth).get('/workspaces/x', read)).rejects.toMatchObject({ code: 'remote_unauthorized' })
  })

  it('logs what the remote announces to withdraw, without any secret', async () => {
    const headers = {
      deprecation: '@1771545600',
      sunset: 'Fri, 21 Aug 2026 00:00:00 GMT',
      link: '<https://x#CHANGE-3071>; rel="deprecation"',
    }
    answers = [{ headers, body: { slug: 'x' } }]
    await client().get('/workspaces/x', read)
    expect(logged.join('')).toContain('CHANGE-3071')
    expect(logged.join('')).not.toContain('ATATT')
  })
})

describe('a file', () => {
  const call = { what: 'read a file of an issue', lane: 'person' } as const
  const download = async () => {
    const pieces: Uint8Array[] = []
    await client().download('/issues/1/attachments/a.txt', call, async (piece) => void pieces.push(piece))
    return Buffer.concat(pieces).toString()
  }

  it('is fetched from where the remote keeps it, without the credential', async () => {
    answers = [{ status: 302, headers: { location: `${origin}/elsewhere/a.txt` } }, { body: 'the words' }]
    expect(await download()).toBe('the words')
    expect(asked.map(({ url, authorization }) => [url, authorization === undefined])).toEqual([
      ['/2.0/issues/1/attachments/a.txt', false],
      ['/elsewhere/a.txt', true],
    ])
    expect(logged.join('')).not.toContain('elsewhere')
  })

  it.each([
    ['an inside address', 'http://169.254.169.254/latest/meta-data', 'address_refused'],
    ['a file of this machine', 'file:///etc/passwd', 'remote_invalid_answer'],
    ['nowhere', 'http://', 'remote_invalid_answer'],
  ])('is not fetched from %s', async (_what, location, code) => {
    answers = [{ status: 302, headers: { location } }]
    await expect(download()).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(1)
  })

  it('that is refused elsewhere says nothing about the credential', async () => {
    answers = [{ status: 302, headers: { location: `${origin}/elsewhere` } }, { status: 403 }]
    await expect(download()).rejects.toMatchObject({ code: 'remote_unavailable' })
    answers = [
      { status: 302, headers: { location: `${origin}/1` } },
      { status: 302, headers: { location: 'http://127.0.0.2:1/' } },
    ]
    await expect(download()).rejects.toMatchObject({ code: 'remote_invalid_answer' })
  })

  it('is sent as a form, from its start again with a renewed credential', async () => {
    answers = [{ status: 401 }, { status: 201, body: '' }]
    const renew = async () => ({ kind: 'oauth', accessToken: 'fresh' }) as const
    const oauth = { credential: { kind: 'oauth', accessToken: 'old' } as const, renew }
    async function* bytes() {
      yield Buffer.from('the ')
      yield Buffer.from('words')
    }
    const file = { name: 'a "b"\r\n.txt', mediaType: 'text/plain', bytes: 9, open: bytes }
    await client(oauth).upload('/issues/1/attachments', file, { ...call, what: 'add a file' })
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer fresh'])
    for (const { body } of asked) {
      expect(body).toContain(
        'name="files"; filename="a %22b%22__.txt"\r\nContent-Type: text/plain\r\n\r\nthe words\r\n--',
      )
    }
  })
})
