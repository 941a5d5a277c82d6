import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { pushDefect } from './push-defect.ts'
import { queueSends } from './queue-sends.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
})
afterAll(() => world.close())

const many = 5000
const system = { kind: 'system' as const, name: 'policy' }

/** Copies of one vulnerability, as a first import leaves them. */
const addMany = async (): Promise<string[]> => {
  const id = await world.addProblem()
  const copies = await sql<{ id: string }>`
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
      rule_id, path, line, status, opened_at, last_seen_at)
    select organization_id, gen_random_uuid(), 100000 + n, asset_id, branch, title || n, severity, severity_source,
      scanner, rule_id, path, line, status, opened_at, last_seen_at
    from vulnerability, generate_series(1, ${many}) n where id = ${id}
    returning id`.execute(world.db)
  return copies.rows.map((row) => row.id)
}

test('failure 41: thousands are queued in one transaction, once each, and fixing them all is a few statements too', async () => {
  const { organizationId } = world.ids
  const vulnerabilityIds = await addMany()
  const send = () =>
    world.db
      .transaction()
      .execute((tx) => queueSends(world.deps, tx, { organizationId, vulnerabilityIds, actor: system, lane: 'bulk' }))
  const first = await send()
  expect(first.queued).toHaveLength(many)
  const again = await send()
  expect(again.queued).toEqual([])
  expect(new Set(again.skipped.map((one) => one.reason))).toEqual(new Set(['It has an item already.']))
  expect(world.state.jobs.filter((job) => job.name === 'push-defect' && job.lane === 'bulk')).toHaveLength(many)

  const moves = vulnerabilityIds.map((vulnerabilityId) => ({ vulnerabilityId, to: 'fixed' as const }))
  const actor = { kind: 'scan' as const, importId: world.ids.importId, name: 'import of report.sarif' }
  await world.db
    .transaction()
    .execute((tx) => applyMoves(world.deps, tx, { organizationId, moves, actor, moveActor: 'scan' }))
  const pushes = await world.db.selectFrom('operation').select('id').where('kind', '=', 'push_state').execute()
  expect(pushes).toHaveLength(many)
  world.state.jobs.length = 0
})

test('what could not be sent is tried again when a person sends it again', async () => {
  const { organizationId } = world.ids
  const { sendVulnerability } = await import('./send-vulnerability.ts')
  const vulnerabilityId = await world.addProblem()
  world.simulator.planFault({
    method: 'POST',
    path: '*/issues',
    action: { kind: 'answer', status: 400, body: '{"type":"error","error":{"message":"No."}}' },
  })
  const send = () => sendVulnerability(world.deps, { organizationId, vulnerabilityId, actor: world.champion })
  const first = await send()
  await pushDefect(world.deps, { organizationId, defectId: first.id })
  expect((await world.operations(vulnerabilityId)).map((one) => one.state)).toEqual(['failed'])
  const again = await send()
  expect(again).toMatchObject({ id: first.id, pending: { state: 'queued' } })
  await pushDefect(world.deps, { organizationId, defectId: first.id })
  expect((await world.operations(vulnerabilityId)).map((one) => one.state)).toEqual(['done'])
})

test('failure 40: a comment with NUL and broken Unicode is a message', async () => {
  const item = await world.sendProblem()
  const repository = world.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  const id = await item.answer('placeholder')
  const comment = repository?.issues.flatMap((issue) => issue.comments).find((one) => one.id === id)
  if (comment !== undefined) comment.raw = 'before\0after \ud800 🙂 עברית'
  await world.settle()
  expect((await world.thread(item.vulnerabilityId)).map((one) => one.body)).toEqual(['beforeafter \ufffd 🙂 עברית'])
})

test('a deleted message calls nobody any more', async () => {
  const item = await world.sendProblem()
  const id = await item.answer('Gone soon')
  await world.settle()
  await world.dana.call('DELETE', `${item.path}/comments/${id}`)
  await world.reconcile(true)
  const unread = await world.db
    .selectFrom('notification')
    .select('id')
    .where('vulnerability_id', '=', item.vulnerabilityId)
    .where('read_at', 'is', null)
    .execute()
  expect(unread).toEqual([])
})
