import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, setUp, type TestApp, type TestClient } from '../../../../test/app.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'weir-imports-'))
let test: TestApp
let admin: TestClient
beforeAll(async () => {
  test = await createTestApp({ config: { dataFolder, maxReportBytes: 200_000 } })
  admin = await setUp(test)
  await admin.send('POST', '/api/v1/assets', { json: { key: 'pump', name: 'Pump' } })
})
afterAll(async () => {
  await test.close()
  rmSync(dataFolder, { recursive: true })
})

const result = (n: number) => ({
  ruleId: 'tide/injection',
  level: 'error',
  message: { text: `Input reaches a query (${n})` },
  locations: [{ physicalLocation: { artifactLocation: { uri: `src/pump-${n}.ts` }, region: { startLine: n } } }],
})
const report = (count: number) =>
  JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Tidescan' } }, results: Array.from({ length: count }, (_, n) => result(n + 1)) }],
  })
const leftOver = () => (existsSync(join(dataFolder, 'temp')) ? readdirSync(join(dataFolder, 'temp')) : [])
const upload = (body: string, type = 'application/sarif+json', query = 'asset=pump') =>
  admin.send('POST', `/api/v1/imports?${query}`, { body, headers: { 'content-type': type } })

const uploadOnce = (body = report(4)) =>
  admin.send('POST', '/api/v1/imports?asset=pump&branch=once', {
    body,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'report-1' },
  })

describe('an upload', () => {
  it.each(['application/json', 'application/octet-stream', 'application/sarif+json; charset=utf-8'])(
    'as %s comes in',
    async (type) => {
      const { status, body } = await upload(report(3), type, 'asset=pump&file_name=scan.sarif')
      expect([status, Object(body).counts.results, Object(body).source]).toEqual([201, 3, 'browser'])
      expect(leftOver()).toEqual([])
    },
  )

  it.each(['multipart/form-data; boundary=x', 'text/html', 'application/x-www-form-urlencoded'])(
    'as %s does not',
    async (type) => {
      expect((await upload(report(1), type)).status).toBe(415)
    },
  )

  it('that says it is too large is refused before it is read, one that does not say is cut off', async () => {
    const big = report(2000)
    expect(big.length).toBeGreaterThan(200_000)
    expect((await upload(big)).status).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big))
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/json', cookie: admin.cookie() ?? '', origin: test.url }
    const init = { method: 'POST', headers, body: stream, duplex: 'half' as const }
    const answer = await fetch(`${test.url}/api/v1/imports?asset=pump`, init)
    expect([answer.status, Object(await answer.json()).code]).toEqual([413, 'report_too_large'])
    expect(leftOver()).toEqual([])
  })

  it('for an asset that does not exist names the nearest', async () => {
    const { status, text } = await upload(report(1), 'application/json', 'asset=pumpe')
    expect([status, text]).toEqual([404, expect.stringContaining('pump')])
  })

  it('that is broken off leaves no file and no import behind', async () => {
    const before = Object((await admin.send('GET', '/api/v1/imports')).body).items.length
    const text = report(500)
    for (const share of [0, 0.3, 0.9]) {
      const headers = {
        'content-type': 'application/json',
        'content-length': text.length,
        cookie: admin.cookie() ?? '',
        origin: test.url,
      }
      const sent = request(`${test.url}/api/v1/imports?asset=pump`, { method: 'POST', headers })
      sent.on('error', () => undefined)
      sent.flushHeaders()
      if (share > 0) sent.write(text.slice(0, text.length * share))
      await sleep(150)
      sent.destroy()
    }
    for (let tries = 0; leftOver().length > 0 && tries < 50; tries++) await sleep(50)
    expect(leftOver()).toEqual([])
    const after = Object((await admin.send('GET', '/api/v1/imports')).body).items
    expect(after.filter((one: unknown) => Object(one).state === 'applied')).toHaveLength(1)
    expect(after.length - before).toBeLessThanOrEqual(3)
    expect((await admin.send('GET', '/health/live')).status).toBe(200)
  })

  it('with an Idempotency-Key is done once', async () => {
    const [first, second] = [await uploadOnce(), await uploadOnce()]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })

  it('with the Idempotency-Key of another report is refused, also when it is as long', async () => {
    await uploadOnce()
    const other = report(4).replace('query (1)', 'table (1)')
    expect(other).toHaveLength(report(4).length)
    for (const body of [other, report(5), `${report(4)} `]) {
      const refused = await uploadOnce(body)
      expect([refused.status, Object(refused.body).code]).toEqual([409, 'idempotency_conflict'])
    }
    expect((await uploadOnce()).headers.get('idempotency-replayed')).toBe('true')
  })
})

describe('the report of an import', () => {
  it('is downloaded as it came, under its name, and never shown by a browser', async () => {
    const { body } = await upload(report(5), 'application/json', 'asset=pump&branch=file&file_name=Pumpe%20%C3%84.json')
    const headers = { cookie: admin.cookie() ?? '' }
    const answer = await fetch(`${test.url}/api/v1/imports/${String(Object(body).id)}/file`, { headers })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(report(5))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''Pumpe%20%C3%84.json",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })
})
