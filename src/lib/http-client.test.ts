import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Resolve } from './address-guard.ts'
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  parseRetryAfterS,
  toRemoteError,
} from './http-client.ts'
import { createLog } from './log.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void
let server: Server
let base: string
let hostPort: string
const clients: HttpClient[] = []

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  hostPort = `127.0.0.1:${portOf(server)}`
  base = `http://${hostPort}`
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})
afterAll(() => new Promise((done) => server.close(done)))

function portOf(listening: Server | TcpServer): number {
  const address: AddressInfo | string | null = listening.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}

function clientWith(options: HttpClientOptions = {}): HttpClient {
  const client = createHttpClient({ allowedPrivateAddresses: [hostPort], ...options })
  clients.push(client)
  return client
}

describe('requests', () => {
  it('send method, headers and JSON, and read the answer whatever its status', async () => {
    const seen: string[] = []
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-mark']} ${request.headers['content-type']}`)
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"a":1}')
      })
    }
    const got = await clientWith().request({
      method: 'POST',
      url: `${base}/p?q=1`,
      headers: { 'x-mark': 'm' },
      json: { b: 2 },
    })
    expect(seen).toEqual(['{"b":2}', 'POST /p?q=1 m application/json'])
    expect([got.status, got.json(), got.headers['content-type']]).toEqual([404, { a: 1 }, 'application/json'])
  })

  it('end when the time is up, headers first or trickling body alike', async () => {
    answer = () => undefined
    const silent = clientWith().request({ url: base, timeoutMs: 150 })
    await expect(silent).rejects.toMatchObject({ code: 'remote_unavailable', meta: { reason: 'timeout' } })
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    const started = performance.now()
    await expect(clientWith().request({ url: base, timeoutMs: 200 })).rejects.toMatchObject({
      code: 'remote_unavailable',
    })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('stop reading an answer that is too large', async () => {
    let isCut = false
    answer = (_, response) => {
      response.on('close', () => (isCut = !response.writableFinished))
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    }
    await expect(clientWith().request({ url: base, maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'remote_invalid_answer',
    })
    await expect.poll(() => isCut).toBe(true)
  })

  it('say that HTML is no JSON', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    const got = await clientWith().request({ url: base })
    expect(() => got.json()).toThrow(/text\/html where JSON was due/)
  })

  it('that cannot connect or break off are the remote being unavailable', async () => {
    answer = (_, response) => response.socket?.destroy()
    await expect(clientWith().request({ url: base })).rejects.toMatchObject({
      code: 'remote_unavailable',
      retryable: true,
    })
    const closed = clientWith({ allowedPrivateAddresses: ['127.0.0.1'] }).request({ url: 'http://127.0.0.1:1/' })
    await expect(closed).rejects.toMatchObject({ code: 'remote_unavailable' })
  })

  it('leave no secret in errors or log', async () => {
    const lines: string[] = []
    const log = createLog({ level: 'trace', destination: { write: (line) => lines.push(line) } })
    answer = (_, response) => response.socket?.destroy()
    const input = {
      url: `${base}/x?code=canary-1`,
      headers: { authorization: 'Bearer canary-2' },
      body: 'canary-3',
    } as const
    const error: unknown = await clientWith({ log })
      .request({ ...input, method: 'POST' })
      .catch((reason: unknown) => reason)
    log.error({ err: error }, 'failed')
    answer = (_, response) => response.end('canary-4')
    await clientWith({ log }).request({ ...input, method: 'POST' })
    expect(lines.join('')).toContain('outgoing request')
    expect(lines.join('')).not.toContain('canary')
  })

  it('end when the caller says so, with his reason', async () => {
    answer = () => undefined
    const reason = new Error('stopping')
    const asked = clientWith().request({ url: base, signal: AbortSignal.abort(reason) })
    await expect(asked).rejects.toBe(reason)
  })
})

describe('redirects', () => {
  it('are answers, unless asked to follow, and then only inside the origin', async () => {
    answer = (request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else if (request.url === '/out') response.writeHead(302, { location: 'http://example.com/' }).end()
      else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
      else response.end('there')
    }
    const client = clientWith()
    expect((await client.request({ url: `${base}/a` })).status).toBe(302)
    expect((await client.request({ url: `${base}/a`, redirect: 'same-origin' })).text()).toBe('there')
    for (const path of ['/out', '/round'])
      await expect(client.request({ url: base + path, redirect: 'same-origin' })).rejects.toMatchObject({
        code: 'remote_invalid_answer',
      })
    const posted = client.request({ method: 'POST', url: `${base}/a`, redirect: 'same-origin' })
    await expect(posted).rejects.toMatchObject({ code: 'remote_invalid_answer' })
  })
})

describe('a form', () => {
  it('is sent as one', async () => {
    answer = (request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => response.writeHead(201).end(`${request.headers['content-type']} ${body}`))
    }
    const body = new URLSearchParams({ grant_type: 'x y' })
    const got = await clientWith().request({ method: 'POST', url: base, body })
    expect([got.status, got.text()]).toEqual([201, 'application/x-www-form-urlencoded grant_type=x+y'])
  })
})

