import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, says, userOf } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let ines: Ask

beforeEach(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
  ines = askAs(simulator, 'ines')
})
afterEach(async () => await simulator.close())

const shop = { project: { key: 'SHOP' }, issuetype: { name: 'Bug' } }

test('a created issue reads back as it was written, in Jira’s dates', async () => {
  const assignee = { accountId: userOf(simulator, 'yuki').account_id }
  const fields = {
    ...shop,
    summary: 'Broken',
    description: says('It is.'),
    priority: { name: 'High' },
    labels: ['a', 'b'],
    duedate: '2026-12-24',
    assignee,
  }
  const properties = [{ key: 'marker', value: { id: 7 } }]
  const made = await tomas('POST', '/issue', { fields, properties })
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    id: expect.stringMatching(/^\d+$/),
    key: 'SHOP-4',
    self: `${simulator.site}/rest/api/3/issue/${String(made.at('id'))}`,
  })
  const read = await tomas('GET', '/issue/SHOP-4?properties=marker')
  expect(read.body).toMatchObject({
    key: 'SHOP-4',
    properties: { marker: { id: 7 } },
    fields: {
      summary: 'Broken',
      description: says('It is.'),
      priority: { name: 'High' },
      labels: ['a', 'b'],
      duedate: '2026-12-24',
      assignee: { accountId: assignee.accountId, displayName: 'Yuki Brandt' },
      reporter: { displayName: 'Tomas Okoye' },
      status: { name: 'To Do', statusCategory: { key: 'new' } },
      resolution: null,
      customfield_10043: null,
      comment: { comments: [], total: 0 },
    },
  })
  expect(read.at('fields', 'created')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
})

test.each([
  ['summary', { summary: undefined }, 'You must specify a summary of the issue.'],
  ['summary', { summary: 'x'.repeat(256) }, 'Summary must be less than 255 characters.'],
  ['summary', { summary: 'a\nb' }, 'The summary is invalid because it contains newline characters.'],
  ['project', { project: { key: 'NOPE' } }, 'Specify a valid project ID or key'],
  ['issuetype', { issuetype: { name: 'Epic' } }, 'Specify a valid issue type'],
  [
    'description',
    { description: 'plain' },
    'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
  ],
  [
    'description',
    { description: says('x'.repeat(32_768)) },
    'The entered text is too long. It exceeds the allowed limit of 32,767 characters.',
  ],
  ['priority', { priority: { name: 'Urgent' } }, "Priority name 'Urgent' is not valid"],
  ['labels', { labels: ['two words'] }, "The label 'two words' contains spaces which is invalid."],
  [
    'customfield_99999',
    { customfield_99999: 1 },
    "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown.",
  ],
  [
    'status',
    { status: { name: 'Done' } },
    "Field 'status' cannot be set. It is not on the appropriate screen, or unknown.",
  ],
])('a bad %s is refused under its name', async (field, change, message) => {
  const made = await tomas('POST', '/issue', { fields: { ...shop, summary: 'Good', ...change } })
  expect(made.status).toBe(400)
  expect(made.body).toEqual({ errorMessages: [], errors: { [field]: message } })
})

test('LEDG wants its required field, and createmeta said so', async () => {
  const types = await tomas('GET', '/issue/createmeta/LEDG/issuetypes')
  expect(types.at('issueTypes')).toMatchObject([{ name: 'Security defect', id: '10010' }, { name: 'Task' }])
  const meta = await tomas('GET', '/issue/createmeta/LEDG/issuetypes/10010')
  expect(meta.at('fields')).toContainEqual(
    expect.objectContaining({
      fieldId: 'customfield_10042',
      required: true,
      allowedValues: expect.arrayContaining([expect.objectContaining({ value: 'Public' })]),
    }),
  )
  const fields = { project: { key: 'LEDG' }, issuetype: { id: '10010' }, summary: 'One' }
  const refused = await tomas('POST', '/issue', { fields })
  expect(refused.at('errors')).toEqual({ customfield_10042: 'Data class is required.' })
  const wrong = await tomas('POST', '/issue', { fields: { ...fields, customfield_10042: { value: 'Secret' } } })
  expect(wrong.at('errors')).toEqual({ customfield_10042: "Option value 'Secret' is not valid" })
  const made = await tomas('POST', '/issue', { fields: { ...fields, customfield_10042: { value: 'Public' } } })
  expect(made.status).toBe(201)
  expect((await tomas('GET', `/issue/${String(made.at('key'))}`)).at('fields', 'status', 'name')).toBe('Reported')
})

test('an edit changes what it names, keeps a history, and takes label operations', async () => {
  const edited = await tomas('PUT', '/issue/SHOP-1', {
    fields: { summary: 'New' },
    update: { labels: [{ add: 'sec' }, { remove: 'basket' }], comment: [{ add: { body: says('why') } }] },
  })
  expect([edited.status, edited.text]).toEqual([204, ''])
  const read = await tomas('GET', '/issue/SHOP-1?expand=changelog&fields=summary,labels,comment')
  expect(read.at('fields', 'labels')).toEqual(['sec'])
  expect(read.at('fields', 'comment', 'total')).toBe(3)
  const [newest] = Object(read.at('changelog', 'histories'))
  expect(newest).toMatchObject({
    author: { displayName: 'Tomas Okoye' },
    items: [
      { field: 'summary', fromString: 'The basket forgets its voucher after a reload', toString: 'New' },
      { field: 'labels', fromString: 'basket', toString: 'sec' },
    ],
  })
  const both = await tomas('PUT', '/issue/SHOP-1', { fields: { labels: [] }, update: { labels: [{ add: 'x' }] } })
  expect(both.at('errors')).toEqual({ labels: "Field 'labels' cannot appear in both 'fields' and 'update'" })
})

