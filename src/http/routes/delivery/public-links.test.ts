import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, createTestApp, setUp, type TestApp, type TestClient } from '../../../../test/app.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../../test/delivery-facts.ts'
import { newId } from '../../../lib/ids.ts'
import { computeChangedFigures } from '../../../usecases/delivery/compute-figures.ts'
import { makeLinkToken } from '../../../usecases/delivery/sharing/link-token.ts'

let weir: TestApp
let admin: TestClient
let ours = ''
const foreign = newId()
const [repositoryId, otherRepositoryId, ada, ben] = [newId(), newId(), newId(), newId()]
const clockAt = { now: new Date('2026-03-10T00:00:00Z') }
const clock = () => clockAt.now
const of = (hours: number) => new Date(Date.parse('2026-03-02T08:00:00Z') + hours * 3600_000).toISOString()

beforeAll(async () => {
  weir = await createTestApp({ clock })
  admin = await setUp(weir)
  const { db } = weir.database
  ours = Object((await admin.send('GET', '/api/v1/session')).body).organization.id
  await insertDeliveryPlace(db, {
    organizationId: foreign,
    connectionId: newId(),
    repositories: [
      { id: repositoryId, slug: 'warehouse' },
      { id: otherRepositoryId, slug: 'secret-plans' },
    ],
    people: [
      { id: ada, name: 'Ada Canary' },
      { id: ben, name: 'Ben Canary' },
    ],
  })
  await insertOurs()
  await computeChangedFigures({ db, clock })
})
afterAll(async () => weir.close())

/** Four pull requests into `warehouse` and three into `secret-plans`, and one left out with words about a person. */
async function insertOurs(): Promise<void> {
  const { db } = weir.database
  for (const table of ['connection', 'repository', 'contributor'] as const) {
    const rows = await db.selectFrom(table).selectAll().where('organization_id', '=', foreign).execute()
    const copies = rows.map((row) => ({ ...row, organization_id: ours }))
    await db.insertInto(table).values(copies).execute()
  }
  const pullRequests = [1, 2, 4, 8, 1, 1, 1, 1].map((wait, index) => ({
    id: newId(),
    repositoryId: index < 4 || index === 7 ? repositoryId : otherRepositoryId,
    number: index + 1,
    authorId: ada,
    openedAt: of(index),
    state: 'merged' as const,
    ...(index === 7 && { excludedReason: 'Ada Canary was on leave' }),
    events: [
      { kind: 'approval' as const, at: of(index + wait), by: ben },
      { kind: 'merged' as const, at: of(index + 10), by: ada },
    ],
  }))
  await insertPullRequests(db, ours, pullRequests)
}

