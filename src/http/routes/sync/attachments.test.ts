import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { message as messageSchema } from '../../../../contract/sync/messages.ts'
import {
  createTestApp,
  createTestClient,
  setUp,
  type TestApp,
  type TestClient,
  testPassword,
} from '../../../../test/app.ts'
import { deleteForgottenStaged } from '../../../store/sync/attachments.ts'

let test: TestApp
let admin: TestClient
let developer: TestClient
let id = ''

const limits = {
  files: 3,
  bytesEach: 200,
  bytesTogether: 300,
  types: ['image/png', 'text/plain', 'application/zip'] as const,
}
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('a picture of the harbour')])

beforeAll(async () => {
  test = await createTestApp({ config: { attachmentLimits: limits, maxEvidenceBytes: 2000 } })
  admin = await setUp(test)
  const made = await admin.send('POST', '/api/v1/invitations', {
    json: { email: 'dev@example.com', role: 'developer' },
  })
  developer = createTestClient(test.url)
  const token = String(Object(made.body).link).split('#')[1]
  await developer.send('POST', '/api/v1/invitations/accept', { json: { token, name: 'Dev', password: testPassword } })
  const asset = { key: 'quay', name: 'Quay', default_branch: 'trunk' }
  const { id: assetId } = Object((await admin.send('POST', '/api/v1/assets', { json: asset })).body)
  const json = { asset_id: assetId, title: 'Door is open', severity: 'high' }
  id = Object((await admin.send('POST', '/api/v1/vulnerabilities', { json })).body).id
})
afterAll(async () => test.close())

async function bring(name: string, body: Buffer | string, by = admin) {
  const path = `/api/v1/vulnerabilities/${id}/attachments?name=${encodeURIComponent(name)}`
  const headers = { 'content-type': 'application/octet-stream' }
  const answer = await by.send('POST', path, { body, headers })
  return { status: answer.status, text: answer.text, file: Object(answer.body), id: String(Object(answer.body).id) }
}
async function write(json: object) {
  const answer = await admin.send('POST', `/api/v1/vulnerabilities/${id}/messages`, { json })
  return { status: answer.status, text: answer.text, message: Object(answer.body) }
}
const use = async () => Object((await admin.send('GET', '/api/v1/settings/evidence-files')).body)
const fetchFile = async (fileId: string) => {
  const answer = await fetch(`${test.url}/api/v1/attachments/${fileId}`, { headers: { cookie: admin.cookie() ?? '' } })
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
}