test('an edit that changes nothing moves nothing', async () => {
  const before = (await tomas('GET', '/issue/SHOP-1?fields=updated')).at('fields', 'updated')
  await tomas('PUT', '/issue/SHOP-1', { fields: { labels: ['basket'] } })
  expect((await tomas('GET', '/issue/SHOP-1?fields=updated')).at('fields', 'updated')).toBe(before)
})

test('people are assigned and unassigned; those without access are not', async () => {
  const id = userOf(simulator, 'yuki').account_id
  expect((await tomas('PUT', '/issue/SHOP-2/assignee', { accountId: id })).status).toBe(204)
  expect((await tomas('GET', '/issue/SHOP-2?fields=assignee')).at('fields', 'assignee', 'accountId')).toBe(id)
  expect((await tomas('PUT', '/issue/SHOP-2/assignee', { accountId: null })).status).toBe(204)
  expect((await tomas('GET', '/issue/SHOP-2?fields=assignee')).at('fields', 'assignee')).toBeNull()
  const refused = await tomas('PUT', '/issue/LEDG-1/assignee', { accountId: id })
  expect(refused.at('errors')).toEqual({ assignee: `User '${id}' cannot be assigned issues.` })
})

test('only administrators of a project delete; then it is as if it had never been', async () => {
  expect((await tomas('DELETE', '/issue/SHOP-1')).status).toBe(403)
  expect((await ines('DELETE', '/issue/SHOP-1')).status).toBe(204)
  const gone = await tomas('GET', '/issue/SHOP-1')
  expect([gone.status, gone.body]).toEqual([
    404,
    { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} },
  ])
})

test('what somebody may not see is not found', async () => {
  const yuki = askAs(simulator, 'yuki')
  expect((await yuki('GET', '/issue/LEDG-1')).status).toBe(404)
  expect((await yuki('GET', '/project/LEDG')).status).toBe(404)
  expect((await tomas('GET', '/issue/LEDG-1')).status).toBe(200)
})

test('fields are chosen by name, by star, and left out by minus', async () => {
  const keys = async (fields: string) =>
    Object.keys(Object((await tomas('GET', `/issue/SHOP-1?fields=${fields}`)).at('fields')))
  expect(await keys('summary,status')).toEqual(['summary', 'status'])
  expect(await keys('-comment')).not.toContain('comment')
  expect(await keys('*navigable')).toContain('summary')
  expect(await keys('*navigable,-summary')).not.toContain('summary')
  expect(await keys('nonsense')).toEqual([])
})

test('broken JSON, another type and an unknown path are told apart', async () => {
  expect((await tomas('POST', '/issue', '{')).at('errorMessages')).toEqual([
    'There was an error parsing JSON. Check that your request body is valid.',
  ])
  expect((await tomas('POST', '/issue', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await tomas('GET', '/nowhere')).status).toBe(404)
})

test('projects, people, priorities, labels and permissions are listed', async () => {
  const yuki = askAs(simulator, 'yuki')
  expect((await tomas('GET', '/project/search')).body).toMatchObject({
    total: 2,
    isLast: true,
    values: [{ key: 'LEDG' }, { key: 'SHOP' }],
  })
  expect((await yuki('GET', '/project/search')).at('total')).toBe(1)
  expect((await tomas('GET', '/project/LEDG/statuses')).body).toMatchObject([
    { name: 'Security defect', statuses: expect.arrayContaining([expect.objectContaining({ name: 'In repair' })]) },
    {},
  ])
  expect((await tomas('GET', '/priority')).body).toHaveLength(5)
  expect((await tomas('GET', '/label')).at('values')).toEqual(['basket', 'docs', 'release', 'security'])
  expect((await tomas('GET', '/myself')).body).toMatchObject({
    emailAddress: 'tomas@meadow-goods.example',
    accountType: 'atlassian',
  })
  const found = await tomas('GET', '/user/search?query=yuki')
  expect(found.body).toMatchObject([{ displayName: 'Yuki Brandt', timeZone: 'Asia/Tokyo' }])
  expect(found.text).not.toContain('emailAddress')
  expect((await tomas('GET', '/user/assignable/search?project=LEDG')).body).toHaveLength(4)
  const may = await tomas('GET', '/mypermissions?projectKey=SHOP&permissions=CREATE_ISSUES,DELETE_ISSUES,ADMINISTER')
  expect(may.at('permissions')).toMatchObject({
    CREATE_ISSUES: { havePermission: true },
    DELETE_ISSUES: { havePermission: false },
    ADMINISTER: { havePermission: false },
  })
})
