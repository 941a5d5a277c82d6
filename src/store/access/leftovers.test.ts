import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../db.ts'
import { deleteLeftovers } from './leftovers.ts'

let database: OpenDatabase
let organizationId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  organizationId = newId()
  await database.db.insertInto('organization').values({ organization_id: organizationId, name: 'Harbour' }).execute()
})
afterAll(async () => database.close())

const now = new Date('2026-11-20T12:00:00Z')
const hours = (count: number): Date => new Date(now.getTime() + count * 3600_000)
const days = (count: number): Date => hours(count * 24)
const mine = () => ({ organization_id: organizationId })

test('ended sessions and answers older than a day are forgotten, all others stay', async () => {
  const { db } = database
  const userId = newId()
  await db.insertInto('auth_user').values({ id: userId, name: 'Ada', email: 'ada@example.com' }).execute()
  const sessions = [-1, 1].map((left) => ({ id: newId(), user_id: userId, token: `t${left}`, expires_at: hours(left) }))
  await db.insertInto('auth_session').values(sessions).execute()
  const keys = [-25, -23].map((age) => ({
    ...mine(),
    principal_id: userId,
    key: `k${age}`,
    request_hash: 'h',
    created_at: hours(age),
  }))
  await db.insertInto('idempotency_key').values(keys).execute()

  await deleteLeftovers(db, now)

  expect(await db.selectFrom('auth_session').select('token').execute()).toEqual([{ token: 't1' }])
  expect(await db.selectFrom('idempotency_key').select('key').execute()).toEqual([{ key: 'k-23' }])
})

describe('of the log', () => {
  const makePlaces = async () => {
    const { db } = database
    const memberId = newId()
    const connectionId = newId()
    const webhookId = newId()
    const assetId = newId()
    const vulnerabilityId = newId()
    const defectId = newId()
    const who = { name: 'Ada', email: 'ada@example.com', role: 'champion' as const, user_id: newId() }
    await db
      .insertInto('member')
      .values({ ...mine(), id: memberId, ...who })
      .execute()
    const connection = {
      kind: 'bitbucket' as const,
      auth_kind: 'access_token' as const,
      name: 'Quay',
      state: 'active' as const,
    }
    const urls = { api_url: 'https://api.example/2.0', web_url: 'https://example', sealed_credential: 'sealed' }
    await db
      .insertInto('connection')
      .values({ ...mine(), id: connectionId, ...connection, ...urls })
      .execute()
    const hook = {
      subject: 'workspace' as const,
      url: 'https://weir.example',
      sealed_secret: 's',
      events: [],
      health: 'ok' as const,
    }
    await db
      .insertInto('webhook')
      .values({ ...mine(), id: webhookId, connection_id: connectionId, ...hook })
      .execute()
    await db
      .insertInto('asset')
      .values({ ...mine(), id: assetId, key: 'quay', name: 'Quay', default_branch: 'main' })
      .execute()
    await db
      .insertInto('vulnerability')
      .values({
        ...mine(),
        id: vulnerabilityId,
        number: 1,
        asset_id: assetId,
        branch: 'main',
        title: 'A door',
        severity: 'high',
        severity_source: 'tool',
        scanner: 'Lantern',
        rule_id: 'door',
        status: 'identified',
        opened_at: now,
        last_seen_at: now,
      })
      .execute()
    const repositoryId = newId()
    const remote = { remote_uuid: newId(), workspace_uuid: 'w', workspace_slug: 'w', slug: 'quay', name: 'Quay' }
    await db
      .insertInto('repository')
      .values({ ...mine(), id: repositoryId, connection_id: connectionId, ...remote, web_url: 'https://example' })
      .execute()
    await db
      .insertInto('defect')
      .values({
        ...mine(),
        id: defectId,
        vulnerability_id: vulnerabilityId,
        connection_id: connectionId,
        repository_id: repositoryId,
        tracker: 'bitbucket-issues',
        container_id: 'c',
        link: 'ok',
      })
      .execute()
    return { memberId, connectionId, webhookId, vulnerabilityId, defectId }
  }
  type Places = Awaited<ReturnType<typeof makePlaces>>

  const insertDelivery = (places: Places, name: string, at: Date, state: 'received' | 'processed' | 'failed') =>
    database.db
      .insertInto('delivery')
      .values({
        ...mine(),
        id: newId(),
        webhook_id: places.webhookId,
        connection_id: places.connectionId,
        remote_delivery_id: name,
        event_key: 'repo:push',
        body: Buffer.from('{}'),
        body_sha256: name,
        state,
        received_at: at,
      })
      .execute()

  test('bodies of deliveries go after 30 days unless one still waits, their lines after 90', async () => {
    const places = await makePlaces()
    await insertDelivery(places, 'fresh', days(-29), 'processed')
    await insertDelivery(places, 'over', days(-31), 'processed')
    await insertDelivery(places, 'given up', days(-31), 'failed')
    await insertDelivery(places, 'waiting', days(-31), 'received')
    await insertDelivery(places, 'old', days(-91), 'processed')
    await insertDelivery(places, 'old and waiting', days(-91), 'received')
    await deleteLeftovers(database.db, now)
    const rows = await database.db
      .selectFrom('delivery')
      .select(['remote_delivery_id as name', 'body'])
      .where('organization_id', '=', organizationId)
      .orderBy('remote_delivery_id')
      .execute()
    expect(rows.map(({ name, body }) => [name, body !== null])).toEqual([
      ['fresh', true],
      ['given up', false],
      ['over', false],
      ['waiting', true],
    ])
  })

  test('more rows than one statement takes are all deleted in one round', async () => {
    const places = await makePlaces()
    const row = {
      ...mine(),
      webhook_id: places.webhookId,
      connection_id: places.connectionId,
      event_key: 'repo:push',
      body: null,
      state: 'processed' as const,
      received_at: days(-100),
    }
    const rows = Array.from({ length: 2500 }, (_, index) => ({
      ...row,
      id: newId(),
      remote_delivery_id: `d${index}`,
      body_sha256: `d${index}`,
    }))
    await database.db.insertInto('delivery').values(rows).execute()
    await deleteLeftovers(database.db, now)
    const left = await database.db
      .selectFrom('delivery')
      .select('id')
      .where('organization_id', '=', organizationId)
      .execute()
    expect(left).toEqual([])
  })

  test('operations that are over go after 90 days; failed and waiting ones stay, and so does what is younger', async () => {
    const places = await makePlaces()
    const insert = (key: string, state: 'queued' | 'done' | 'failed' | 'cancelled', at: Date) =>
      database.db
        .insertInto('operation')
        .values({
          ...mine(),
          id: newId(),
          key,
          kind: 'push_state',
          lane: 'person',
          vulnerability_id: places.vulnerabilityId,
          defect_id: places.defectId,
          connection_id: places.connectionId,
          state,
          created_at: days(-120),
          finished_at: state === 'queued' ? null : at,
        })
        .execute()
    await insert('done long ago', 'done', days(-91))
    await insert('cancelled long ago', 'cancelled', days(-91))
    await insert('done lately', 'done', days(-89))
    await insert('failed', 'failed', days(-91))
    await insert('queued', 'queued', days(-91))
    await deleteLeftovers(database.db, now)
    const rows = await database.db
      .selectFrom('operation')
      .select('key')
      .where('organization_id', '=', organizationId)
      .orderBy('key')
      .execute()
    expect(rows.map((row) => row.key)).toEqual(['done lately', 'failed', 'queued'])
  })

  test('notifications go after 90 days', async () => {
    const { memberId, vulnerabilityId } = await makePlaces()
    const insert = (subject: string, at: Date) =>
      database.db
        .insertInto('notification')
        .values({
          ...mine(),
          id: newId(),
          member_id: memberId,
          vulnerability_id: vulnerabilityId,
          kind: 'reopened',
          subject,
          created_at: at,
        })
        .execute()
    await insert('old', days(-91))
    await insert('young', days(-89))
    await deleteLeftovers(database.db, now)
    const rows = await database.db
      .selectFrom('notification')
      .select('subject')
      .where('organization_id', '=', organizationId)
      .execute()
    expect(rows).toEqual([{ subject: 'young' }])
  })
})