describe('Retry-After', () => {
  it('is read as seconds or as a date, and never negative', () => {
    const now = new Date('2026-11-21T10:00:00Z')
    expect(parseRetryAfterS('120', now)).toBe(120)
    expect(parseRetryAfterS('Sat, 21 Nov 2026 10:01:30 GMT', now)).toBe(90)
    expect(parseRetryAfterS('Sat, 21 Nov 2026 09:00:00 GMT', now)).toBe(0)
    for (const value of [undefined, '', 'soon', '-5x']) expect(parseRetryAfterS(value, now)).toBeUndefined()
  })

  it('travels with the error of a status', () => {
    const now = new Date('2026-11-21T10:00:00Z')
    const error = (status: number, headers = {}) =>
      toRemoteError({ status, headers }, 'Bitbucket did not list the issues.', now)
    expect(error(429, { 'retry-after': '7' })).toMatchObject({
      code: 'remote_rate_limited',
      meta: { remote_status: 429, retry_after_s: 7 },
    })
    const codes = [302, 400, 401, 403, 404, 408, 410, 500, 503].map((status) => error(status).code)
    expect(codes).toEqual([
      'remote_invalid_answer',
      'remote_refused',
      'remote_unauthorized',
      'remote_forbidden',
      'remote_not_found',
      'remote_unavailable',
      'remote_gone',
      'remote_unavailable',
      'remote_unavailable',
    ])
  })
})

/** Names a hostile user could own, with what they resolve to. */
const names = new Map([
  ['loop.example', ['127.0.0.1']],
  ['loop6.example', ['::1']],
  ['mapped.example', ['::ffff:127.0.0.1']],
  ['private.example', ['10.0.0.1']],
  ['meta.example', ['169.254.169.254']],
  ['nat64.example', ['64:ff9b::7f00:1']],
  ['mixed.example', ['93.184.216.34', '127.0.0.1']],
  ['mixed2.example', ['127.0.0.1', '93.184.216.34']],
  ['any.example', ['0.0.0.0']],
  ['ula.example', ['fd00::1']],
  ['cgnat.example', ['100.64.1.1']],
  ['sixtofour.example', ['2002:7f00:1::']],
  ['localhost', ['127.0.0.1', '::1']],
  ['sub.localhost', ['127.0.0.1']],
  ['localhost.', ['127.0.0.1']],
  ['weir', ['127.0.1.1']],
])
const resolve: Resolve = (hostname, done) => {
  const found = names.get(hostname)?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  if (found === undefined) done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
  else done(null, found)
}

const hosts = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '127.255.255.254',
  '127.0.0.1.',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '10.0.0.1',
  '10.255.1.1',
  '172.16.0.1',
  '172.31.9.9',
  '192.168.1.1',
  '169.254.169.254',
  '169.254.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '192.0.0.192',
  '198.18.0.1',
  '192.0.2.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '0xa9fea9fe',
  '2852039166',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[100::1]',
  ...names.keys(),
]

describe('failure 48: hostile addresses', () => {
  let trap: TcpServer
  let connections = 0
  beforeAll(async () => {
    trap = createTcpServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((done) => trap.listen({ port: 0, host: '::', ipv6Only: false }, done))
  })
  afterAll(() => new Promise((done) => trap.close(done)))

  it(`never connect (${hosts.length} hosts, http and https)`, async () => {
    const client = clientWith({ resolve })
    for (const host of hosts)
      for (const scheme of ['http', 'https']) {
        const outcome: unknown = await client
          .request({ url: `${scheme}://${host}:${portOf(trap)}/`, timeoutMs: 2000 })
          .catch((error: unknown) => error)
        expect(outcome, `${scheme}://${host}`).toMatchObject({ code: 'address_refused' })
      }
    expect(connections).toBe(0)
  })

  it('hidden behind credentials, other schemes or a name listed with another port never connect', async () => {
    const client = clientWith({ resolve, allowedPrivateAddresses: ['loop.example:1', '127.0.0.1:1'] })
    const port = portOf(trap)
    const urls = [
      `http://api.bitbucket.org@127.0.0.1:${port}/`,
      `http://me:pw@loop.example:${port}/`,
      `ftp://127.0.0.1:${port}/`,
      'file:///etc/passwd',
      `gopher://127.0.0.1:${port}/`,
      'data:text/plain,x',
      'javascript:1',
      `http://loop.example:${port}/`,
      `http://127.0.0.1:${port}/`,
      `//127.0.0.1:${port}`,
      '/relative',
      '',
      `unix:/run/x.sock`,
      `ws://127.0.0.1:${port}/`,
    ]
    for (const url of urls) await expect(client.request({ url })).rejects.toMatchObject({ code: 'address_refused' })
    expect(connections).toBe(0)
  })

  it('behind a redirect never connect', async () => {
    answer = (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${portOf(trap)}/` }).end()
    await expect(clientWith().request({ url: base, redirect: 'same-origin' })).rejects.toMatchObject({
      code: 'remote_invalid_answer',
    })
    expect((await clientWith().request({ url: base })).status).toBe(302)
    expect(connections).toBe(0)
  })

  it('of a name that changes its answer between look and connection never connect: what was checked is what is used', async () => {
    let calls = 0
    const rebinding: Resolve = (_, done) => {
      calls++
      done(null, [{ address: calls === 1 ? '127.0.0.1' : '93.184.216.34', family: 4 }])
    }
    const refused = clientWith({ resolve: rebinding }).request({ url: `http://rebind.example:${portOf(trap)}/` })
    await expect(refused).rejects.toMatchObject({ code: 'address_refused' })
    expect([calls, connections]).toEqual([1, 0])
  })

  it('that were listed do connect, by range and by host and port', async () => {
    answer = (_, response) => response.end('ok')
    const port = portOf(server)
    const byRange = clientWith({ resolve, allowedPrivateAddresses: ['127.0.0.0/8'] })
    expect((await byRange.request({ url: `http://loop.example:${port}/` })).text()).toBe('ok')
    await byRange.request({ url: `http://loop.example:${portOf(trap)}/` }).catch(() => undefined)
    expect(connections, 'the trap itself works').toBe(1)
    const byName = clientWith({ allowedPrivateAddresses: [`localhost:${port}`] })
    expect((await byName.request({ url: `http://localhost:${port}/` })).text()).toBe('ok')
  })
})
