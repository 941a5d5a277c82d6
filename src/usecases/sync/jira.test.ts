import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentToText } from '../../../simulators/jira/adf/document-to-text.ts'
import { moveIssue } from '../../../simulators/jira/operations/move-issue.ts'
import { says } from '../../../simulators/jira/try-api.ts'
import { nextRequestFault, nextWebhookFault } from '../../../simulators/shared/fault-plan.ts'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { applyMoves, type Move } from '../security/vulnerabilities/apply-move.ts'
import { deleteMessage, updateMessage } from './change-message.ts'

const shop = { project: '10000', issueType: '10004', labels: ['security'] }
const ledger = {
  project: '10001',
  issueType: '10010',
  fields: { customfield_10042: { id: '10202' } },
  statuses: { fixed: 'Repaired', risk_accepted: 'Risk accepted' },
}

function mover(world: JiraWorld) {
  return (vulnerabilityId: string, wanted: Omit<Move, 'vulnerabilityId'>) =>
    world.db.transaction().execute((tx) =>
      applyMoves(world.deps, tx, {
        organizationId: world.ids.organizationId,
        moves: [{ ...wanted, vulnerabilityId }],
        actor: { kind: 'scan', importId: world.ids.importId, name: 'import of report.sarif' },
        moveActor: 'scan',
      }),
    )
}

