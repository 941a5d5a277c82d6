import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  listVulnerabilityEvents as eventsRoute,
  getVulnerability as getRoute,
  listVulnerabilities as listRoute,
} from '../../../../contract/security/vulnerabilities.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, createImportFixture, sarifOf } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { getVulnerability } from './get-vulnerability.ts'
import { listVulnerabilities } from './list-vulnerabilities.ts'
import { listVulnerabilityEvents } from './list-vulnerability-events.ts'
import { moveVulnerability } from './move-vulnerability.ts'
import { updateVulnerability } from './update-vulnerability.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
let other: Awaited<ReturnType<typeof createImportFixture>>

const levels = ['error', 'warning', 'note', 'none']
beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
  other = await createImportFixture(open)
  const results = Array.from({ length: 37 }, (_, index) => ({
    rule: index % 3 === 0 ? 'open-door' : 'loose-hinge',
    file: `src/door-${index % 5}.ts`,
    line: index + 1,
    text: `Door ${index} is open.`,
    level: levels[index % 4] ?? 'error',
  }))
  const input = { asset: 'quay', commit: 'abcdef0123', body: bodyOf(sarifOf(results)) }
  await importReport(house.deps, { organizationId: house.organizationId, actor: house.actor, ...input })
  await importReport(other.deps, {
    organizationId: other.organizationId,
    actor: other.actor,
    asset: 'quay',
    body: bodyOf(sarifOf([{}])),
  })
})
afterAll(async () => {
  await open.close()
})

const list = async (query: Parameters<typeof listVulnerabilities>[1]['query']) => {
  const answer = await listVulnerabilities(house.deps, {
    organizationId: house.organizationId,
    memberId: house.memberId,
    query,
  })
  listRoute.response?.parse(answer)
  return answer
}
const champion = () => ({ memberId: house.memberId, role: 'champion' as const })
const get = (id: string) =>
  getVulnerability(house.deps, { organizationId: house.organizationId, id, viewer: champion() })

describe('the list', () => {
  test('shows the worst first, counts everything and each facet beside it', async () => {
    const answer = await list({ limit: 5 })
    expect(answer.items.map((item) => item.severity)).toEqual(['high', 'high', 'high', 'high', 'high'])
    expect(answer).toMatchObject({
      total: 37,
      facets: { severity: { high: 10, medium: 9, low: 9, notification: 9 }, scanner: { Lantern: 37 } },
    })
  })

  test.each([
    'severity',
    '-severity',
    'title',
    '-title',
    'number',
    '-number',
    'status',
    '-opened_at',
    'updated_at',
  ] as const)('pages by %s hold each vulnerability once, in one order, whatever the size of a page', async (sort) => {
    const whole = (await list({ sort, limit: 200 })).items.map((item) => item.id)
    expect(new Set(whole).size).toBe(37)
    for (const limit of [1, 7, 36]) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await list({ sort, limit, cursor })
        seen.push(...page.items.map((item) => item.id))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(whole)
    }
  })

  test('filters by severity, place, number and the member who has something unread', async () => {
    expect((await list({ severity: ['low', 'medium'] })).total).toBe(18)
    expect((await list({ severity: ['low'] })).facets.severity).toMatchObject({ high: 10, low: 9 })
    expect((await list({ q: 'door-3' })).total).toBe(7)
    expect((await list({ q: 'WEIR-4' })).items.map((item) => item.number)).toContain(4)
    expect((await list({ q: '100%_' })).total).toBe(0)
    expect((await list({ open: false })).total).toBe(0)
    expect((await list({ sent: true })).total).toBe(0)
    const [first] = (await list({})).items
    const notification = {
      organization_id: house.organizationId,
      id: house.deps.newId(),
      member_id: house.memberId,
      vulnerability_id: first?.id ?? '',
    }
    await house.db
      .insertInto('notification')
      .values({ ...notification, kind: 'message', subject: 'A question', created_at: new Date() })
      .execute()
    expect((await list({ unread: true })).items).toMatchObject([{ id: first?.id, unread: 1 }])
    // A fix to validate calls too, but it is no message: it counts in the inbox alone.
    await house.db
      .insertInto('notification')
      .values({
        ...notification,
        id: house.deps.newId(),
        kind: 'awaiting_validation',
        subject: 'Done',
        created_at: new Date(),
      })
      .execute()
    expect((await list({ unread: true })).items).toMatchObject([{ id: first?.id, unread: 1 }])
    expect((await list({ unread: false })).total).toBe(36)
  })

  test('answers a made-up cursor with a clear refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (cursor) => {
        await expect(list({ cursor })).rejects.toMatchObject({ code: 'validation_failed' })
      }),
      { numRuns: 30 },
    )
    const forged = Buffer.from(JSON.stringify(['updated_at', "'; drop table asset", house.memberId])).toString(
      'base64url',
    )
    await expect(list({ cursor: forged, sort: 'updated_at' })).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('never shows what belongs to another organization', async () => {
    const [foreign] = (
      await listVulnerabilities(other.deps, {
        organizationId: other.organizationId,
        memberId: other.memberId,
        query: {},
      })
    ).items
    await expect(get(foreign?.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
    const move = {
      organizationId: house.organizationId,
      id: foreign?.id ?? '',
      viewer: champion(),
      actor: house.actor,
      to: 'in_progress' as const,
    }
    await expect(moveVulnerability(house.deps, move)).rejects.toMatchObject({ code: 'not_found' })
    expect((await list({ asset_id: [other.assetId] })).total).toBe(0)
  })
})

