import { afterAll, beforeAll, expect, test } from 'vitest'
import { readZip } from '../../shared/zip.ts'
import type { Repository } from '../model.ts'
import { type Simulator, startSimulator } from '../simulator.ts'

let simulator: Simulator
let repository: Repository
let mara: Visitor
let tomas: Visitor
let reader: Visitor

interface Visitor {
  get: (path: string) => Promise<string>
  /** Answers where it leads, or the status of a refusal. */
  post: (path: string, fields?: Record<string, string> | FormData) => Promise<string>
}

const base = '/meadow-goods/storefront-api'

async function visitorOf(username: string, password: string): Promise<Visitor> {
  const send = async (path: string, cookie: string, body?: URLSearchParams | FormData) =>
    await fetch(`${simulator.sim.urls.web}${path}`, {
      headers: { cookie },
      redirect: 'manual',
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
  const login = await send('/account/signin/', '', new URLSearchParams({ username, password }))
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return {
    get: async (path) => await (await send(path, cookie)).text(),
    post: async (path, fields = {}) => {
      const reply = await send(path, cookie, fields instanceof FormData ? fields : new URLSearchParams(fields))
      return reply.status === 303 ? (reply.headers.get('location') ?? '') : String(reply.status)
    },
  }
}

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy' })
  const found = simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  const piet = simulator.sim.people.find((one) => one.username === 'piet-oosten')
  if (found === undefined || piet === undefined) throw new Error('nothing is planted')
  repository = found
  repository.permissions.set(piet.uuid, 'read')
  mara = await visitorOf('mara-lind', 'mara')
  tomas = await visitorOf('tomas-okoye', 'tomas')
  reader = await visitorOf('piet-oosten', 'piet')
})
afterAll(async () => {
  await simulator.close()
})

test('an administrator defines parts and defaults; others may not see the settings', async () => {
  expect(await mara.post(`${base}/admin/issues/components`, { name: 'UI' })).toBe(`${base}/admin/issues#components`)
  expect(await mara.post(`${base}/admin/issues/components`, { name: 'UI' })).toBe('400')
  await mara.post(`${base}/admin/issues/milestones`, { name: 'M1' })
  await mara.post(`${base}/admin/issues/versions`, { name: '1.0' })
  expect(await mara.post(`${base}/admin/issues/colours`, { name: 'red' })).toBe('400')
  await mara.post(`${base}/admin/issues/defaults`, { kind: 'task', assignee: '', component: 'UI', version: '' })
  expect(repository.tracker.defaults).toMatchObject({ kind: 'task', component: { name: 'UI' }, version: null })
  expect(await tomas.post(`${base}/admin/issues/versions`, { name: '2.0' })).toBe('403')
  expect(await tomas.get(`${base}/admin/issues`)).toContain('You do not have access')
  expect(await mara.get(`${base}/admin/issues`)).toContain('Delete the milestone M1')
})

test('a new issue takes its parts and files from the form', async () => {
  const form = new FormData()
  for (const [name, value] of Object.entries({
    title: 'Search <slow>',
    content: 'Takes *10 s*',
    kind: 'bug',
    priority: 'critical',
  }))
    form.append(name, value)
  for (const [name, value] of Object.entries({ component: 'UI', milestone: 'M1', version: '', assignee: '' }))
    form.append(name, value)
  form.append('files', new Blob(['trace'], { type: 'text/plain' }), 'trace <1>.txt')
  expect(await tomas.post(`${base}/issues`, form)).toBe(`${base}/issues/1`)
  const page = await reader.get(`${base}/issues/1`)
  expect(page).toContain('<em>10 s</em>')
  expect(page).toContain('<span id="issue-component">UI</span>')
  expect(page).toContain('trace &lt;1&gt;.txt</a> <small>5 bytes')
  expect(repository.issues[0]).toMatchObject({ version: null, milestone: { name: 'M1' } })
})

