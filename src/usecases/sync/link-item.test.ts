import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { says } from '../../../simulators/jira/try-api.ts'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { readInstance } from './instance.ts'
import { linkItem } from './link-item.ts'
import { unlinkItem } from './unlink-item.ts'

let world: JiraWorld
beforeAll(async () => {
  world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' } })
})
afterAll(() => world.close())

const actor = () => ({ ...world.champion, ipAddress: null })
const link = (vulnerabilityId: string, item: string) =>
  linkItem(world.deps, { organizationId: world.ids.organizationId, vulnerabilityId, item, actor: actor() })
const unlink = (defectId: string) =>
  unlinkItem(world.deps, { organizationId: world.ids.organizationId, defectId, actor: actor() })

/** An issue people made, with what they said on it. */
async function writeIssue(comments: readonly string[] = []) {
  const fields = { project: { key: 'SHOP' }, issuetype: { id: '10004' }, summary: 'Orders leak', labels: ['team-a'] }
  const made = await world.dana('POST', '/issue', { fields })
  const key = String(made.at('key'))
  for (const text of comments) await world.dana('POST', `/issue/${key}/comment`, { body: says(text) })
  const issue = world.simulator.sim.issues.find((one) => one.key === key)
  if (issue === undefined) throw new Error(`There is no issue ${key}.`)
  return issue
}

const bodies = async (vulnerabilityId: string) => (await world.thread(vulnerabilityId)).map(({ body }) => body)
const events = (vulnerabilityId: string) =>
  world.db
    .selectFrom('vulnerability_event')
    .select(['kind', 'actor_name'])
    .where('vulnerability_id', '=', vulnerabilityId)
    .where('kind', 'in', ['defect_linked', 'defect_unlinked'])
    .orderBy('id')
    .execute()

