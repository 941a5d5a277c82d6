import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { userOf } from '../../../simulators/jira/try-api.ts'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { listJiraFields, listJiraIssueTypes, listJiraPeople, listJiraProjects } from './jira-form.ts'
import { createTrackerRoute, updateTrackerRoute } from './tracker-routes.ts'

const ledger = { project: '10001', issueType: '10010' }
const dataClass = { customfield_10042: { id: '10202' } }

let world: JiraWorld
beforeAll(async () => {
  world = await createJiraWorld({ settings: {} })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.simulator.switches.requestFaults = []
  await world.db.deleteFrom('route').execute()
})

const key = () => ({ organizationId: world.ids.organizationId, connectionId: world.ids.connectionId })
const by = () => ({ organizationId: world.ids.organizationId, actor: { ...world.champion, ipAddress: null } })
const make = (settings: Record<string, unknown>) =>
  createTrackerRoute(world.deps, { ...by(), tracker: 'jira', connection_id: world.ids.connectionId, settings })

/** A field of a kind nobody can fill, which the project then asks for. */
function askForGroup(): () => void {
  const project = world.simulator.sim.projects.find(({ key: name }) => name === 'LEDG')
  if (project === undefined) throw new Error('The simulator has other seeds than this test.')
  const field = { id: 'customfield_10099', name: 'Approving group', kind: 'group' as const, options: [] }
  project.customFields.push({ field, isRequired: true })
  return () => {
    project.customFields.pop()
  }
}

test('project, issue type and people are chosen from what Jira shows the account', async () => {
  expect((await listJiraProjects(world.deps, key())).items.map((one) => one.key)).toEqual(['LEDG', 'SHOP'])
  expect((await listJiraProjects(world.deps, { ...key(), q: 'store' })).items).toEqual([
    { id: '10000', key: 'SHOP', name: 'Storefront' },
  ])
  const types = await listJiraIssueTypes(world.deps, { ...key(), project: '10001' })
  expect(types.items).toEqual([
    { id: '10010', name: 'Security defect' },
    { id: '10002', name: 'Task' },
  ])
  const { items } = await listJiraPeople(world.deps, { ...key(), project: '10000', q: 'tomas' })
  expect(items).toEqual([{ id: userOf(world.simulator, 'tomas').account_id, name: 'Tomas Okoye' }])
  await expect(listJiraIssueTypes(world.deps, { ...key(), project: '10777' })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('the form has the required fields first, each with its kind and choices, and none that Weir fills itself', async () => {
  const ledgerFields = await listJiraFields(world.deps, { ...key(), project: '10001', issueType: '10010' })
  expect(ledgerFields.items[0]).toEqual({
    id: 'customfield_10042',
    name: 'Data class',
    kind: 'choice',
    is_required: true,
    choices: ['Public', 'Internal', 'Confidential'].map((label, index) => ({
      id: String(10_201 + index),
      label,
      children: [],
    })),
  })
  const shopFields = await listJiraFields(world.deps, { ...key(), project: '10000', issueType: '10004' })
  expect(shopFields.items.map(({ name, kind }) => [name, kind])).toEqual([
    ['Assignee', 'person'],
    ['Scanner reference', 'text'],
    ['Impact', 'long_text'],
    ['Effort in hours', 'number'],
    ['Audit on', 'date'],
    ['Regulations', 'choices'],
    ['Origin', 'cascade'],
    ['Security contact', 'person'],
    ['Watch words', 'labels'],
  ])
  const origin = shopFields.items.find(({ name }) => name === 'Origin')
  expect(origin?.choices[0]).toMatchObject({
    label: 'Own code',
    children: [{ label: 'Front end' }, { label: 'Back end' }],
  })
})

test('what the route says of the fields is checked, put as Jira takes it, and sent with the issue', async () => {
  const { account_id: contact } = userOf(world.simulator, 'ines')
  await make({
    project: '10000',
    issueType: '10004',
    fields: {
      customfield_10043: 'weir',
      customfield_10044: 'Customers **see** it.',
      customfield_10045: 4,
      customfield_10046: '2027-03-31',
      customfield_10047: [{ value: 'GDPR' }, '10212'],
      customfield_10048: { id: '10221', child: { value: 'Back end' } },
      customfield_10049: contact,
      customfield_10050: ['audit'],
      assignee: '',
    },
  })
  const vulnerabilityId = await world.addProblem()
  await world.send(vulnerabilityId)
  const { custom } = await world.issueOf(vulnerabilityId)
  expect(Object.fromEntries(custom)).toMatchObject({
    customfield_10043: 'weir',
    customfield_10044: { type: 'doc' },
    customfield_10045: 4,
    customfield_10046: '2027-03-31',
    customfield_10047: [{ id: '10211' }, { id: '10212' }],
    customfield_10048: { id: '10221', child: { id: '10223' } },
    customfield_10049: { accountId: contact },
    customfield_10050: ['audit'],
  })
})

test.each([
  [{ ...ledger }, 'settings.fields.customfield_10042', 'Data class is required by Jira for issues of this type.'],
  [
    { ...ledger, fields: { customfield_10042: { id: '9' } } },
    'settings.fields.customfield_10042',
    'Data class has no such choice. There are: Public, Internal, Confidential.',
  ],
  [
    { ...ledger, fields: { ...dataClass, customfield_10077: 'x' } },
    'settings.fields.customfield_10077',
    'customfield_10077: issues of this type have no such field. Leave it out.',
  ],
])('settings that cannot work are refused, field by field: %j', async (settings, field, sentence) => {
  await expect(make(settings)).rejects.toMatchObject({
    code: 'validation_failed',
    detail: sentence,
    meta: { fields: { [field]: [sentence] } },
  })
})

test('a project or issue type that is not shown to us is refused before anything is sent', async () => {
  const wrong = make({ project: '10001', issueType: '99' })
  await expect(wrong).rejects.toMatchObject({ code: 'validation_failed', detail: expect.stringContaining('type 99') })
})

test('a required field Weir cannot fill, and a priority nobody knows there, are said on the route', async () => {
  const undo = askForGroup()
  const made = await make({ ...ledger, fields: dataClass, priorities: { critical: 'Blocker', low: 'Low' } })
  undo()
  expect(made.notes).toEqual([
    expect.stringMatching(/^Approving group is required in Jira, and Weir cannot fill a field of this kind/),
    expect.stringMatching(/^Priority “Blocker” is not known there.*Highest, High, Medium, Low, Lowest\.$/),
  ])
  const saved = await updateTrackerRoute(world.deps, {
    ...by(),
    id: made.id,
    settings: { ...ledger, fields: dataClass },
  })
  expect(saved.notes).toEqual([])
})

test('while Jira cannot be asked the route is kept, and says that nothing was checked', async () => {
  const { simulator } = world
  await world.db.updateTable('connection').set({ api_url: 'http://127.0.0.1:9' }).execute()
  const made = await make({ ...ledger })
  await world.db
    .updateTable('connection')
    .set({ api_url: simulator.site, state: 'active', failures_in_row: 0, failing_since: null, probe_at: null })
    .execute()
  expect(made.notes).toEqual([expect.stringContaining('could not be read')])
  await expect(updateTrackerRoute(world.deps, { ...by(), id: made.id, settings: { ...ledger } })).rejects.toMatchObject(
    {
      code: 'validation_failed',
    },
  )
})
