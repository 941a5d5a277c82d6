import { createWriteStream, openAsBlob } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createApiToken } from '../../contract/access/api-tokens.ts'
import { problem } from '../../contract/primitives.ts'
import { listImportItems, listImports, reportImport } from '../../contract/security/imports.ts'
import { listVulnerabilities } from '../../contract/security/vulnerabilities.ts'
import { toSarif } from '../../scripts/demo/reports.ts'
import { type ConnectedWeir, startConnectedWeir, storefront } from './connected-weir.ts'
import { killLeftProcesses, peakMemoryMb, runCli } from './weir-process.ts'

const megabyte = 1024 * 1024
const place = { rule: 'JS-1', title: 'A thing', cwe: 79, severity: 'high', path: 'src/a.js', line: 1, snippet: 'a()' }
const good = toSarif([place], 'a'.repeat(40))
const head = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Heron"}},"results":['

let world: ConnectedWeir
let token: string

beforeAll(async () => {
  world = await startConnectedWeir()
  const made = await world.admin.call(createApiToken, { body: { name: 'CI', scopes: ['import'], expires_in_days: 1 } })
  token = made.token
}, 60_000)
afterAll(async () => {
  await world.close()
  await killLeftProcesses()
})

const cases: readonly { name: string; bytes: Buffer; code: string; says: RegExp }[] = [
  {
    name: 'text',
    bytes: Buffer.from('nothing found today\n'),
    code: 'report_not_recognised',
    says: /no report Weir knows/,
  },
  { name: 'other-json', bytes: Buffer.from('{"a":1}'), code: 'report_not_recognised', says: /--format sarif/ },
  { name: 'empty', bytes: Buffer.alloc(0), code: 'report_not_recognised', says: /empty/ },
  { name: 'zip', bytes: Buffer.from('PK\u0003\u0004 and so on'), code: 'report_packed', says: /[Uu]npack/ },
  { name: 'cut-off', bytes: Buffer.from(good.slice(0, -40)), code: 'report_truncated', says: /again/ },
  {
    name: 'no-runs',
    bytes: Buffer.from('{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[]}'),
    code: 'report_no_runs',
    says: /scan/,
  },
  {
    name: 'utf-32',
    bytes: Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]),
    code: 'report_wrong_encoding',
    says: /UTF-8/,
  },
]

const cliError = z.object({ error: z.object({ code: z.string(), detail: z.string() }) })

