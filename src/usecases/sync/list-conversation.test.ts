import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConversationItem } from '../../../contract/sync/conversation.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { insertMessages } from '../../store/sync/messages.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { listConversation } from './list-conversation.ts'

describe('a conversation with what happened in between', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld()
  })
  afterAll(() => world.close())

  const read = async (vulnerabilityId: string, limit: number) => {
    const { organizationId, champion: memberId } = world.ids
    const items: ConversationItem[] = []
    let pages = 0
    for (let cursor: string | undefined; ; pages++) {
      const page = await listConversation(world.deps, { organizationId, memberId, vulnerabilityId, limit, cursor })
      items.push(...page.items)
      if (page.next === null) return { items, pages: pages + 1 }
      cursor = page.next
    }
  }
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))

  /** An import that found the problem of a vulnerability again, or did not. */
  const scan = async (vulnerabilityId: string, minute: number, said: { outcome: 'kept' | 'closed'; step: string }) => {
    const organization_id = world.ids.organizationId
    const finding = await world.db
      .selectFrom('finding')
      .select('id')
      .where('vulnerability_id', '=', vulnerabilityId)
      .executeTakeFirstOrThrow()
    const id = world.deps.newId()
    await world.db
      .insertInto('import')
      .values({
        organization_id,
        id,
        asset_id: world.ids.assetId,
        branch: 'main',
        commit_hash: 'c0ffee00c0ffee00',
        tool: 'semgrep',
        state: 'applied',
        file_name: 'nightly.sarif',
        file_sha256: '0'.repeat(64),
        file_bytes: 10,
        source: 'api',
        applied_at: at(minute),
        created_at: at(minute),
      })
      .execute()
    const item = { position: 1, finding_id: finding.id, label: 'SQL', detail: 'src/a.js:3 · moved from src/b.js:9' }
    await world.db
      .insertInto('import_item')
      .values({ organization_id, import_id: id, ...item, ...said })
      .execute()
    return id
  }

  test('names who changed the status and why, which scan found it and where, and when it was sent, in the order of time', async () => {
    const item = await world.sendProblem()
    const { vulnerabilityId } = item
    const { organizationId } = world.ids
    const moved = await scan(vulnerabilityId, 1, { outcome: 'kept', step: 'renamed' })
    const gone = await scan(vulnerabilityId, 2, { outcome: 'closed', step: 'not_in_report' })
    await item.answer('Is this real?')
    await world.settle()
    const now = new Date(Date.now() + 60_000)
    const entry = {
      vulnerabilityId,
      kind: 'sync_failed' as const,
      actor: { kind: 'system' as const, name: 'Weir' },
      reason: 'Refused.',
    }
    await recordTimeline(world.deps, world.db, { organizationId, now, entries: [entry] })
    const { items } = await read(vulnerabilityId, 50)
    const told = items
      .toReversed()
      .map((one) =>
        one.kind === 'message' ? one.message.body : one.kind === 'scan' ? one.scan.outcome : one.event.kind,
      )
    expect(told).toEqual(['kept', 'closed', 'sent', 'defect_created', 'Is this real?', 'sync_failed'])
    expect(items.at(-1)).toMatchObject({
      kind: 'scan',
      id: moved,
      scan: {
        name: 'semgrep',
        branch: 'main',
        commit_hash: 'c0ffee00c0ffee00',
        step: 'renamed',
        place: 'src/a.js:3 · moved from src/b.js:9',
      },
    })
    expect(items.at(-2)).toMatchObject({ id: gone, scan: { outcome: 'closed' } })
    await world.db.updateTable('import').set({ state: 'undone' }).where('id', '=', moved).execute()
    expect((await read(vulnerabilityId, 50)).items.map(({ id }) => id)).not.toContain(moved)
  })

  test('is paged: 500 messages and 500 events come once each, newest first, also those of one moment', async () => {
    const vulnerabilityId = await world.addProblem()
    const { organizationId } = world.ids
    const author = { kind: 'system' as const, name: 'Weir' }
    const messages = Array.from({ length: 500 }, (_, index) => ({
      organizationId,
      id: world.deps.newId(),
      vulnerabilityId,
      parentId: null,
      author,
      body: `Message ${index}`,
      internal: false,
      createdAt: at(Math.floor(index / 7)),
    }))
    await insertMessages(world.db, messages)
    for (let minute = 0; minute < 10; minute++) {
      const entries = Array.from({ length: 50 }, () => ({ vulnerabilityId, kind: 'sent' as const, actor: author }))
      await recordTimeline(world.deps, world.db, { organizationId, now: at(minute * 7), entries })
    }
    const { items, pages } = await read(vulnerabilityId, 100)
    expect(pages).toBe(10)
    expect(new Set(items.map(({ id }) => id)).size).toBe(1000)
    expect(items.filter(({ kind }) => kind === 'message')).toHaveLength(500)
    const times = items.map((one) => `${one.at} ${one.id}`)
    expect(times).toEqual(times.toSorted().toReversed())
  })

  test('is not found for a vulnerability of nobody here', async () => {
    const { organizationId, champion: memberId } = world.ids
    const reader = { organizationId, memberId, vulnerabilityId: world.deps.newId() }
    await expect(listConversation(world.deps, reader)).rejects.toMatchObject({ code: 'not_found' })
  })
})
