import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { applyMoves, type Move } from '../security/vulnerabilities/apply-move.ts'
import { pushDefect } from './push-defect.ts'

describe('a route to Bitbucket issues that maps states', () => {
  let world: SyncWorld
  const states = {
    out: {
      in_progress: { kind: 'state', name: 'on hold', is_closed: false },
      fixed: { kind: 'leave' },
    },
    in: [
      { name: 'on hold', means: 'in_progress' },
      { name: 'resolved', means: 'fixed' },
      { name: 'duplicate', means: 'nothing' },
      { name: 'wontfix', means: 'risk_accepted' },
      { name: 'invalid', means: 'false_positive' },
    ],
    decisions: 'members',
    accept_days: 30,
  }
  beforeAll(async () => {
    world = await createSyncWorld({ mode: 'legacy' })
    const key = { organization_id: world.ids.organizationId, id: world.deps.newId() }
    const route = { ...key, tracker: 'bitbucket-issues', settings: JSON.stringify({ states }) }
    await world.db.insertInto('route').values(route).execute()
  })
  afterAll(() => world.close())

  type Item = Awaited<ReturnType<SyncWorld['sendProblem']>>
  const stateOf = async (item: Item): Promise<string> => (await world.dana.call('GET', item.path)).state
  const set = async (item: Item, state: string) => {
    await world.dana.call('PUT', item.path, { state })
    await world.settle()
  }
  const move = async (vulnerabilityId: string, wanted: Omit<Move, 'vulnerabilityId'>) => {
    const moves = [{ ...wanted, vulnerabilityId }]
    const by = { organizationId: world.ids.organizationId, actor: world.champion, moveActor: 'champion' as const }
    await world.db.transaction().execute((tx) => applyMoves(world.deps, tx, { ...by, moves }))
    await world.settle()
  }
  const notes = async (item: Item) => (await world.thread(item.vulnerabilityId)).filter(({ internal }) => internal)

  test('brings an item to the state that is named, and that is no news when it comes back', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'in_progress' })
    expect(await stateOf(item)).toBe('on hold')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('in_progress')
  })

  test('follows a state that means something on the same side, and leaves one that means nothing', async () => {
    const item = await world.sendProblem()
    await set(item, 'on hold')
    expect(await world.statusOf(item.vulnerabilityId)).toBe('in_progress')
    await set(item, 'duplicate')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('in_progress')
    expect(await stateOf(item)).toBe('duplicate')
  })

  test('takes a developer at their word that it is fixed, and leaves the item of what is fixed here', async () => {
    const said = await world.sendProblem()
    await set(said, 'resolved')
    expect(await world.statusOf(said.vulnerabilityId)).toBe('fixed')
    const here = await world.sendProblem({ line: 16 })
    await move(here.vulnerabilityId, { to: 'fixed' })
    expect(await stateOf(here)).toBe('new')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(here.vulnerabilityId)).toBe('fixed')
    expect(await stateOf(here)).toBe('new')
  })

  test('asks a champion where nobody knows whose account decided', async () => {
    const item = await world.sendProblem()
    await set(item, 'wontfix')
    expect(await world.statusOf(item.vulnerabilityId)).toBe('awaiting_validation')
    const [note] = await notes(item)
    expect(note?.body).toBe('**Asks for risk acceptance:** The item is wontfix in Bitbucket.')
    await world.reconcile(true)
    await world.settle()
    expect(await notes(item)).toHaveLength(1)
    expect(await stateOf(item)).toBe('wontfix')
  })

  const link = async (memberId: string) => {
    const { organizationId } = world.ids
    const at = { first_seen_at: new Date(), last_seen_at: new Date() }
    const whose = { member_id: memberId, linked_by: 'person' as const, is_decided: true }
    const remote_id = world.dana.user.uuid
    await world.db
      .insertInto('contributor')
      .values({
        organization_id: organizationId,
        id: world.deps.newId(),
        kind: 'bitbucket',
        remote_id,
        display_name: 'Tomas Okoye',
        ...at,
        ...whose,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'kind', 'remote_id']).doUpdateSet(whose))
      .execute()
  }

  test('lets a member with the right decide there, until the day the route says, and asks for others', async () => {
    await link(world.ids.developer)
    const asked = await world.sendProblem()
    await set(asked, 'invalid')
    expect(await world.statusOf(asked.vulnerabilityId)).toBe('awaiting_validation')
    expect((await notes(asked))[0]?.body).toContain('Asks for false positive')

    await link(world.ids.champion)
    const decided = await world.sendProblem({ line: 16 })
    await set(decided, 'wontfix')
    const row = await world.db
      .selectFrom('vulnerability')
      .select(['status', 'accepted_until'])
      .where('id', '=', decided.vulnerabilityId)
      .executeTakeFirstOrThrow()
    const until = new Date(world.deps.clock().getTime() + 30 * 86_400_000).toISOString().slice(0, 10)
    expect(row).toEqual({ status: 'risk_accepted', accepted_until: until })
    const event = await world.db
      .selectFrom('vulnerability_event')
      .select(['actor_kind', 'actor_id'])
      .where('vulnerability_id', '=', decided.vulnerabilityId)
      .where('kind', '=', 'status')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(event).toEqual({ actor_kind: 'member', actor_id: world.ids.champion })
    expect(await stateOf(decided)).toBe('wontfix')
    expect(await notes(decided)).toEqual([])
  })

  test('a decision made here stands: the item is set back', async () => {
    const item = await world.sendProblem()
    await move(item.vulnerabilityId, { to: 'false_positive', reason: 'A test file.' })
    expect(await stateOf(item)).toBe('invalid')
    await set(item, 'on hold')
    expect(await world.statusOf(item.vulnerabilityId)).toBe('false_positive')
    expect(await stateOf(item)).toBe('invalid')
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
  })
})

describe('a route to Jira that maps states', () => {
  let world: JiraWorld
  beforeAll(async () => {
    world = await createJiraWorld({
      settings: {
        project: '10000',
        issueType: '10004',
        states: {
          out: { awaiting_validation: { kind: 'state', name: 'Done', is_closed: true } },
          in: [{ name: 'In Progress', means: 'in_progress' }],
        },
      },
    })
  })
  afterAll(() => world.close())

  test('follows a step inside the open ones, brings an issue where a status asks for nothing by itself', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.step(vulnerabilityId, '21')
    await world.settle()
    expect((await world.issueOf(vulnerabilityId)).status.name).toBe('In Progress')
    expect(await world.statusOf(vulnerabilityId)).toBe('in_progress')
    const by = { organizationId: world.ids.organizationId, actor: world.champion, moveActor: 'champion' as const }
    const moves = [{ vulnerabilityId, to: 'awaiting_validation' as const }]
    await world.db.transaction().execute((tx) => applyMoves(world.deps, tx, { ...by, moves }))
    await world.settle()
    expect((await world.issueOf(vulnerabilityId)).status.name).toBe('Done')
    await world.reconcile(true)
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
  })
})