async function upload(body: Blob | Buffer | ReadableStream, query = '') {
  const response = await fetch(`${world.url}/api/v1/imports?asset=${storefront}&file_name=r.sarif${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: body instanceof Buffer ? new Uint8Array(body) : body,
  })
  const json: unknown = await response.json()
  return { status: response.status, json }
}

describe('a report that cannot be read', () => {
  it('gets the same code and the same sentence from the API and from the command, and changes nothing', async () => {
    const answers = await Promise.all(
      cases.map(async ({ name, bytes }) => {
        const file = join(world.dataFolder, `${name}.sarif`)
        await writeFile(file, bytes)
        const api = await upload(bytes)
        const cli = await runCli(['import', file, '--asset', storefront, '--json'], world.environment)
        return { name, api: problem.parse(api.json), status: api.status, cli }
      }),
    )
    for (const [index, { name, api, status, cli }] of answers.entries()) {
      const expected = cases[index]
      expect([name, status, api.code, cli.code]).toEqual([name, 422, expected?.code, 3])
      expect(api.detail, name).toMatch(expected?.says ?? /$^/)
      expect(cliError.parse(JSON.parse(cli.stdout)).error, name).toEqual({ code: api.code, detail: api.detail })
    }
    expect((await world.admin.call(listVulnerabilities)).total).toBe(0)
    const { items } = await world.admin.call(listImports, { query: { limit: 100 } })
    expect(items.map((one) => [one.state, one.error_code]).toSorted()).toEqual(
      cases
        .flatMap(({ code }) => [
          ['failed', code],
          ['failed', code],
        ])
        .toSorted(),
    )
  }, 90_000)

  it('is one sentence on standard error without --json, and wrong use is told apart', async () => {
    const file = join(world.dataFolder, 'text.sarif')
    const remote = ['--url', world.url]
    const held = { WEIR_TOKEN: token }
    const [plain, none, noAsset, strange] = await Promise.all([
      runCli(['import', file, '--asset', storefront, ...remote], held),
      runCli(['import', '/nowhere/x.sarif', '--asset', storefront, ...remote], held),
      runCli(['import', file, '--asset', 'no-such-asset', ...remote], held),
      runCli(['import', file, '--asset', storefront, ...remote], { WEIR_TOKEN: 'weir_wrong' }),
    ])
    expect([plain.code, plain.stdout]).toEqual([3, ''])
    expect(plain.stderr.trim().split('\n')).toHaveLength(1)
    expect([none.code, none.stderr]).toEqual([2, 'There is no file /nowhere/x.sarif.\n'])
    expect([noAsset.code, noAsset.stderr]).toEqual([1, expect.stringContaining('no-such-asset')])
    expect([strange.code, strange.stderr]).toEqual([1, expect.stringMatching(/token/i)])
  }, 60_000)

  it('UTF-16, as PowerShell writes it, is no mistake', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')])
    const answer = await upload(utf16, '&preview=true')
    expect(answer).toMatchObject({ status: 201, json: { state: 'previewed', counts: { results: 1, new: 1 } } })
  })
})

/** Writes `parts` to a file without ever holding it. */
async function writeBig(name: string, parts: Iterable<string>): Promise<string> {
  const file = join(world.dataFolder, name)
  const target = createWriteStream(file)
  for (const part of parts)
    if (!target.write(part)) await new Promise<void>((done) => target.once('drain', () => done()))
  await new Promise<void>((done) => target.end(() => done()))
  return file
}

function* results(count: number): Generator<string> {
  yield head
  for (let n = 0; n < count; n += 1000) {
    const some = Array.from({ length: 1000 }, (_, index) => resultAt(n + index))
    yield (n === 0 ? '' : ',') + some.join(',')
  }
  yield ']}]}'
}

function resultAt(n: number): string {
  return `{"ruleId":"R1","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/${n % 977}.js"},"region":{"startLine":${n}}}}]}`
}

function* oneHugeText(bytes: number): Generator<string> {
  yield `${head}{"ruleId":"R1","message":{"text":"`
  const line = 'word '.repeat(2000)
  for (let n = 0; n < bytes; n += line.length) yield line
  yield '"}}]}]}'
}

function* manyArtifacts(bytes: number): Generator<string> {
  yield '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Heron"}},"artifacts":['
  const contents = 'x'.repeat(1000)
  for (let n = 0, at = 0; at < bytes; n++, at += 1050)
    yield `${n === 0 ? '' : ','}{"location":{"uri":"src/${n}.js"},"contents":{"text":"${contents}"}}`
  yield `],"results":[${resultAt(1)}]}]}`
}

/** How slow the server was at worst to say that it lives, in milliseconds, while `work` ran. */
async function slowestLife<Result>(work: () => Promise<Result>): Promise<{ result: Result; slowestMs: number }> {
  let slowestMs = 0
  const done = new AbortController()
  const asking = (async () => {
    while (!done.signal.aborted) {
      const begunMs = performance.now()
      await (await fetch(`${world.url}/health/live`)).arrayBuffer()
      slowestMs = Math.max(slowestMs, performance.now() - begunMs)
      await sleep(20)
    }
  })()
  const result = await work()
  done.abort()
  await asking
  return { result, slowestMs }
}

describe('a report that is too much', () => {
  const bigger: readonly { name: string; parts: () => Iterable<string>; status: number; code: string; says: RegExp }[] =
    [
      {
        name: '300 MB',
        parts: () => manyArtifacts(300 * megabyte),
        status: 413,
        code: 'report_too_large',
        says: /200 MB/,
      },
      {
        name: 'a million results',
        parts: () => results(1_000_000),
        status: 422,
        code: 'report_too_many_results',
        says: /500,?000/,
      },
    ]

  it.each(bigger)(
    '$name: a clear answer, flat memory, a server that answers others meanwhile',
    async (one) => {
      const file = await writeBig(`${one.name}.sarif`, one.parts())
      const { result, slowestMs } = await slowestLife(async () => upload(await openAsBlob(file)))
      const peakMb = peakMemoryMb(world.weir().pid)
      expect([result.status, problem.parse(result.json).code]).toEqual([one.status, one.code])
      expect(problem.parse(result.json).detail).toMatch(one.says)
      expect(slowestMs).toBeLessThan(5000)
      expect(peakMb).toBeLessThan(512)
      expect((await world.admin.call(listVulnerabilities)).total).toBe(0)
    },
    60_000,
  )

  it('a single result of 40 MB is counted and named, not read', async () => {
    const done = reportImport.parse(
      (await upload(await openAsBlob(await writeBig('one.sarif', oneHugeText(40 * megabyte))))).json,
    )
    expect(done).toMatchObject({ state: 'applied', counts: { results: 1, new: 0, skipped: 1 } })
    const { items } = await world.admin.call(listImportItems, { params: { id: done.id } })
    expect(items).toMatchObject([{ outcome: 'skipped', step: 'oversized' }])
  }, 30_000)

  it('the command says the same of 300 MB, here and over the network, without holding the file', async () => {
    const file = join(world.dataFolder, '300 MB.sarif')
    const args = ['import', file, '--asset', storefront, '--json']
    for (const more of [[], ['--url', world.url]]) {
      const done = await runCli([...args, ...more], { ...world.environment, WEIR_TOKEN: token })
      expect([done.code, cliError.parse(JSON.parse(done.stdout)).error.code]).toEqual([3, 'report_too_large'])
      expect(done.peakMb).toBeLessThan(512)
    }
  }, 60_000)

  it('nothing of them is left on the disk', async () => {
    for (const folder of ['temp', 'uploads'])
      expect(await readdir(join(world.dataFolder, folder)).catch(() => [])).toEqual([])
  })
})