describe('a file for a message', () => {
  it('is sealed in the database, goes with its message, and takes room of the files of evidence', async () => {
    const brought = await bring('harbour.png', png)
    expect(brought).toMatchObject({ status: 201, file: { media_type: 'image/png', is_image: true, is_kept: true } })
    expect(await use()).toMatchObject({ files: 1, bytes: png.length })
    const { rows } = await test.database.pool.query('select data from evidence_file_chunk')
    expect(String(rows[0].data)).not.toContain('harbour')
    const { status, message } = await write({ body: '', attachment_ids: [brought.id] })
    expect(status).toBe(201)
    expect(messageSchema.parse(message).attachments).toMatchObject([{ id: brought.id, name: 'harbour.png' }])
    const listed = await admin.send('GET', `/api/v1/vulnerabilities/${id}/messages`)
    expect(Object(listed.body).items.at(-1).attachments).toHaveLength(1)
    const evidence = await admin.send('GET', `/api/v1/vulnerabilities/${id}/evidence-files`)
    expect(Object(evidence.body).items).toEqual([])
  })

  it('is judged by its content and not by its name', async () => {
    expect((await bring('notes.png', 'plain words')).file).toMatchObject({ media_type: 'text/plain', is_image: false })
    const program = await bring('notes.txt', Buffer.from('7f454c460201010000000000', 'hex'))
    expect(program).toMatchObject({ status: 415, text: expect.stringContaining('application/x-executable') })
    expect((await bring('shot.png', Buffer.from('ffd8ffe0000000', 'hex'))).status).toBe(415)
    expect((await bring('empty.txt', '')).status).toBe(422)
    expect((await bring('long.txt', 'x'.repeat(201))).status).toBe(413)
  })

  it('is one of as many, and as large ones together, as a message may have', async () => {
    const four = await Promise.all(['a', 'b', 'c', 'd'].map(async (name) => (await bring(name, name)).id))
    expect(await write({ body: 'four', attachment_ids: four })).toMatchObject({ status: 422 })
    const large = [(await bring('e', 'x'.repeat(160))).id, (await bring('f', 'x'.repeat(160))).id]
    expect((await write({ body: 'much', attachment_ids: large })).text).toContain('together')
    expect((await write({ body: 'three', attachment_ids: four.slice(0, 3) })).status).toBe(201)
    for (const left of [...large, four[3]])
      expect((await admin.send('DELETE', `/api/v1/attachments/${left}`)).status).toBe(204)
  })

  it('can be taken away before it is sent, by who brought it, and gives its room back', async () => {
    const before = await use()
    const brought = await bring('a.txt', 'a')
    expect((await developer.send('DELETE', `/api/v1/attachments/${brought.id}`)).status).toBe(403)
    expect((await admin.send('DELETE', `/api/v1/attachments/${brought.id}`)).status).toBe(204)
    expect(await use()).toEqual(before)
    expect((await write({ body: 'x', attachment_ids: [brought.id] })).status).toBe(422)
  })

  it('is sent once, and by nobody else', async () => {
    const brought = await bring('a.txt', 'a', developer)
    expect((await write({ body: 'x', attachment_ids: [brought.id] })).status).toBe(422)
    const own = await bring('a.txt', 'a')
    expect((await write({ body: 'x', attachment_ids: [own.id] })).status).toBe(201)
    expect((await write({ body: 'x', attachment_ids: [own.id] })).status).toBe(422)
    expect((await admin.send('DELETE', `/api/v1/attachments/${own.id}`)).status).toBe(409)
  })

  it('goes with a deleted message: its line stays, its bytes and its room do not', async () => {
    const before = await use()
    const brought = await bring('a.txt', 'gone')
    const { message } = await write({ body: 'x', attachment_ids: [brought.id] })
    await admin.send('DELETE', `/api/v1/messages/${message.id}`)
    expect(await use()).toEqual(before)
    expect((await fetchFile(brought.id)).status).toBe(410)
    const listed = await admin.send('GET', `/api/v1/vulnerabilities/${id}/messages`)
    const shown = Object(listed.body).items.find((one: { id: string }) => one.id === message.id)
    expect(shown.attachments).toMatchObject([{ name: 'a.txt', removed_by: expect.any(String) }])
  })

  it('has no room where the organization has none', async () => {
    await test.database.pool.query('update evidence_use set bytes = 1990')
    expect(await bring('a.txt', 'x'.repeat(50))).toMatchObject({
      status: 409,
      text: expect.stringContaining('has no room'),
    })
    await test.database.pool.query('update evidence_use set bytes = 0')
  })

  it('that was never sent goes after a day, with its room; a sent one stays', async () => {
    const before = await use()
    const sent = await bring('sent.txt', 'sent')
    await write({ body: 'x', attachment_ids: [sent.id] })
    const forgotten = await bring('forgotten.txt', 'forgotten')
    const { pool, db } = test.database
    const aged = `update attachment set created_at = now() - interval '25 hours' where id = any($1) returning organization_id`
    const { rows } = await pool.query(aged, [[sent.id, forgotten.id]])
    const organizationId = String(rows[0].organization_id)
    await deleteForgottenStaged(db, { organizationId, before: new Date(Date.now() - 24 * 3600_000) })
    expect((await fetchFile(forgotten.id)).status).toBe(404)
    expect((await fetchFile(sent.id)).status).toBe(200)
    expect(await use()).toMatchObject({ files: before.files + 1, bytes: before.bytes + 4 })
  })

  it('without words or files there is no message', async () => {
    expect((await write({ body: '  ' })).status).toBe(422)
  })
})

describe('what is sent to a browser', () => {
  const hostile = [
    ['SVG', 'logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['HTML', 'page.html', '<!doctype html><script>alert(1)</script>'],
    ['HTML under the name of a picture', 'page.png', '<!doctype html><script>alert(1)</script>'],
  ] as const

  it.each(hostile)('of %s is a download that nothing runs in', async (_what, name, text) => {
    const { id: fileId } = await bring(name, text)
    const { status, headers } = await fetchFile(fileId)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain('sandbox')
    expect(headers.get('cache-control')).toBe('private, no-store')
    await admin.send('DELETE', `/api/v1/attachments/${fileId}`)
  })

  it('of a picture is that picture, with nothing allowed around it', async () => {
    const { id: fileId } = await bring('a.png', png)
    const { headers, body } = await fetchFile(fileId)
    expect(headers.get('content-type')).toBe('image/png')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(body.equals(png)).toBe(true)
    await admin.send('DELETE', `/api/v1/attachments/${fileId}`)
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\evil.txt', 'evil.txt'],
    ['a"; filename="b.html', 'a; filename=b.html'],
    ['line\r\nset-cookie: x=1.txt', 'lineset-cookie: x=1.txt'],
    ['\u202Egnp.exe', 'gnp.exe'],
  ])('of the name %j is a name alone', async (given, kept) => {
    const { file, id: fileId } = await bring(given, 'words')
    expect(file.name).toBe(kept)
    const { headers } = await fetchFile(fileId)
    expect(headers.get('set-cookie')).toBeNull()
    const disposition = headers.get('content-disposition') ?? ''
    expect(disposition.match(/filename="[^"]*"/g)).toHaveLength(1)
    await admin.send('DELETE', `/api/v1/attachments/${fileId}`)
  })

  it('is not given to forms of other sites, which cannot send this type', async () => {
    const path = `/api/v1/vulnerabilities/${id}/attachments?name=a.txt`
    const answer = await admin.send('POST', path, { body: 'a', headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(415)
  })
})