test('a preview nobody decided on is discarded after a day with its report, a held one after 30, their lines go after 90', async () => {
  const { db } = database
  const assetId = newId()
  await db
    .insertInto('asset')
    .values({ ...mine(), id: assetId, key: 'quay', name: 'Quay', default_branch: 'main' })
    .execute()
  const insert = async (name: string, state: 'previewed' | 'held' | 'discarded' | 'applied', at: Date) => {
    const id = newId()
    const file = { file_name: name, file_sha256: name, file_bytes: 1, source: 'api' as const }
    const times = { created_at: at, updated_at: at }
    await db
      .insertInto('import')
      .values({ ...mine(), id, asset_id: assetId, branch: 'main', state, ...file, ...times })
      .execute()
    const part = { ...mine(), import_id: id, position: 0 }
    await db
      .insertInto('import_file_chunk')
      .values({ ...part, data: Buffer.from('x') })
      .execute()
    await db
      .insertInto('import_item')
      .values({ ...part, outcome: 'new', step: 'new', label: 'A door' })
      .execute()
  }
  await insert('young preview', 'previewed', hours(-23))
  await insert('old preview', 'previewed', hours(-25))
  await insert('waiting', 'held', days(-29))
  await insert('waited in vain', 'held', days(-31))
  await insert('thrown away', 'discarded', days(-2))
  await insert('thrown away long ago', 'discarded', days(-91))
  await insert('applied', 'applied', days(-400))
  await deleteLeftovers(db, now)
  const rows = await db
    .selectFrom('import as i')
    .select((query) => [
      'i.file_name as name',
      'i.state',
      'i.reason',
      query
        .selectFrom('import_file_chunk as c')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('c.import_id', '=', 'i.id')
        .as('chunks'),
      query
        .selectFrom('import_item as o')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('o.import_id', '=', 'i.id')
        .as('items'),
    ])
    .where('i.organization_id', '=', organizationId)
    .orderBy('i.file_name')
    .execute()
  const vain = (what: string) => expect.stringContaining(what)
  expect(rows).toEqual([
    { name: 'applied', state: 'applied', reason: null, chunks: 1, items: 1 },
    { name: 'old preview', state: 'discarded', reason: vain('24 hours'), chunks: 0, items: 1 },
    { name: 'thrown away', state: 'discarded', reason: null, chunks: 1, items: 0 },
    { name: 'waited in vain', state: 'discarded', reason: vain('30 days'), chunks: 0, items: 1 },
    { name: 'waiting', state: 'held', reason: null, chunks: 1, items: 1 },
    { name: 'young preview', state: 'previewed', reason: null, chunks: 1, items: 1 },
  ])
  await deleteLeftovers(db, days(2))
  const items = await db
    .selectFrom('import_item as o')
    .innerJoin('import as i', 'i.id', 'o.import_id')
    .select('i.file_name as name')
    .where('i.organization_id', '=', organizationId)
    .orderBy('i.file_name')
    .execute()
  expect(items.map((item) => item.name)).toEqual(['applied', 'waiting', 'young preview'])
})