describe('a vulnerability in Jira', () => {
  let world: JiraWorld
  beforeAll(async () => {
    world = await createJiraWorld({ settings: shop })
  })
  afterAll(() => world.close())
  const move = (vulnerabilityId: string, wanted: Omit<Move, 'vulnerabilityId'>) => mover(world)(vulnerabilityId, wanted)

  test('becomes an issue with its priority, labels, due date and a link back', async () => {
    const vulnerabilityId = await world.addProblem()
    const due_at = new Date('2026-12-24T10:00:00Z')
    await world.db.updateTable('vulnerability').set({ due_at }).where('id', '=', vulnerabilityId).execute()
    await world.send(vulnerabilityId)
    const issue = await world.issueOf(vulnerabilityId)
    expect(issue).toMatchObject({ summary: '[high] SQL built from user input', dueDate: '2026-12-24' })
    expect(issue.priority.name).toBe('High')
    const defect = await world.defectOf(vulnerabilityId)
    expect(issue.labels).toEqual(['security', `weir-${defect.id}`])
    expect(issue.properties.get('weir.marker')).toMatchObject({ id: defect.id })
    expect(documentToText(issue.description)).toContain('src/routes/orders.js:15')
    expect(defect).toMatchObject({
      link: 'ok',
      url: `${world.simulator.site}/browse/${issue.key}`,
      repository_id: null,
      container_id: world.simulator.cloud_id,
    })
  })

  test('is talked about on both sides, once each, and nothing comes back as an echo', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.answer(vulnerabilityId, 'Is this reachable from outside?')
    await world.settle()
    const [question] = await world.thread(vulnerabilityId)
    expect(question).toMatchObject({ body: 'Is this reachable from outside?', author: { name: 'Tomas Okoye' } })
    await world.say(vulnerabilityId, 'Yes: **anyone** can, see `GET /orders`.', question?.id)
    await world.settle()
    const [, said] = await world.remoteTexts(vulnerabilityId)
    expect(said).toBe('In answer to Tomas Okoye:\n\nYes: anyone can, see GET /orders.\n\nCarla Champion via Weir')
    const thread = await world.thread(vulnerabilityId)
    expect(thread.map(({ body }) => body)).toEqual([
      'Is this reachable from outside?',
      'Yes: **anyone** can, see `GET /orders`.',
    ])
    await world.reconcile(true)
    expect(await world.thread(vulnerabilityId)).toHaveLength(2)
  })

  test('edits and deletions travel both ways', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const { organizationId } = world.ids
    const issue = await world.issueOf(vulnerabilityId)
    const theirs = await world.answer(vulnerabilityId, 'Frist words')
    await world.settle()
    await world.dana('PUT', `/issue/${issue.id}/comment/${theirs}`, { body: says('First words') })
    await world.settle()
    expect((await world.thread(vulnerabilityId)).map(({ body }) => body)).toEqual(['First words'])
    const ours = await world.say(vulnerabilityId, 'An answer')
    await world.settle()
    const [, before] = await world.thread(vulnerabilityId)
    await updateMessage(world.deps, {
      organizationId,
      messageId: ours.id,
      version: before?.version ?? 0,
      actor: world.champion,
      body: 'A better answer',
    })
    await world.settle()
    expect((await world.remoteTexts(vulnerabilityId))[1]).toContain('A better answer')
    await deleteMessage(world.deps, { organizationId, messageId: ours.id, actor: world.champion })
    await world.settle()
    expect(await world.remoteTexts(vulnerabilityId)).toEqual(['First words'])
    await world.dana('DELETE', `/issue/${issue.id}/comment/${theirs}`)
    await world.settle()
    expect((await world.thread(vulnerabilityId)).every(({ deleted_at: at }) => at !== null)).toBe(true)
  })

  test('done by a developer awaits validation; a scan decides, and a fixed one that comes back is opened again', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.step(vulnerabilityId, '31')
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
    await move(vulnerabilityId, { to: 'identified' })
    await world.settle()
    expect((await world.issueOf(vulnerabilityId)).status.name).toBe('To Do')
    await move(vulnerabilityId, { to: 'fixed' })
    await world.settle()
    expect((await world.issueOf(vulnerabilityId)).status.name).toBe('Done')
    expect(await world.statusOf(vulnerabilityId)).toBe('fixed')
    await world.step(vulnerabilityId, '21')
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('identified')
  })

  test('what webhooks lost is found by a look: comments, edits, deletions and states', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const { id } = await world.issueOf(vulnerabilityId)
    const kept = await world.answer(vulnerabilityId, 'Heard')
    const gone = await world.answer(vulnerabilityId, 'Taken back')
    await world.settle()
    world.simulator.switches.webhookFaults.push(nextWebhookFault({ times: 100, action: { kind: 'drop' } }))
    await world.answer(vulnerabilityId, 'Lost')
    await world.dana('PUT', `/issue/${id}/comment/${kept}`, { body: says('Heard, and changed') })
    await world.dana('DELETE', `/issue/${id}/comment/${gone}`)
    await world.step(vulnerabilityId, '31')
    await world.settle()
    expect(await world.thread(vulnerabilityId)).toHaveLength(2)
    world.simulator.switches.webhookFaults = []
    await world.reconcile()
    const alive = (await world.thread(vulnerabilityId)).filter(({ deleted_at: at }) => at === null)
    expect(alive.map(({ body }) => body)).toEqual(['Heard, and changed', 'Lost'])
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
  })

  test('a create whose answer is lost makes one issue, also while the index does not know it yet', async () => {
    const vulnerabilityId = await world.addProblem()
    world.simulator.switches.searchIndexDelayMs = 3_600_000
    world.simulator.switches.requestFaults.push(
      nextRequestFault({ method: 'POST', path: '*/rest/api/3/issue', action: { kind: 'cut', when: 'after' } }),
    )
    await world.send(vulnerabilityId)
    const { id: defectId, remote_id: unmade } = await world.defectOf(vulnerabilityId)
    expect(unmade).toBeNull()
    world.later(60_000)
    await world.push(vulnerabilityId)
    world.simulator.switches.searchIndexDelayMs = 0
    world.simulator.switches.requestFaults = []
    const made = world.simulator.sim.issues.filter(({ labels }) => labels.includes(`weir-${defectId}`))
    expect(made.map(({ id }) => id)).toEqual([(await world.defectOf(vulnerabilityId)).remote_id])
  })

  test('a comment whose answer is lost is written once, and known again by its property', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    world.simulator.switches.requestFaults.push(
      nextRequestFault({ method: 'POST', path: '*/issue/*/comment', action: { kind: 'cut', when: 'after' } }),
    )
    await world.say(vulnerabilityId, 'Only once')
    await world.settle()
    world.simulator.switches.requestFaults = []
    world.later(60_000)
    await world.push(vulnerabilityId)
    await world.settle()
    expect(await world.remoteTexts(vulnerabilityId)).toHaveLength(1)
    expect((await world.thread(vulnerabilityId)).map(({ body }) => body)).toEqual(['Only once'])
  })

  test('an issue that is moved to another project stays the same one', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const issue = await world.issueOf(vulnerabilityId)
    const { sim } = world.simulator
    const [project, actor] = [sim.projects.find(({ key }) => key === 'LEDG'), sim.people[0]]
    if (project === undefined || actor === undefined) throw new Error('The simulator has other seeds than this test.')
    moveIssue(sim, actor, { issue, project })
    expect(issue.key).toMatch(/^LEDG-/)
    await world.answer(vulnerabilityId, 'Said after the move')
    await world.settle()
    await world.reconcile(true)
    expect((await world.thread(vulnerabilityId)).map(({ body }) => body)).toEqual(['Said after the move'])
    expect((await world.defectOf(vulnerabilityId)).url).toBe(`${world.simulator.site}/browse/${issue.key}`)
  })

  test('a deleted issue is known to be gone; what was said about it stays', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.answer(vulnerabilityId, 'Said before')
    await world.settle()
    const { id } = await world.issueOf(vulnerabilityId)
    await world.ask('mara')('DELETE', `/issue/${id}`)
    await world.settle()
    expect(await world.defectOf(vulnerabilityId)).toMatchObject({
      link: 'missing',
      link_reason: expect.stringContaining('deleted in Jira'),
    })
    expect(await world.thread(vulnerabilityId)).toMatchObject([{ body: 'Said before', deleted_at: null }])
  })
})

