import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vulnerability as vulnerabilitySchema } from '../../../../contract/security/vulnerabilities.ts'
import {
  createTestApp,
  createTestClient,
  setUp,
  type TestApp,
  type TestClient,
  testPassword,
} from '../../../../test/app.ts'

let test: TestApp
let admin: TestClient
let champion: TestClient
let developer: TestClient
let viewer: TestClient
let assetId = ''

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('a picture of the harbour')])

beforeAll(async () => {
  test = await createTestApp()
  admin = await setUp(test)
  champion = await join('champion')
  developer = await join('developer')
  viewer = await join('viewer')
  const asset = await admin.send('POST', '/api/v1/assets', {
    json: { key: 'quay', name: 'Quay', default_branch: 'trunk' },
  })
  assetId = Object(asset.body).id
})
afterAll(async () => test.close())

async function join(role: string): Promise<TestClient> {
  const made = await admin.send('POST', '/api/v1/invitations', { json: { email: `${role}@example.com`, role } })
  const client = createTestClient(test.url)
  const token = String(Object(made.body).link).split('#')[1]
  await client.send('POST', '/api/v1/invitations/accept', {
    json: { token, name: `The ${role}`, password: testPassword },
  })
  return client
}

async function create(more: object = {}, by = champion) {
  const json = { asset_id: assetId, title: 'Door is open', severity: 'high', ...more }
  const answer = await by.send('POST', '/api/v1/vulnerabilities', { json })
  return { status: answer.status, body: Object(answer.body), text: answer.text }
}

async function historyOf(id: string) {
  const answer = await viewer.send('GET', `/api/v1/vulnerabilities/${id}/events`)
  return Object(answer.body).items.map((event: object) => {
    const { kind, actor_name: actor, before, after, reason } = Object(event)
    return { kind, actor, before, after, reason }
  })
}

