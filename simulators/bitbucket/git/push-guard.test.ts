import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRestriction } from '../operations/branch-restrictions.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, basic } from '../try-api.ts'
import { guardPush, readPushCommands } from './push-guard.ts'

const old = 'a'.repeat(40)
const next = 'b'.repeat(40)
const zero = '0'.repeat(40)

function line(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text
}

const body = Buffer.from(
  `${line(`${old} ${next} refs/heads/main\0 report-status agent=git/2`)}${line(`${old} ${zero} refs/heads/gone\n`)}0000PACK`,
)

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
})
afterAll(async () => {
  await simulator.close()
})

test('the commands of a push are read up to the flush', () => {
  expect(readPushCommands(body)).toEqual([
    { from: old, to: next, ref: 'refs/heads/main' },
    { from: old, to: zero, ref: 'refs/heads/gone' },
  ])
})

test.each(['', '0000', '00', 'zzzz', 'nothing like a push'])('%j has none', (text) => {
  expect(readPushCommands(Buffer.from(text))).toEqual([])
})

test('a push is guarded where branches are restricted: what is not in the list is refused', async () => {
  const { sim } = simulator
  const [repository] = sim.repositories
  const [actor] = sim.people
  if (repository === undefined || actor === undefined) throw new Error('nothing is planted')
  const read = async (bytes: Buffer) => {
    const guard = await guardPush(sim, { repository, actor }, bytes)
    const { PUSH_VERDICTS: path } = guard.environment
    const verdicts = path === undefined ? undefined : await readFile(path, 'utf8')
    await guard.end()
    return verdicts
  }
  expect(await read(body)).toBeUndefined()
  const restricted = { value: null, users: undefined, groups: undefined }
  createRestriction(sim, repository, { ...restricted, kind: 'force', match: { kind: 'glob', pattern: 'main' } })
  createRestriction(sim, repository, { ...restricted, kind: 'delete', match: { kind: 'glob', pattern: '*' } })
  const other = line(`${old} ${next} refs/heads/other\0`)
  expect(await read(Buffer.concat([Buffer.from(other), body]))).toBe(
    `free ${old} ${next} refs/heads/other\nforward ${old} ${next} refs/heads/main\n`,
  )
  expect(await read(Buffer.from('0000'))).toBe('')
})

async function post(text: string | Buffer, headers: Record<string, string> = {}) {
  const mara = simulator.users.find(({ username }) => username === 'mara-lind')
  return await fetch(`${simulator.web}/meadow-goods/ledger-core.git/git-receive-pack`, {
    method: 'POST',
    headers: {
      authorization: basic('mara-lind', mara?.api_token ?? ''),
      'content-type': 'application/x-git-receive-pack-request',
      ...headers,
    },
    body: text,
  })
}

/** A branch that nobody may delete, and the line that deletes it. */
async function guarded(name: string) {
  const mara = askAs(simulator, 'mara-lind')
  const base = '/repositories/meadow-goods/ledger-core'
  await mara('POST', `${base}/branch-restrictions`, { kind: 'delete', branch_match_kind: 'glob', pattern: name })
  const made = await mara('POST', `${base}/refs/branches`, { name, target: { hash: 'main' } })
  return {
    command: `${String(made.at('target', 'hash'))} ${zero} refs/heads/${name}`,
    isThere: async () => (await mara('GET', `${base}/refs/branches/${name}`)).status === 200,
  }
}

test.each(['gzip', 'x-gzip', 'GZIP', 'identity'])('what is encoded as %j is guarded as well', async (encoding) => {
  const { command, isThere } = await guarded(`kept-${encoding}`)
  const plain = Buffer.from(`${line(`${command}\0 report-status`)}0000`)
  const reply = await post(encoding === 'identity' ? plain : gzipSync(plain), { 'content-encoding': encoding })
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('pre-receive hook declined')])
  expect(await isThere()).toBe(true)
})

test('a command inside a certificate is guarded as well', async () => {
  const { command, isThere } = await guarded('kept-certified')
  const certificate = ['certificate version 0.1', 'pusher x', 'pushee x', '', command, '-----BEGIN PGP SIGNATURE-----']
  const text = line(`${certificate.join('\n')}\n`)
  const reply = await post(`${line('push-cert\0 report-status')}${text}${line('push-cert-end\n')}0000`)
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('pre-receive hook declined')])
  expect(await isThere()).toBe(true)
})

test.each([
  ['gzip', Buffer.from('nothing packed'), 400],
  ['gzip', gzipSync(Buffer.alloc(1000, 'x')).subarray(0, 20), 400],
  ['x-gzip', gzipSync(Buffer.alloc(65 * 1024 * 1024)), 413],
  ['deflate', Buffer.from('x'), 415],
  ['gzip, gzip', Buffer.from('x'), 415],
])('%s of what cannot be unpacked is refused', async (encoding, bytes, status) => {
  const reply = await post(bytes, { 'content-encoding': encoding })
  expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'text/plain; charset=utf-8'])
})