describe('one vulnerability', () => {
  test('shows its evidence, its moves and why it cannot be sent', async () => {
    const [first] = (await list({ sort: 'number' })).items
    const answer = await get(first?.id ?? '')
    getRoute.response?.parse(answer)
    expect(answer).toMatchObject({
      number: 1,
      severity: 'high',
      evidence: [{ scanner: 'Lantern', path: 'src/door-0.ts', start_line: 1, active: true, code_url: null }],
      send_options: [{ available: false, reason: expect.stringContaining('no repository') }, { available: false }],
    })
    expect(answer.allowed_moves.map((move) => move.to)).toContain('risk_accepted')
  })

  test('is moved by the table: reasons where they are due, no skipping, no overwriting of others', async () => {
    const { id, version } =
      (await list({ sort: 'number' })).items[1] === undefined
        ? { id: '', version: 0 }
        : await get((await list({ sort: 'number' })).items[1]?.id ?? '')
    const base = { organizationId: house.organizationId, id, viewer: champion(), actor: house.actor }
    await expect(moveVulnerability(house.deps, { ...base, to: 'false_positive' })).rejects.toMatchObject({
      code: 'reason_required',
    })
    await expect(
      moveVulnerability(house.deps, { ...base, to: 'risk_accepted', reason: 'small', accepted_until: '2020-01-01' }),
    ).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(moveVulnerability(house.deps, { ...base, to: 'suppressed' })).rejects.toMatchObject({
      code: 'status_move_refused',
      meta: { allowed: expect.arrayContaining(['in_progress']) },
    })
    const moved = await moveVulnerability(house.deps, {
      ...base,
      to: 'risk_accepted',
      reason: 'small',
      accepted_until: '2099-01-31',
      version,
    })
    expect(moved).toMatchObject({
      status: 'risk_accepted',
      status_reason: 'small',
      accepted_until: '2099-01-31',
      version: version + 1,
    })
    await expect(
      moveVulnerability(house.deps, { ...base, to: 'identified', reason: 'again', version }),
    ).rejects.toMatchObject({ code: 'conflict' })
    const history = await listVulnerabilityEvents(house.deps, {
      organizationId: house.organizationId,
      memberId: house.memberId,
      id,
      query: {},
    })
    eventsRoute.response?.parse(history)
    expect(history.items.map((event) => [event.kind, event.actor_name])).toEqual([
      ['status', 'Ines Okafor'],
      ['found', 'Lantern'],
    ])
  })

  test('is no business of a viewer, and decisions are no business of a developer', async () => {
    const id = (await list({ sort: 'number' })).items[2]?.id ?? ''
    const base = { organizationId: house.organizationId, id, actor: house.actor }
    const viewer = { memberId: house.memberId, role: 'viewer' as const }
    await expect(moveVulnerability(house.deps, { ...base, viewer, to: 'in_progress' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    const developer = { memberId: house.memberId, role: 'developer' as const }
    await expect(moveVulnerability(house.deps, { ...base, viewer: developer, to: 'fixed' })).rejects.toMatchObject({
      code: 'status_move_refused',
    })
    expect((await moveVulnerability(house.deps, { ...base, viewer: developer, to: 'in_progress' })).status).toBe(
      'in_progress',
    )
  })

  test('keeps a severity set by hand when the scanner says otherwise, and knows who it is given to', async () => {
    const id = (await list({ sort: 'number' })).items[3]?.id ?? ''
    const base = { organizationId: house.organizationId, id, viewer: champion(), actor: house.actor }
    const changed = await updateVulnerability(house.deps, {
      ...base,
      severity: 'critical',
      severity_reason: 'The door leads to the vault.',
      assignee_id: house.memberId,
    })
    expect(changed).toMatchObject({
      severity: 'critical',
      severity_source: 'person',
      assignee: { name: 'Ines Okafor' },
    })
    await expect(updateVulnerability(house.deps, { ...base, assignee_id: other.memberId })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    const scan = sarifOf([
      { rule: 'open-door', file: 'src/door-3.ts', line: 4, text: 'Door 3 is open.', level: 'warning' },
    ])
    await importReport(house.deps, {
      organizationId: house.organizationId,
      actor: house.actor,
      asset: 'quay',
      scope: 'partial',
      body: bodyOf(scan),
    })
    expect(await get(id)).toMatchObject({
      severity: 'critical',
      severity_source: 'person',
      evidence: [{ severity: 'medium' }],
    })
  })
})
