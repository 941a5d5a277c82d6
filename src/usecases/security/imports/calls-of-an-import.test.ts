import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { only } from '../../../../test/only.ts'
import { type OutgoingKind, outgoingEventTypes } from '../../../domain/outgoing/outgoing-event.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { countUnread } from '../../../store/sync/notifications.ts'
import { composeCalls } from '../../sync/calling/compose-calls.ts'
import { writeChannelBody } from '../../sync/outgoing/write-channel-body.ts'
import { applyImport } from './apply-import.ts'
import { bodyOf, createImportFixture, sarifOf } from './import.fixture.ts'
import { importReport } from './import-report.ts'
import { undoImport } from './undo-import.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())

type House = Awaited<ReturnType<typeof createImportFixture>>

async function addWebhook({ db, deps, organizationId }: House, kind: OutgoingKind): Promise<string> {
  const id = deps.newId()
  const secret = kind === 'standard' ? { sealed_secret: 'sealed' } : {}
  const row = {
    organization_id: organizationId,
    id,
    name: kind,
    kind,
    address: 'https://x.example',
    sealed_url: 'sealed',
  }
  const told = { ...secret, events: [...outgoingEventTypes], state: 'active' as const, created_at: new Date() }
  await db
    .insertInto('outgoing_webhook')
    .values({ ...row, ...told })
    .execute()
  return id
}

async function toldTo({ db }: House, webhookId: string) {
  const rows = await db.selectFrom('outgoing_delivery').selectAll().where('webhook_id', '=', webhookId).execute()
  return rows.map((row) => ({ type: row.event_type, text: row.payload, data: JSON.parse(row.payload).data }))
}

/** `critical` of them are so, the others are of high severity. */
const take = async (house: House, count: number, critical = 0) => {
  const done = await read(house, count, critical)
  const { deps, organizationId, actor } = house
  return done.state === 'held' ? applyImport(deps, { organizationId, actor, importId: done.id }) : done
}

const read = async (
  { deps, organizationId, actor }: House,
  count: number,
  critical: number,
  source: 'api' | 'browser' = 'api',
) => {
  const results = Array.from({ length: count }, (_, index) => ({
    file: `src/door-${index}.ts`,
    line: index + 1,
    snippet: `open(${index})`,
    rule: index < critical ? 'vault-door' : 'open-door',
    more: { properties: { 'security-severity': index < critical ? '9.8' : '7.5' } },
  }))
  const body = bodyOf(sarifOf(results))
  return importReport(deps, { organizationId, actor, asset: 'quay', fileName: 'scan.sarif', body, source })
}

const callsOf = ({ db, organizationId }: House) =>
  db.selectFrom('notification').selectAll().where('organization_id', '=', organizationId).execute()

describe('failure 49: an import of very many', () => {
  test('calls each champion once, outside too, and unread is one', async () => {
    const house = await createImportFixture(open)
    const { organizationId, memberId } = house
    await take(house, 10_000, 400)
    const call = only(await callsOf(house))
    expect(call).toMatchObject({
      member_id: memberId,
      kind: 'new_critical',
      vulnerability_id: null,
      vulnerability_count: 400,
      subject: '400 new critical vulnerabilities',
    })
    expect(await countUnread(house.db, { organizationId, memberId })).toBe(1)
    const calls = { ...house.deps, clock: () => new Date('2027-03-02T08:00:00Z') }
    await composeCalls(calls)
    const messages = house.db.selectFrom('outgoing_call').selectAll().where('organization_id', '=', organizationId)
    expect(only(await messages.execute())).toMatchObject({ member_id: memberId, channel: 'email', state: 'queued' })
  })

  test('is one line in a channel, and a digest after the five hundred worst for a service', async () => {
    const house = await createImportFixture(open)
    const service = await addWebhook(house, 'standard')
    const channel = await addWebhook(house, 'slack')
    await take(house, 620, 5)
    const line = only(await toldTo(house, channel))
    expect(line.type).toBe('import.digest')
    expect(line.data.events).toEqual({
      told: 0,
      left_out: 620,
      by_type: { 'vulnerability.created': 620 },
      by_severity: { critical: 5, high: 615 },
    })
    const body = writeChannelBody('slack', line.text, { publicUrl: 'https://weir.example' })
    expect(body).toContain('scan.sarif was imported into Quay')
    expect(body).toContain('620 new: 5 critical, 615 high')
    const told = await toldTo(house, service)
    const created = told.filter(({ type }) => type === 'vulnerability.created')
    expect(created).toHaveLength(500)
    expect(created.filter(({ data }) => data.vulnerability.severity === 'critical')).toHaveLength(5)
    expect(told.filter(({ type }) => type === 'import.applied')).toHaveLength(1)
    const digest = only(told.filter(({ type }) => type === 'import.digest'))
    expect(digest.data.events).toMatchObject({ told: 500, left_out: 120, by_severity: { high: 120 } })
  })

  test('is told with its undo the same way', async () => {
    const house = await createImportFixture(open)
    const { id: importId } = await take(house, 40)
    const channel = await addWebhook(house, 'teams')
    await take(house, 1)
    expect(only(await toldTo(house, channel)).data.events.by_type).toEqual({ 'vulnerability.status_changed': 39 })
    const { organizationId, actor } = house
    const last = await house.db
      .selectFrom('import')
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('id', '<>', importId)
      .executeTakeFirstOrThrow()
    await undoImport(house.deps, { organizationId, actor, importId: last.id })
    const told = await toldTo(house, channel)
    expect(told.map(({ data }) => data.events.left_out)).toEqual([39, 39])
  })
})

test('a few are told one by one in a channel, with the import itself', async () => {
  const house = await createImportFixture(open)
  const channel = await addWebhook(house, 'slack')
  await take(house, 10)
  const types = (await toldTo(house, channel)).map(({ type }) => type)
  expect(types.toSorted()).toEqual(['import.applied', ...Array(10).fill('vulnerability.created')])
})

test('one that is new and critical is a call about itself, which ends when nothing is to be done any more', async () => {
  const house = await createImportFixture(open)
  await take(house, 3, 1)
  const call = only(await callsOf(house))
  expect(call).toMatchObject({ kind: 'new_critical', subject: 'New and critical, found by Lantern', read_at: null })
  expect(call.vulnerability_id).not.toBe(null)
  await take(house, 2, 0)
  expect(only(await callsOf(house)).read_at).not.toBe(null)
})

test('who brings it in by the browser looks on, and is not called', async () => {
  const house = await createImportFixture(open)
  await read(house, 3, 1, 'browser')
  expect(await callsOf(house)).toEqual([])
})