describe('a workflow that goes one step at a time', () => {
  let world: JiraWorld
  beforeAll(async () => {
    world = await createJiraWorld({ settings: ledger })
  })
  afterAll(() => world.close())

  test('is gone along to the end and back, in few steps', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await mover(world)(vulnerabilityId, { to: 'fixed' })
    await world.settle()
    const issue = await world.issueOf(vulnerabilityId)
    expect(issue.status.name).toBe('Repaired')
    const steps = issue.histories.flatMap(({ items }) => items).filter(({ field }) => field === 'status')
    expect(steps.map(({ toText }) => toText)).toEqual(['Being assessed', 'In repair', 'Awaiting check', 'Repaired'])
    expect(await world.statusOf(vulnerabilityId)).toBe('fixed')
    await mover(world)(vulnerabilityId, { to: 'identified' })
    await world.settle()
    expect(issue.status.name).toBe('Being assessed')
  })

  test('failure 44: a screen that asks for what the route does not give is said, and setting it lets the work go on', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const accept = { to: 'risk_accepted' as const, reason: 'Behind a wall', acceptedUntil: '2027-06-01' }
    await world.db.transaction().execute((tx) =>
      applyMoves(world.deps, tx, {
        organizationId: world.ids.organizationId,
        moves: [{ ...accept, vulnerabilityId }],
        actor: world.champion,
        moveActor: 'champion',
      }),
    )
    await world.settle()
    const push = async () => (await world.operations(vulnerabilityId)).find(({ kind }) => kind === 'push_state')
    expect(await push()).toMatchObject({ state: 'failed', error: expect.stringContaining('asks for Resolution') })
    const settings = JSON.stringify({ ...ledger, resolutions: { risk_accepted: "Won't Do" } })
    await world.db.updateTable('route').set({ settings }).execute()
    await world.db
      .updateTable('operation')
      .set({ state: 'queued', next_attempt_at: null, finished_at: null })
      .where('id', '=', (await push())?.id ?? '')
      .execute()
    await world.push(vulnerabilityId)
    const issue = await world.issueOf(vulnerabilityId)
    expect(issue).toMatchObject({ status: { name: 'Risk accepted' }, resolution: { name: "Won't Do" } })
  })

  test('a status that cannot be reached is said once; the issue is not sent round the workflow for ever', async () => {
    const lost = { ...ledger, statuses: { fixed: 'Nowhere' } }
    await world.db
      .updateTable('route')
      .set({ settings: JSON.stringify(lost) })
      .execute()
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await mover(world)(vulnerabilityId, { to: 'fixed' })
    await world.settle()
    await world.reconcile()
    await world.settle()
    const pushes = (await world.operations(vulnerabilityId)).filter(({ kind }) => kind === 'push_state')
    expect(pushes).toMatchObject([
      { state: 'failed', error: expect.stringContaining('no way from “Awaiting check” to “Nowhere”') },
    ])
  })

  test('a required field the route lacks is named, and nothing is made', async () => {
    await world.db
      .updateTable('route')
      .set({ settings: JSON.stringify({ ...ledger, fields: {} }) })
      .execute()
    const vulnerabilityId = await world.addProblem()
    const before = world.simulator.sim.issues.length
    await world.send(vulnerabilityId)
    const [operation] = await world.operations(vulnerabilityId)
    expect(operation).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('customfield_10042: Data class is required.'),
    })
    expect(world.simulator.sim.issues).toHaveLength(before)
  })
})
