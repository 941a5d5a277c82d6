import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let legacy: Simulator
let modern: Simulator
let receiver: Receiver
let tomas: Ask
const base = '/repositories/meadow-goods/storefront-api/issues'

beforeAll(async () => {
  legacy = await startSimulator({ repositories: 0, mode: 'legacy' })
  modern = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  tomas = askAs(legacy, 'tomas-okoye')
  const events = ['issue:created', 'issue:updated', 'issue:comment_created']
  await askAs(legacy, 'mara-lind')('POST', '/workspaces/meadow-goods/hooks', { url: receiver.url, events })
})
afterAll(async () => {
  await legacy.close()
  await modern.close()
  await receiver.close()
})

async function last(): Promise<unknown> {
  await legacy.flush()
  const one = receiver.caught.at(-1)
  return { key: one?.headers['x-event-key'], ...Object(one?.body) }
}

test('an issue is made with its defaults and announced', async () => {
  const made = await tomas('POST', base, { title: 'SQL injection', content: { raw: 'in **search**' } })
  expect(made.status).toBe(201)
  expect([made.at('id'), made.at('state'), made.at('kind'), made.at('priority')]).toEqual([1, 'new', 'bug', 'major'])
  expect(made.at('content', 'html')).toBe('<p>in <strong>search</strong></p>')
  expect(await last()).toMatchObject({
    key: 'issue:created',
    issue: { id: 1, type: 'issue' },
    actor: { display_name: 'Tomas Okoye' },
  })
  expect((await tomas('POST', base, {})).at('error', 'fields')).toHaveProperty('title')
  expect((await tomas('POST', base, { title: 'x', priority: 'urgent' })).status).toBe(400)
})

test('every edit writes a change and a comment whose text is null', async () => {
  const edited = await tomas('PUT', `${base}/1`, { state: 'resolved', priority: 'critical' })
  expect([edited.at('state'), edited.at('title')]).toEqual(['resolved', 'SQL injection'])
  const changes = await tomas('GET', `${base}/1/changes`)
  expect(at(changes.values[0], 'changes')).toEqual({
    state: { old: 'new', new: 'resolved' },
    priority: { old: 'major', new: 'critical' },
  })
  const comments = await tomas('GET', `${base}/1/comments`)
  expect(at(comments.values[0], 'id')).toBe(at(changes.values[0], 'id'))
  expect(at(comments.values[0], 'content', 'raw')).toBeNull()
  expect(await last()).toMatchObject({
    key: 'issue:updated',
    changes: { status: { old: 'new', new: 'resolved' } },
    comment: { content: { raw: null } },
  })
})

test('a posted change moves the state and carries its message', async () => {
  const ines = legacy.users.find((one) => one.username === 'ines-calder')
  const body = {
    changes: { state: { new: 'open' }, assignee_account_id: { new: ines?.account_id } },
    message: { raw: 'not yet' },
  }
  const change = await tomas('POST', `${base}/1/changes`, body)
  expect(change.status).toBe(201)
  expect(change.at('changes', 'assignee_account_id', 'new')).toBe(ines?.account_id)
  const issue = await tomas('GET', `${base}/1`)
  expect([issue.at('state'), issue.at('assignee', 'display_name')]).toEqual(['open', 'Ines Calder'])
  const found = await tomas('GET', `${base}/1/changes?q=${encodeURIComponent('changes.state.new="open"')}`)
  expect(found.at('size')).toBe(1)
  expect((await tomas('GET', `${base}/1/changes/${change.at('id')}`)).at('message', 'raw')).toBe('not yet')
})

test('comments come and go; edits and deletions make no webhook', async () => {
  const made = await tomas('POST', `${base}/1/comments`, { content: { raw: 'why?' } })
  expect(made.status).toBe(201)
  expect(await last()).toMatchObject({
    key: 'issue:comment_created',
    comment: { id: made.at('id'), content: { raw: 'why?' } },
  })
  const count = receiver.caught.length
  const path = `${base}/1/comments/${made.at('id')}`
  expect((await tomas('PUT', path, { content: { raw: 'why not?' } })).at('content', 'raw')).toBe('why not?')
  expect((await askAs(legacy, 'yuki-brandt')('PUT', path, { content: { raw: 'x' } })).status).toBe(403)
  expect((await tomas('DELETE', path)).status).toBe(204)
  expect((await tomas('GET', path)).status).toBe(404)
  await legacy.flush()
  expect(receiver.caught).toHaveLength(count)
})

test('issues are filtered and sorted', async () => {
  await tomas('POST', base, { title: 'second', priority: 'minor' })
  await tomas('POST', base, { title: 'third [weir:7]', priority: 'blocker' })
  const list = async (query: Record<string, string>) =>
    (await tomas('GET', `${base}?${new URLSearchParams(query)}`)).values.map((one) => at(one, 'id'))
  expect(await list({ q: 'priority >= "critical"', sort: 'id' })).toEqual([1, 3])
  expect(await list({ sort: '-priority' })).toEqual([3, 1, 2])
  expect(await list({ q: 'title ~ "[weir:7]"' })).toEqual([3])
  expect((await tomas('GET', `${base}?q=colour="red"`)).status).toBe(400)
})

test('a repository without a tracker answers 404', async () => {
  const reply = await tomas('GET', '/repositories/meadow-goods/platform-infra/issues')
  expect([reply.status, reply.at('error', 'message')]).toEqual([404, 'Repository has no issue tracker.'])
})

test('in 2026 every method and path of the tracker is 410, in the words of the change', async () => {
  const ask = askAs(modern, 'mara-lind')
  const url = 'https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3071'
  for (const [method, path] of [
    ['GET', base],
    ['POST', base],
    ['GET', `${base}/1`],
    ['PUT', `${base}/1`],
    ['DELETE', `${base}/1/comments/2`],
    ['GET', `${base}/1/attachments`],
    ['POST', `${base}/export`],
    ['PUT', `${base}/1/vote`],
    ['GET', '/repositories/meadow-goods/storefront-api/milestones'],
  ] as const) {
    const reply = await ask(method, path, method === 'GET' ? undefined : {})
    expect([method, path, reply.status]).toEqual([method, path, 410])
    expect(reply.body).toEqual({
      type: 'error',
      error: {
        message: 'CHANGE-3071 - Functionality has been deprecated',
        detail: 'Please read the changelog entry for more details.',
        data: { announcement_url: url },
      },
      data: { announcement_url: url },
    })
  }
  expect((await ask('GET', '/repositories/meadow-goods/unseen/issues')).status).toBe(410)
  modern.switches.removedIssuesOrder = '404_first'
  expect((await ask('GET', '/repositories/meadow-goods/unseen/issues')).status).toBe(404)
  expect((await ask('GET', base)).status).toBe(410)
})
