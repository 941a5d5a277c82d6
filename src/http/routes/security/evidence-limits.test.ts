import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, setUp, type TestApp, type TestClient } from '../../../../test/app.ts'

let test: TestApp
let admin: TestClient
let assetId = ''

beforeAll(async () => {
  test = await createTestApp({ config: { maxEvidenceBytes: 1000, maxEvidenceFiles: 12 } })
  admin = await setUp(test)
  const asset = { key: 'quay', name: 'Quay', default_branch: 'trunk' }
  assetId = Object((await admin.send('POST', '/api/v1/assets', { json: asset })).body).id
})
afterAll(async () => test.close())

async function create(): Promise<string> {
  const json = { asset_id: assetId, title: 'Door is open', severity: 'high' }
  return Object((await admin.send('POST', '/api/v1/vulnerabilities', { json })).body).id
}
async function add(id: string, bytes: number) {
  const path = `/api/v1/vulnerabilities/${id}/evidence-files?name=log.txt`
  const headers = { 'content-type': 'application/octet-stream' }
  const { status, body, text } = await admin.send('POST', path, { body: 'x'.repeat(bytes), headers })
  return { status, id: String(Object(body).id), text }
}
const use = async () => (await admin.send('GET', '/api/v1/settings/evidence-files')).body
const limits = { max_bytes: 1000, max_files_each: 12 }
const counted = async () => {
  const found = await test.database.pool.query(
    'select count(*) as files, coalesce(sum(bytes), 0) as bytes from evidence_file where removed_at is null',
  )
  return { ...limits, files: Number(found.rows[0].files), bytes: Number(found.rows[0].bytes) }
}

it('files of evidence have room for as many bytes as are allowed, also when they come together to many vulnerabilities', async () => {
  expect(await use()).toEqual({ ...limits, files: 0, bytes: 0 })
  const ids = await Promise.all(Array.from({ length: 4 }, create))
  const sent = await Promise.all(ids.flatMap((id) => [add(id, 150), add(id, 150), add(id, 150)]))
  expect(sent.filter(({ status }) => status === 201)).toHaveLength(6)
  const refused = sent.filter(({ status }) => status === 409)
  expect(refused).toHaveLength(6)
  expect(refused[0]?.text).toMatch(/may take .* GB in all, and .*log\.txt.* has no room.*WEIR_EVIDENCE_GB/)
  expect(await use()).toEqual({ ...limits, files: 6, bytes: 900 })
  expect(await counted()).toEqual(await use())

  const [kept] = sent.filter(({ status }) => status === 201)
  const path = `/api/v1/evidence-files/${kept?.id}`
  const removed = await Promise.all([admin.send('DELETE', path), admin.send('DELETE', path)])
  expect(removed.map(({ status }) => status)).toEqual([204, 204])
  expect(await use()).toEqual({ ...limits, files: 5, bytes: 750 })
  const [id = ''] = ids
  expect((await add(id, 251)).status).toBe(409)
  expect((await add(id, 250)).status).toBe(201)
  expect(await counted()).toEqual(await use())
})

it('one vulnerability has as many as are allowed, and says so', async () => {
  await test.database.pool.query('update evidence_use set bytes = 0')
  const id = await create()
  for (let index = 0; index < 12; index++) expect((await add(id, 1)).status).toBe(201)
  expect(await add(id, 1)).toMatchObject({ status: 409, text: expect.stringContaining('can have 12 files') })
  const list = await admin.send('GET', `/api/v1/vulnerabilities/${id}/evidence-files`)
  expect(Object(list.body).limits.files).toBe(12)
})