describe('a vulnerability made by hand', () => {
  it('is created, has no finding behind it, and says so in its history', async () => {
    const { status, body } = await create({
      description: 'It **is**.',
      path: 'src/door.ts',
      line: 3,
      cwes: [284],
      tags: ['quay'],
    })
    expect([status, body.status, body.scanner, body.source, body.branch]).toEqual([
      201,
      'created',
      'By hand',
      'person',
      'trunk',
    ])
    expect(vulnerabilitySchema.parse(body)).toMatchObject({
      evidence: [],
      findings: 0,
      path: 'src/door.ts',
      line: 3,
      cwes: [284],
    })
    expect(await historyOf(body.id)).toMatchObject([
      { kind: 'by_hand', actor: 'The champion', after: { severity: 'high' } },
    ])
    const listed = await viewer.send('GET', '/api/v1/vulnerabilities?scanner=By%20hand')
    expect(Object(listed.body).items[0]).toMatchObject({ id: body.id, scanner: 'By hand' })
  })

  it.each([
    [{ severity: 'low' }, { severity: 'low', severity_source: 'person' }],
    [
      { severity: undefined, impact: 3, probability: 3 },
      { severity: 'critical', severity_source: 'impact', impact: 3 },
    ],
    [
      { severity: undefined, cvss_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
      { severity: 'critical', severity_source: 'cvss', cvss_score: 9.8 },
    ],
    [{ endpoint: 'https://quay.example/login' }, { path: 'https://quay.example/login', line: null }],
  ])('rated or placed by %j becomes %j', async (given, becomes) => {
    expect((await create(given)).body).toMatchObject(becomes)
  })

  it.each([
    [{ impact: 3, probability: 3 }, /one way/],
    [{ severity: undefined }, /rate it/],
    [{ severity: undefined, impact: 3 }, /give both/],
    [{ severity: undefined, cvss_vector: 'CVSS:3.1/AV:N' }, /cvss_vector/],
    [{ title: ' ' }, /title/],
    [{ title: undefined }, /title/],
    [{ line: 3 }, /path/],
    [{ path: 'a.ts', endpoint: 'https://x.example' }, /not both/],
    [{ colour: 'red' }, /colour/],
  ])('with %j is refused with the reason', async (given, reason) => {
    const { status, text } = await create(given)
    expect(status).toBe(422)
    expect(text).toMatch(reason)
  })

  it('is made once however often the same request comes', async () => {
    const json = { asset_id: assetId, title: 'Once', severity: 'low' }
    const send = async () =>
      champion.send('POST', '/api/v1/vulnerabilities', { json, headers: { 'idempotency-key': 'once' } })
    const ids = [Object((await send()).body).id, Object((await send()).body).id]
    expect(ids[0]).toBe(ids[1])
  })

  it('is not written into an archived asset', async () => {
    const made = await admin.send('POST', '/api/v1/assets', { json: { key: 'old', name: 'Old' } })
    const { id } = Object(made.body)
    await admin.send('PATCH', `/api/v1/assets/${id}`, { json: { archived: true } })
    expect((await create({ asset_id: id })).text).toMatch(/archived/)
  })
})

describe('templates', () => {
  it('of the starter set come once, and a form without words takes them with the names filled in', async () => {
    const add = async () =>
      Object((await champion.send('POST', '/api/v1/vulnerability-templates/starter-set')).body).added
    expect([await add(), await add()]).toEqual([10, 0])
    const listed = Object((await viewer.send('GET', '/api/v1/vulnerability-templates')).body).items
    const secret = listed.find((item: object) => Object(item).name === 'Secret in the repository')
    expect(secret).toMatchObject({ kind: 'secret', severity: 'high', cwes: [798, 540] })
    const { body } = await create({ template_id: secret.id, title: undefined, severity: undefined, branch: 'release' })
    expect(body).toMatchObject({
      title: 'Secret in the repository of Quay',
      severity: 'high',
      severity_source: 'impact',
      cwes: [798, 540],
    })
    expect(body.description).toMatch(/stands in a file on release[^]*## How to fix it[^]*Revoke it/)
    expect((await historyOf(body.id))[0].after).toEqual({ severity: 'high', template: 'Secret in the repository' })
  })

  it('are changed by champions, one at a time, and removed; what was written stays', async () => {
    const json = { name: 'Ours', title: 'On {{branch}}', impact: 1, probability: 1 }
    const made = await champion.send('POST', '/api/v1/vulnerability-templates', { json })
    const { id, version } = Object(made.body)
    expect((await champion.send('POST', '/api/v1/vulnerability-templates', { json })).status).toBe(409)
    const path = `/api/v1/vulnerability-templates/${id}`
    const change = async (more: object) =>
      (await champion.send('PATCH', path, { json: { impact: 3, version, ...more } })).status
    expect([await change({}), await change({}), await change({ version: version + 1, name: 'CSRF' })]).toEqual([
      200, 409, 200,
    ])
    const { body } = await create({ template_id: id, title: undefined, severity: undefined })
    expect(body).toMatchObject({ title: 'On trunk', severity: 'medium' })
    expect((await champion.send('DELETE', path)).status).toBe(204)
    expect((await create({ template_id: id })).text).toMatch(/no such template/)
    expect((await viewer.send('GET', `/api/v1/vulnerabilities/${body.id}`)).status).toBe(200)
  })

  it('of one name are not made by a change either', async () => {
    const listed = Object((await viewer.send('GET', '/api/v1/vulnerability-templates')).body).items
    const path = `/api/v1/vulnerability-templates/${listed[0].id}`
    expect((await champion.send('PATCH', path, { json: { name: listed[1].name } })).status).toBe(409)
  })
})

const octets = { 'content-type': 'application/octet-stream' }

async function add(id: string, file: { name: string; body: Buffer | string }, by = developer) {
  const path = `/api/v1/vulnerabilities/${id}/evidence-files?name=${encodeURIComponent(file.name)}`
  const answer = await by.send('POST', path, { body: file.body, headers: octets })
  return { status: answer.status, body: Object(answer.body), text: answer.text }
}

const filesOf = async (id: string, by = developer) =>
  Object((await by.send('GET', `/api/v1/vulnerabilities/${id}/evidence-files`)).body)

describe('evidence files', () => {
  it('come back as they were given, sealed in between', async () => {
    const { id } = (await create()).body
    const large = Buffer.alloc(3 * 1024 * 1024 + 7, 'canary in the mine ')
    const given = [
      { name: 'shot.png', body: png },
      { name: 'log of “today”.txt', body: large },
    ]
    for (const file of given) {
      const { status, body } = await add(id, file)
      expect([status, body.name, body.bytes, body.added_by]).toEqual([
        201,
        file.name,
        file.body.length,
        'The developer',
      ])
      const answer = await fetch(`${test.url}/api/v1/evidence-files/${body.id}`, {
        headers: { cookie: viewer.cookie() ?? '' },
      })
      expect(Buffer.from(await answer.arrayBuffer()).equals(file.body)).toBe(true)
    }
    const stored = await test.database.pool.query(`select convert_from(data, 'UTF8') as text from evidence_file_chunk`)
    const canary = Buffer.from('canary in the mine ').toString('base64').slice(0, 20)
    for (const { text } of stored.rows) expect(text).not.toMatch(new RegExp(`canary|harbour|${canary}`))
    expect((await historyOf(id)).map((event: object) => Object(event).after?.file)).toEqual([
      'log of “today”.txt',
      'shot.png',
      undefined,
    ])
  })

  it.each([
    ['shot.png', png, 'image/png', /^inline; filename="shot\.png"/],
    ['page.html', '<script>alert(1)</script>', 'application/octet-stream', /^attachment/],
    ['page.xml', '<a/>', 'application/octet-stream', /^attachment/],
    ['a.pdf', '%PDF-1.7', 'application/octet-stream', /^attachment/],
    [
      'héron.txt',
      'x',
      'application/octet-stream',
      /^attachment; filename="h_ron\.txt"; filename\*=UTF-8''h%C3%A9ron\.txt$/,
    ],
  ])('%s is served as nothing that runs', async (name, body, type, disposition) => {
    const { id } = (await create()).body
    const file = (await add(id, { name, body })).body
    const { headers } = await viewer.send('GET', `/api/v1/evidence-files/${file.id}`)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('content-disposition')).toMatch(disposition)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  it.each([
    [{ name: 'drawing.svg', body: '<svg/>' }, 415, /Accepted: png/],
    [{ name: 'tool.exe', body: 'MZ' }, 415, /cannot be kept/],
    [{ name: 'shot.png', body: '<svg onload=alert(1)>' }, 415, /not what its name says/],
    [{ name: 'empty.txt', body: '' }, 422, /empty/],
    [{ name: 'large.txt', body: Buffer.alloc(10 * 1024 * 1024 + 1, 'x') }, 413, /10 MB/],
  ])('%# are refused with the reason, and nothing is kept', async (file, status, reason) => {
    const { id } = (await create()).body
    const answer = await add(id, file)
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(reason)
    expect((await filesOf(id)).items).toEqual([])
  })

  it('are not taken from what a form of another site could send', async () => {
    const { id } = (await create()).body
    const path = `/api/v1/vulnerabilities/${id}/evidence-files?name=a.txt`
    const answer = await developer.send('POST', path, { body: 'a', headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(415)
  })

  it('are limited in number, also when they come together', async () => {
    const { id } = (await create()).body
    const most = 20
    const sent = Array.from({ length: most + 3 }, async (_, index) => add(id, { name: `${index}.txt`, body: 'x' }))
    const statuses = (await Promise.all(sent)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(most)
    expect(statuses.filter((status) => status === 409)).toHaveLength(3)
  })

  it('are removed by who added them or a champion; the line stays, the bytes go', async () => {
    const { id } = (await create()).body
    const mine = (await add(id, { name: 'mine.txt', body: 'a' })).body
    const theirs = (await add(id, { name: 'theirs.txt', body: 'b' }, champion)).body
    const remove = async (file: { id: string }, by: TestClient) =>
      (await by.send('DELETE', `/api/v1/evidence-files/${file.id}`)).status
    expect([await remove(theirs, developer), await remove(mine, viewer)]).toEqual([403, 403])
    expect([await remove(mine, developer), await remove(mine, developer), await remove(theirs, champion)]).toEqual([
      204, 204, 204,
    ])
    const { items } = await filesOf(id)
    expect(items.map((item: object) => [Object(item).removed_by, Object(item).can_remove])).toEqual([
      ['The developer', false],
      ['The champion', false],
    ])
    expect((await viewer.send('GET', `/api/v1/evidence-files/${mine.id}`)).status).toBe(410)
    const left = await test.database.pool.query('select 1 from evidence_file_chunk where evidence_file_id = $1', [
      mine.id,
    ])
    expect(left.rows).toEqual([])
    expect((await historyOf(id)).filter((event: object) => Object(event).kind === 'evidence_removed')).toHaveLength(2)
  })

  it('that a decision leans on are named in its history, and no developer takes them away', async () => {
    const { id } = (await create()).body
    const file = (await add(id, { name: 'proof.txt', body: 'a' })).body
    const other = (await add((await create()).body.id, { name: 'other.txt', body: 'a' })).body
    const move = async (json: object) => champion.send('POST', `/api/v1/vulnerabilities/${id}/move`, { json })
    const decision = { to: 'false_positive', reason: 'It is a test door.' }
    expect((await move({ ...decision, evidence_file_ids: [other.id] })).status).toBe(422)
    expect((await move({ to: 'in_progress', evidence_file_ids: [file.id] })).status).toBe(422)
    expect((await move({ ...decision, evidence_file_ids: [file.id] })).status).toBe(200)
    expect(await historyOf(id)).toMatchObject([
      { kind: 'evidence_given', after: { decision: 'false_positive', files: 'proof.txt' } },
      { kind: 'status', reason: 'It is a test door.', after: { status: 'false_positive' } },
      { kind: 'evidence_added' },
      { kind: 'by_hand' },
    ])
    expect((await filesOf(id)).items).toMatchObject([{ decision: 'false_positive', can_remove: false }])
    expect((await developer.send('DELETE', `/api/v1/evidence-files/${file.id}`)).status).toBe(403)
  })
})

describe('decisions', () => {
  const later = '2099-01-31'
  const decisions = [
    { to: 'risk_accepted', reason: 'Small harbour.', accepted_until: later },
    { to: 'false_positive', reason: 'A painted door.' },
  ]

  it('are made by champions and administrators by no path but their own, whatever the credential', async () => {
    const people = { admin, champion, developer, viewer }
    const allowed: unknown[] = []
    for (const [role, client] of Object.entries(people)) {
      const callers = [{ name: role, client }]
      for (const scope of ['read', 'import', 'triage', 'admin']) {
        const json = { name: scope, scopes: [scope], expires_in_days: 1 }
        const { token } = Object((await client.send('POST', '/api/v1/api-tokens', { json })).body)
        callers.push({ name: `${role} by a token for ${scope}`, client: createTestClient(test.url, { token }) })
      }
      for (const caller of callers)
        for (const json of decisions) {
          const { id } = (await create()).body
          const moved = await caller.client.send('POST', `/api/v1/vulnerabilities/${id}/move`, { json })
          // Neither on the way of a change of fields, nor by writing it down as decided.
          const patched = await caller.client.send('PATCH', `/api/v1/vulnerabilities/${id}`, {
            json: { status: json.to },
          })
          const born = await create({ status: json.to }, caller.client)
          expect([403, 422]).toContain(patched.status)
          expect([403, 422]).toContain(born.status)
          const after = Object((await admin.send('GET', `/api/v1/vulnerabilities/${id}`)).body)
          expect([caller.name, after.status]).toEqual([caller.name, moved.status === 200 ? json.to : 'created'])
          if (moved.status === 200) allowed.push(`${caller.name}: ${json.to}`)
        }
    }
    const deciders = ['admin', 'champion'].flatMap((role) => [
      role,
      `${role} by a token for triage`,
      `${role} by a token for admin`,
    ])
    expect(allowed).toEqual(deciders.flatMap((name) => decisions.map(({ to }) => `${name}: ${to}`)))
  })

  it('are not offered to developers, from whatever status', async () => {
    const { id } = (await create()).body
    const path = `/api/v1/vulnerabilities/${id}`
    const offered = async () =>
      Object((await developer.send('GET', path)).body).allowed_moves.map((move: object) => Object(move).to)
    expect(await offered()).toEqual(['in_progress', 'awaiting_validation'])
    for (const json of [...decisions, { to: 'identified', reason: 'Looked again.' }]) {
      await champion.send('POST', `${path}/move`, { json })
      expect(await offered()).not.toContain('risk_accepted')
      expect(await offered()).not.toContain('false_positive')
    }
    const refused = await developer.send('POST', `${path}/move`, { json: decisions[0] })
    expect(Object(refused.body).detail).toMatch(
      /Allowed: "in progress", "awaiting validation"\. A champion decides that: ask/,
    )
  })

  it('do not come without a reason and, for an accepted risk, a day after today', async () => {
    const { id } = (await create()).body
    const move = async (json: object) =>
      (await champion.send('POST', `/api/v1/vulnerabilities/${id}/move`, { json })).status
    expect(await move({ to: 'false_positive' })).toBe(422)
    expect(await move({ to: 'risk_accepted', reason: 'Small.' })).toBe(422)
    expect(await move({ to: 'risk_accepted', accepted_until: later })).toBe(422)
    expect(await move({ to: 'risk_accepted', reason: 'Small.', accepted_until: '2020-01-01' })).toBe(422)
  })

  it('by somebody who is not allowed leave the vulnerability as it was made: no viewer or developer makes one', async () => {
    expect([(await create({}, developer)).status, (await create({}, viewer)).status]).toEqual([403, 403])
  })
})