/** A second organization of this installation, connected with the same site, whose vulnerability has the issue. */
async function holdElsewhere(remoteId: string): Promise<string> {
  const organization_id = world.deps.newId()
  const [defect, vulnerability, asset, connection] = [1, 2, 3, 4].map(() => world.deps.newId())
  if (!defect || !vulnerability || !asset || !connection) throw new Error('There are no ids.')
  const { db, ids } = world
  const from = ids.organizationId
  await db.insertInto('organization').values({ organization_id, name: 'Hill Goods' }).execute()
  const model = await world.addProblem()
  const like = await link(model, (await writeIssue()).key)
  const wanted = {
    connection: ids.connectionId,
    asset: ids.assetId,
    vulnerability: model,
    defect: like.id,
  }
  const changes = {
    connection: { id: connection },
    asset: { id: asset },
    vulnerability: { id: vulnerability, asset_id: asset },
    defect: { id: defect, vulnerability_id: vulnerability, connection_id: connection, remote_id: remoteId },
  }
  for (const table of ['connection', 'asset', 'vulnerability', 'defect'] as const) {
    const change = JSON.stringify({ ...changes[table], organization_id })
    const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
      where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`.execute(db)
    const columns = sql.join(rows.map(({ name }) => sql.ref(name)))
    await sql`insert into ${sql.table(table)} (${columns}) select ${columns} from (
      select (jsonb_populate_record(t, ${change}::jsonb)).* from ${sql.table(table)} t
      where t.organization_id = ${from}::uuid and t.id = ${wanted[table]}::uuid) as copied`.execute(db)
  }
  return defect
}

describe('linking a vulnerability to an issue that people made', () => {
  test('marks it, takes in what was said without calling anybody, and talks on from there', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue(['Found by a customer', 'weir done'])
    await world.settle()
    const calls = world.db.selectFrom('notification').select('id')
    const before = (await calls.execute()).length
    const linked = await link(vulnerabilityId, `${world.simulator.site}/browse/${issue.key}`)
    expect(linked).toMatchObject({ link: 'pending', url: `${world.simulator.site}/browse/${issue.key}` })
    await world.settle()
    const defect = await world.defectOf(vulnerabilityId)
    expect(defect).toMatchObject({ id: linked.id, link: 'ok', remote_id: issue.id })
    expect(issue.labels).toEqual(['team-a', `weir-${defect.id}`])
    expect(issue.properties.get('weir.marker')).toMatchObject({ id: defect.id })
    expect(await bodies(vulnerabilityId)).toEqual(['Found by a customer', 'weir done'])
    expect((await calls.execute()).length).toBe(before)
    expect(await world.statusOf(vulnerabilityId)).toBe('identified')
    await world.answer(vulnerabilityId, 'What do you see?')
    await world.say(vulnerabilityId, 'A query made of user input.')
    await world.settle()
    expect(await bodies(vulnerabilityId)).toHaveLength(4)
    expect(issue.comments).toHaveLength(4)
    expect(issue.summary).toBe('Orders leak')
    expect((await events(vulnerabilityId)).map(({ kind }) => kind)).toEqual(['defect_linked'])
    const audit = await world.db.selectFrom('audit_event').select(['action', 'after']).execute()
    expect(audit).toContainEqual({ action: 'defect.linked', after: expect.objectContaining({ tracker: 'jira' }) })
  })

  test('one that is closed there is a developer’s done, not opened again', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue()
    await world.dana('POST', `/issue/${issue.key}/transitions`, { transition: { id: '31' } })
    await link(vulnerabilityId, issue.key.toLowerCase())
    await world.settle()
    expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
    expect(issue.status.name).toBe('Done')
  })

  test.each([
    ['no key', 'this is no key of a Jira issue'],
    ['SHOP-99999', 'shows our account no such issue'],
    ['https://elsewhere.atlassian.example/browse/SHOP-1', 'elsewhere.atlassian.example is not connected'],
  ])('%s is refused with the reason', async (item, reason) => {
    const vulnerabilityId = await world.addProblem()
    await expect(link(vulnerabilityId, item)).rejects.toMatchObject({
      code: 'validation_failed',
      detail: expect.stringContaining(reason),
    })
  })

  test('an issue another vulnerability holds, one of another Weir, and a second one are refused', async () => {
    const first = await world.addProblem({ title: 'The first one' })
    const other = await world.addProblem()
    const issue = await writeIssue()
    await link(first, issue.key)
    await expect(link(other, issue.key)).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('The first one has this issue already'),
    })
    await world.settle()
    await expect(link(other, issue.key)).rejects.toMatchObject({ code: 'conflict' })
    const foreign = await writeIssue()
    foreign.properties.set('weir.marker', { instance: 'zzz', id: world.deps.newId() })
    await expect(link(other, foreign.key)).rejects.toMatchObject({
      detail: expect.stringContaining('Another Weir keeps this issue'),
    })
    const second = await writeIssue()
    await expect(link(first, second.key)).rejects.toMatchObject({
      detail: expect.stringContaining('has an issue already'),
    })
  })

  test('one that another organization holds is refused without a word of it, until it is parted there', async () => {
    const issue = await writeIssue()
    const held = await holdElsewhere(issue.id)
    const vulnerabilityId = await world.addProblem()
    await expect(link(vulnerabilityId, issue.key)).rejects.toMatchObject({
      code: 'conflict',
      detail: 'This issue is linked to another vulnerability already.',
    })
    const own = world.db.selectFrom('defect').select('id').where('vulnerability_id', '=', vulnerabilityId)
    expect(await own.execute()).toEqual([])
    await world.db.updateTable('defect').set({ unlinked_at: new Date() }).where('id', '=', held).execute()
    await link(vulnerabilityId, issue.key)
    await world.settle()
    expect(await world.defectOf(vulnerabilityId)).toMatchObject({ remote_id: issue.id, link: 'ok' })
  })

  test('where our account may only look, what it may not do is said', async () => {
    const { sim } = world.simulator
    const project = sim.projects.find(({ key }) => key === 'SHOP')
    const sync = sim.people.find(({ email }) => email.startsWith('sync@'))
    if (project === undefined || sync === undefined) throw new Error('The simulator has other seeds than this test.')
    const issue = await writeIssue()
    project.roles.set(sync.accountId, 'view')
    const vulnerabilityId = await world.addProblem()
    await expect(link(vulnerabilityId, issue.key)).rejects.toMatchObject({
      code: 'remote_forbidden',
      detail: expect.stringContaining('may not edit its issues, nor comment on them'),
    })
    project.roles.delete(sync.accountId)
  })
})

describe('parting a vulnerability from its issue', () => {
  test('leaves the issue as people made it, and the thread here; what happens there is none of ours', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue(['Said there'])
    const { id } = await link(vulnerabilityId, issue.key)
    await world.settle()
    await unlink(id)
    await world.settle()
    expect(issue.labels).toEqual(['team-a'])
    expect(issue.properties.has('weir.marker')).toBe(false)
    await world.dana('POST', `/issue/${issue.key}/comment`, { body: says('Nobody of Weir hears this') })
    await world.dana('POST', `/issue/${issue.key}/transitions`, { transition: { id: '31' } })
    await world.settle()
    await world.reconcile(true)
    expect(await bodies(vulnerabilityId)).toEqual(['Said there'])
    expect(await world.statusOf(vulnerabilityId)).toBe('identified')
    expect(await events(vulnerabilityId)).toEqual([
      { kind: 'defect_linked', actor_name: 'Weir' },
      { kind: 'defect_unlinked', actor_name: 'Carla Champion' },
    ])
    await expect(unlink(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('the same two can be linked again, with each message once and what was said meanwhile', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue(['Before'])
    const { id } = await link(vulnerabilityId, issue.key)
    await world.settle()
    await world.say(vulnerabilityId, 'Ours')
    await world.settle()
    await unlink(id)
    await world.settle()
    await world.dana('POST', `/issue/${issue.key}/comment`, { body: says('Meanwhile') })
    expect((await link(vulnerabilityId, issue.key)).id).toBe(id)
    await world.settle()
    expect(await bodies(vulnerabilityId)).toEqual(['Before', 'Ours', 'Meanwhile'])
    expect(issue.properties.get('weir.marker')).toMatchObject({ id })
  })

  test('an issue Weir made can be parted too, given to another one, and the vulnerability sent anew', async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    const made = await world.issueOf(vulnerabilityId)
    await unlink((await world.defectOf(vulnerabilityId)).id)
    const other = await world.addProblem()
    await link(other, made.key)
    await world.settle()
    expect(await world.defectOf(other)).toMatchObject({ remote_id: made.id, link: 'ok' })
    expect(made.properties.get('weir.marker')).toMatchObject({ id: (await world.defectOf(other)).id })
    await world.send(vulnerabilityId)
    expect((await world.issueOf(vulnerabilityId)).key).not.toBe(made.key)
  })

  test('an issue that carries our mark and whose row was lost is taken again', async () => {
    const vulnerabilityId = await world.addProblem()
    const issue = await writeIssue()
    issue.properties.set('weir.marker', { instance: await readInstance(world.db), id: world.deps.newId() })
    await link(vulnerabilityId, issue.key)
    await world.settle()
    const { id, link: state } = await world.defectOf(vulnerabilityId)
    expect(state).toBe('ok')
    expect(issue.properties.get('weir.marker')).toMatchObject({ id })
  })
})
