import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { forgetRefusedFields, queueFieldPushes } from '../../store/sync/queue-field-pushes.ts'
import { updateVulnerability } from '../security/vulnerabilities/update-vulnerability.ts'
import { parseKept } from './kept-fields.ts'
import { listDefects } from './list-defects.ts'

let world: JiraWorld
beforeAll(async () => {
  world = await createJiraWorld({ settings: { project: '10000', issueType: '10004', labels: ['security'] } })
})
afterAll(() => world.close())

type Change = { severity?: 'critical' | 'high' | 'low'; title?: string; due_at?: Date | null }
const change = (vulnerabilityId: string, to: Change) =>
  world.db.updateTable('vulnerability').set(to).where('id', '=', vulnerabilityId).execute()
const keep = async (): Promise<number> => {
  const queued = await queueFieldPushes(world.deps, world.db, { limit: 100 })
  await world.settle()
  return queued
}
const sent = async () => {
  const vulnerabilityId = await world.addProblem()
  await world.send(vulnerabilityId)
  return { vulnerabilityId, issue: await world.issueOf(vulnerabilityId) }
}
const requests = () => world.simulator.requests.length
const reasons = async (vulnerabilityId: string) =>
  (
    await world.db
      .selectFrom('vulnerability_event')
      .select(['kind', 'reason'])
      .where('vulnerability_id', '=', vulnerabilityId)
      .where('kind', 'in', ['fields_taken', 'sync_conflict'])
      .orderBy('id')
      .execute()
  ).map(({ kind, reason }) => `${kind}: ${reason}`)
const setThere = (key: string, fields: object) => world.dana('PUT', `/issue/${key}`, { fields })

test('severity, title and deadline go to the issue, in one change, and nothing comes back as an echo', async () => {
  const { vulnerabilityId, issue } = await sent()
  await change(vulnerabilityId, { severity: 'critical' })
  await change(vulnerabilityId, { title: 'SQL of user input', due_at: new Date('2027-02-03T10:00:00.123Z') })
  expect(await keep()).toBe(1)
  expect(issue).toMatchObject({ summary: '[critical] SQL of user input', dueDate: '2027-02-03' })
  expect(issue.priority.name).toBe('Highest')
  expect(issue.histories).toHaveLength(1)
  await change(vulnerabilityId, { due_at: null })
  await keep()
  expect(issue.dueDate).toBeNull()
  expect(await reasons(vulnerabilityId)).toEqual([])
})

test('nothing changed asks for nothing', async () => {
  const { vulnerabilityId } = await sent()
  const before = requests()
  expect(await keep()).toBe(0)
  // The deadline moves within the same day: another moment, the same due date.
  await change(vulnerabilityId, { due_at: new Date('2027-02-03T10:00:00Z') })
  await keep()
  const day = requests()
  expect(day).toBeGreaterThan(before)
  await change(vulnerabilityId, { due_at: new Date('2027-02-03T15:00:00Z') })
  expect(await keep()).toBe(1)
  expect(requests()).toBe(day)
  expect(await keep()).toBe(0)
})

test('a priority people set in Jira stands and is told once; our next change does not touch it', async () => {
  const { vulnerabilityId, issue } = await sent()
  await setThere(issue.key, { priority: { name: 'Lowest' } })
  await world.settle()
  await world.reconcile(true)
  const told = ['fields_taken: The priority was changed from High to Lowest in Jira; there it stands.']
  expect(await reasons(vulnerabilityId)).toEqual(told)
  await change(vulnerabilityId, { severity: 'critical' })
  await keep()
  expect(issue.priority.name).toBe('Lowest')
  expect(issue.summary).toBe('[critical] SQL built from user input')
  expect(await reasons(vulnerabilityId)).toEqual([
    ...told,
    'sync_conflict: The priority was changed here and in Jira (“Lowest”); that of Jira stands.',
  ])
})

test('words people gave the issue stay; a deadline of ours stands against another day', async () => {
  const { vulnerabilityId, issue } = await sent()
  await setThere(issue.key, { summary: 'Our own words', duedate: '2029-01-01', labels: [...issue.labels, 'team-a'] })
  await world.settle()
  await change(vulnerabilityId, { title: 'Another title', due_at: new Date('2027-05-05T00:00:00Z') })
  await keep()
  expect(issue).toMatchObject({ summary: 'Our own words', dueDate: '2027-05-05' })
  expect(issue.labels).toContain('team-a')
  expect((await reasons(vulnerabilityId)).map((line) => line.split(';')[1])).toEqual([' that of Jira stands.'])
})

test('a change by a person goes out with that change, without a round of the sweep', async () => {
  const { vulnerabilityId, issue } = await sent()
  const { organizationId, admin } = world.ids
  await updateVulnerability(world.deps, {
    organizationId,
    id: vulnerabilityId,
    actor: world.champion,
    viewer: { memberId: admin, role: 'admin' },
    title: 'Query made of user input',
  })
  await world.settle()
  expect(issue.summary).toBe('[high] Query made of user input')
  expect(await keep()).toBe(0)
})

test('what a project has no place for is left out, and the rest is told', async () => {
  const { vulnerabilityId, issue } = await sent()
  await world.db
    .updateTable('route')
    .set({ settings: JSON.stringify({ project: '10000', issueType: '10004', priorities: { low: 'Blocker' } }) })
    .execute()
  await change(vulnerabilityId, { severity: 'low' })
  await keep()
  expect(issue).toMatchObject({ summary: '[low] SQL built from user input' })
  expect(issue.priority.name).toBe('High')
  expect((await world.operations(vulnerabilityId)).filter(({ state }) => state === 'failed')).toEqual([])
  const { items } = await listDefects(world.deps, { organizationId: world.ids.organizationId, vulnerabilityId })
  expect(items[0]?.not_taken).toEqual([{ field: 'priority', reason: expect.stringMatching(/priority/i) }])
  // Not tried again with the next change, and no change of theirs.
  const puts = () => world.simulator.requests.filter(({ method }) => method === 'PUT').length
  const before = puts()
  await change(vulnerabilityId, { title: 'Another one' })
  await keep()
  expect(puts() - before).toBe(1)
  expect(issue.summary).toBe('[low] Another one')
  expect(await reasons(vulnerabilityId)).toEqual([])
  const notTaken = async () => parseKept((await world.defectOf(vulnerabilityId)).kept)?.refused
  expect(Object.keys((await notTaken()) ?? {})).toEqual(['priority'])
  // Until the route says otherwise.
  await world.db
    .updateTable('route')
    .set({ settings: JSON.stringify({ project: '10000', issueType: '10004', priorities: { low: 'Lowest' } }) })
    .execute()
  await forgetRefusedFields(world.db, { organizationId: world.ids.organizationId, tracker: 'jira' })
  expect(await keep()).toBe(1)
  expect(issue.priority.name).toBe('Lowest')
  expect(await notTaken()).toEqual({})
})