test('the list is filtered by state, kind, priority and text, and paged', async () => {
  await mara.post(`${base}/issues`, { title: 'Second', kind: 'proposal', priority: 'minor' })
  const list = async (query: string) =>
    [...(await reader.get(`${base}/issues?${query}`)).matchAll(/>#(\d+) /g)].map((one) => one[1])
  expect(await list('')).toEqual(['2', '1'])
  expect(await list('kind=bug')).toEqual(['1'])
  expect(await list('priority=minor&state=new')).toEqual(['2'])
  expect(await list('state=closed')).toEqual([])
  expect(await list('text=10+S')).toEqual(['1'])
  for (let more = 0; more < 25; more += 1) await mara.post(`${base}/issues`, { title: `more ${more}` })
  expect(await list('state=all&kind=task')).toHaveLength(25)
  expect(await list('page=2')).toEqual(['2', '1'])
  expect(await reader.get(`${base}/issues?page=2&state=all`)).toContain(`${base}/issues?page=1&amp;state=all`)
})

test('editing through the form writes one change with all that differs', async () => {
  const fields = { title: 'Search is slow', content: 'Takes *10 s*', kind: 'bug', priority: 'blocker', component: '' }
  expect(await tomas.post(`${base}/issues/1/edit`, fields)).toBe(`${base}/issues/1#issue-state`)
  expect(Object.keys(repository.issues[0]?.changes.at(-1)?.changes ?? {})).toEqual(['priority', 'title', 'component'])
  const page = await reader.get(`${base}/issues/1`)
  expect(page).toContain('changed priority from critical to blocker')
  expect(page).toContain('changed component from UI to none')
  expect(page).not.toContain('edit-issue-form')
  expect(await reader.post(`${base}/issues/1/edit`, fields)).toBe('403')
  expect(await tomas.post(`${base}/issues/1/edit`, { ...fields, title: '' })).toBe('400')
})

test('votes and watching are switched on and off', async () => {
  await reader.post(`${base}/issues/1/vote`)
  await reader.post(`${base}/issues/1/watch`)
  expect(await reader.get(`${base}/issues/1`)).toMatch(/1 vote<\/span>, <span id="issue-watchers">2 watchers/)
  expect(await reader.get(`${base}/issues/1`)).toContain('id="unvote"')
  await reader.post(`${base}/issues/1/unvote`)
  await reader.post(`${base}/issues/1/unwatch`)
  expect(await reader.get(`${base}/issues/1`)).toMatch(/0 votes<\/span>, <span id="issue-watchers">1 watcher</)
})

test('files are added, fetched and deleted', async () => {
  const form = new FormData()
  form.append('files', new Blob(['more']), 'more.txt')
  expect(await reader.post(`${base}/issues/1/attachments`, form)).toBe(`${base}/issues/1#attachments`)
  expect(await reader.post(`${base}/issues/1/attachments`, new FormData())).toBe('400')
  const reply = await fetch(`${simulator.sim.urls.web}${base}/issues/1/attachments/more.txt`, { redirect: 'manual' })
  expect(reply.headers.get('location')).toContain('/account/signin/')
  const name = encodeURIComponent('trace <1>.txt')
  expect(await reader.post(`${base}/issues/1/attachments/${name}/delete`)).toBe('403')
  expect(await tomas.post(`${base}/issues/1/attachments/${name}/delete`)).toBe(`${base}/issues/1#attachments`)
  expect(repository.issues[0]?.attachments.map((one) => one.name)).toEqual(['more.txt'])
  expect(await reader.get(`${base}/issues/1/attachments/more.txt`)).toBe('')
})

test('the archive comes at once, and its import replaces all issues', async () => {
  const address = await mara.post(`${base}/admin/issues/export`)
  const archive = Buffer.from(await (await fetch(address)).arrayBuffer())
  expect(readZip(archive)?.map(({ path }) => path)).toEqual(['db-2.0.json', 'attachments/1-more.txt'])
  expect(await reader.post(`${base}/issues/2/delete`)).toBe('403')
  expect(await tomas.post(`${base}/issues/2/delete`)).toBe(`${base}/issues`)
  expect(repository.issues.some((one) => one.id === 2)).toBe(false)
  const form = new FormData()
  form.append('archive', new Blob([archive]), 'issues.zip')
  expect(await mara.post(`${base}/admin/issues/import`, form)).toBe(`${base}/admin/issues#export-import`)
  expect(repository.issues.some((one) => one.id === 2)).toBe(true)
})

test('a part that is deleted is taken from its issues', async () => {
  const milestone = repository.tracker.milestone[0]
  expect(repository.issues[0]?.milestone).toBe(milestone)
  await mara.post(`${base}/admin/issues/milestones/${milestone?.id}/delete`)
  expect(repository.issues[0]?.milestone).toBeNull()
  expect(repository.tracker.milestone).toEqual([])
})