const view = {
  name: 'Flow of the warehouse',
  group: 'flow',
  days: 30,
  from: null,
  to: null,
  repository_ids: [repositoryId],
  branches: [] as string[],
  time_zone: 'UTC',
  shows_titles: false,
}
const turn = (is_on: boolean) => admin.send('PUT', '/api/v1/settings/public-links', { json: { is_on } })
const make = async (part: object = {}): Promise<{ token: string; id: string }> => {
  const { status, body } = await admin.send('POST', '/api/v1/public-links', { json: { ...view, ...part } })
  expect([status, body]).toEqual([201, expect.anything()])
  const { url, link } = Object(body)
  return { token: String(url).split('#token=')[1] ?? '', id: link.id }
}
/** Without a login, as whoever has the link. */
const guest = async (what: 'open' | 'figure' | 'rows', json: object, more = ''): Promise<Answer> => {
  const response = await fetch(`${weir.url}/api/v1/public-links/${what}${more}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  const text = await response.text()
  const body: unknown = JSON.parse(text)
  return { status: response.status, headers: response.headers, body, text }
}

describe('public links', () => {
  test('are off until an administrator turns them on', async () => {
    expect((await admin.send('GET', '/api/v1/public-links')).body).toEqual({ is_on: false, items: [] })
    expect((await admin.send('POST', '/api/v1/public-links', { json: view })).status).toBe(409)
    await turn(true)
    await make()
    await turn(false)
  })

  test('show one view without a login, and neither names of people, titles nor addresses', async () => {
    await turn(true)
    const { token } = await make()
    const opened = await guest('open', { token })
    expect(opened.body).toMatchObject({
      name: 'Flow of the warehouse',
      group: 'flow',
      repositories: ['warehouse'],
      from: '2026-02-09T00:00:00.000Z',
      to: '2026-03-11T00:00:00.000Z',
    })
    const figure = await guest('figure', { token, key: 'pickup_time' })
    expect(figure.body).toMatchObject({ value: 3 * 3600, n: 4, excluded: [{ reason: 'by decision', count: 1 }] })
    const rows = await guest('rows', { token, key: 'pickup_time' })
    expect(Object(rows.body).items).toHaveLength(4)
    expect(Object(rows.body).items[0]).toMatchObject({ repository: 'warehouse', title: null })
    for (const { text } of [opened, figure, rows])
      expect(text).not.toMatch(/Canary|Change \d|secret-plans|127\.0\.0\.1/)
  })

  test('show every figure of their view, whatever it is narrowed by', async () => {
    for (const group of ['dora', 'reviews', 'pipelines']) {
      const { token } = await make({ group, branches: ['main'] })
      const { metrics } = Object((await guest('open', { token })).body)
      expect(metrics.length).toBeGreaterThan(3)
      for (const { key } of metrics) {
        expect([key, (await guest('figure', { token, key })).status]).toEqual([key, 200])
        expect([key, (await guest('rows', { token, key })).status]).toEqual([key, 200])
      }
    }
  })

  test('tell what is left out by a rule of the product as that, and not as somebody’s decision', async () => {
    const { db } = weir.database
    const shared = db.updateTable('pull_request').where('organization_id', '=', ours).where('remote_id', 'in', [1, 2])
    await shared.set({ merge_sha: 'c'.repeat(40) }).execute()
    await computeChangedFigures({ db, clock })
    const { token } = await make({ group: 'health' })
    const { excluded } = Object((await guest('figure', { token, key: 'pr_throughput' })).body)
    expect(excluded).toEqual([
      { reason: 'batch_merge', count: 1 },
      { reason: 'by decision', count: 1 },
    ])
    await shared.set({ merge_sha: null }).execute()
    await computeChangedFigures({ db, clock })
  })

  test('show the fixed days, the teams, labels and hours they were made of, and nothing once a team is gone', async () => {
    const rule = { label: 'Eager', field: 'title', pattern: 'Change 1*' }
    await admin.send('PUT', '/api/v1/settings/labels', { json: { items: [rule] } })
    const { body: team } = await admin.send('POST', '/api/v1/teams', { json: { name: 'Quay', time_zone: 'UTC' } })
    const { id } = Object(team)
    await admin.send('PATCH', `/api/v1/teams/${id}`, { json: { repository_ids: [otherRepositoryId] } })
    await computeChangedFigures({ db: weir.database.db, clock })
    const range = { days: null, from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' }
    const ofTeam = await make({ repository_ids: [], ...range, team_ids: [id], hours: 'business' })
    expect((await guest('open', { token: ofTeam.token })).body).toMatchObject({
      from: range.from,
      to: range.to,
      teams: ['Quay'],
      labels: [],
      repositories: [],
      hours: 'business',
    })
    const figure = async (token: string) => Object((await guest('figure', { token, key: 'pickup_time' })).body)
    expect(await figure(ofTeam.token)).toMatchObject({ n: 3, from: range.from, to: range.to })
    expect(Object((await guest('rows', { token: ofTeam.token, key: 'pickup_time' })).body).items).toHaveLength(3)
    expect((await figure((await make({ repository_ids: [], labels: ['Eager'] })).token)).n).toBe(1)
    // The first was opened an hour before the working day began.
    const meanOf = async (hours: string) => {
      const { token } = await make({ hours })
      return Object((await guest('figure', { token, key: 'pickup_time', statistic: 'mean' })).body).value
    }
    expect(await meanOf('business')).toBeLessThan(await meanOf('all'))
    const { items } = Object((await admin.send('GET', '/api/v1/public-links')).body)
    expect(items).toContainEqual(expect.objectContaining({ id: ofTeam.id, team_ids: [id], hours: 'business' }))
    await admin.send('DELETE', `/api/v1/teams/${id}`)
    expect((await guest('open', { token: ofTeam.token })).status).toBe(410)
    expect((await guest('figure', { token: ofTeam.token, key: 'pickup_time' })).status).toBe(410)
    await admin.send('PUT', '/api/v1/settings/labels', { json: { items: [] } })
    await computeChangedFigures({ db: weir.database.db, clock })
  })

  test('show titles where that was ticked', async () => {
    const { token } = await make({ shows_titles: true })
    const { body } = await guest('rows', { token, key: 'pickup_time' })
    expect(Object(body).items[0].title).toBe('Change 4')
  })

  test('let nothing of the view be changed by whoever opens them', async () => {
    const { token } = await make()
    expect((await guest('figure', { token, key: 'pr_throughput' })).status).toBe(404)
    const widened = { token, key: 'pickup_time', repository: [otherRepositoryId] }
    expect((await guest('figure', widened)).status).toBe(422)
    expect((await guest('rows', { token, key: 'pickup_time', from: of(-1000) })).status).toBe(422)
    const plain = await guest('figure', { token, key: 'pickup_time' })
    const typed = await guest('figure', { token, key: 'pickup_time' }, `?repository=${otherRepositoryId}&branch=x`)
    expect(typed.body).toEqual(plain.body)
  })

  test('answer nothing, always in the same words, when revoked, expired, switched off, changed or guessed', async () => {
    const { token, id } = await make({ expires_in_days: 2 })
    const live = await make()
    const words = async (given: string) => {
      const { status, body } = await guest('open', { token: given })
      return [status, Object(body).detail]
    }
    const gone = await words('x'.repeat(86))
    expect(gone[0]).toBe(410)
    const last = live.token.slice(0, 20) + (live.token[20] === 'A' ? 'B' : 'A') + live.token.slice(21)
    const secret = Buffer.from(live.token, 'base64url').subarray(0, 32)
    const otherTenant = makeLinkToken({ organizationId: foreign, id: live.id }, () => secret)
    const otherLink = makeLinkToken({ organizationId: ours, id }, () => secret)
    const tries = [last, otherTenant, otherLink, newId(), makeLinkToken({ organizationId: ours, id: live.id })]
    for (const given of tries) expect(await words(given)).toEqual(gone)
    expect((await guest('open', { token: '' })).status).toBe(422)
    expect((await words(token))[0]).toBe(200)
    clockAt.now = new Date('2026-03-12T00:00:00Z')
    expect(await words(token)).toEqual(gone)
    await turn(false)
    expect(await words(live.token)).toEqual(gone)
    await turn(true)
    expect((await words(live.token))[0]).toBe(200)
    expect((await admin.send('DELETE', `/api/v1/public-links/${live.id}`)).status).toBe(204)
    expect(await words(live.token)).toEqual(gone)
    for (const what of ['figure', 'rows'] as const)
      expect((await guest(what, { token: live.token, key: 'pickup_time' })).status).toBe(410)
    expect((await admin.send('DELETE', `/api/v1/public-links/${live.id}`)).status).toBe(404)
  })

  test('are kept by no cache, found by no search engine and framed by nobody', async () => {
    const { token } = await make()
    const { headers } = await guest('open', { token })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow')
    const page = await fetch(`${weir.url}/shared`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    const login = await fetch(`${weir.url}/login`, { headers: { accept: 'text/html' } })
    expect(login.headers.get('x-robots-tag')).toBeNull()
  })

  test('keep their token nowhere: neither in the database nor in the log nor in the list', async () => {
    const { token } = await make()
    await guest('open', { token })
    const stored = await weir.database.db.selectFrom('public_link').selectAll().execute()
    const { text } = await admin.send('GET', '/api/v1/public-links')
    for (const place of [JSON.stringify(stored), weir.logged(), text]) expect(place).not.toContain(token)
  })

  test('are listed as long as they may answer, however many were revoked since', async () => {
    const { id } = await make()
    const { db } = weir.database
    const row = await db.selectFrom('public_link').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const ended = Array.from({ length: 200 }, () => ({ ...row, id: newId(), revoked_at: clock() }))
    await db.insertInto('public_link').values(ended).execute()
    const { items } = Object((await admin.send('GET', '/api/v1/public-links')).body)
    expect(items.map((one: { id: string }) => one.id)).toContain(id)
    const ids = ended.map((one) => one.id)
    await db.deleteFrom('public_link').where('organization_id', '=', ours).where('id', 'in', ids).execute()
  })

  test('are written down when they are made, ended and switched', async () => {
    const { text } = await admin.send('GET', '/api/v1/audit-events?limit=200')
    for (const action of ['public_links.changed', 'public_link.created', 'public_link.revoked'])
      expect(text).toContain(action)
    expect(text).toContain('Flow of the warehouse')
  })

  test.each([
    ['a repository of nobody', { repository_ids: ['00000000-0000-7000-8000-000000000000'] }],
    ['a team of nobody', { team_ids: ['00000000-0000-7000-8000-000000000000'] }],
    ['no period', { days: null }],
    ['two periods', { from: of(0), to: of(1) }],
    ['a period that ends before it begins', { days: null, from: of(1), to: of(0) }],
    ['a zone nobody knows', { time_zone: 'Nowhere/Land' }],
    ['more than a year', { expires_in_days: 367 }],
    [
      'a period longer than any figure is shown of',
      { days: null, from: '2010-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    ],
  ])('cannot be made with %s', async (_, part) => {
    expect((await admin.send('POST', '/api/v1/public-links', { json: { ...view, ...part } })).status).toBe(422)
  })

  test('are limited for each address', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, async () => guest('open', { token: 'x'.repeat(86) })))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
  })
})
