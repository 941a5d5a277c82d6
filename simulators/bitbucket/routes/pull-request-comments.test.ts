import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let receiver: Receiver
let tomas: Ask
let mara: Ask

const base = '/repositories/meadow-goods/storefront-api/pullrequests/4'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  tomas = askAs(simulator, 'tomas-okoye')
  mara = askAs(simulator, 'mara-lind')
  const events = ['created', 'updated', 'deleted', 'resolved', 'reopened'].map((one) => `pullrequest:comment_${one}`)
  await mara('POST', '/workspaces/meadow-goods/hooks', { url: receiver.url, events, description: 'w' })
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function lastEvent(): Promise<{ key: unknown; body: unknown }> {
  await simulator.flush()
  const last = receiver.caught.at(-1)
  return { key: last?.headers['x-event-key'], body: last?.body }
}

describe('comments', () => {
  test('a comment on a line is made, answered in its thread, and every step reaches the hook', async () => {
    const made = await tomas('POST', `${base}/comments`, {
      content: { raw: 'Injection\n\n[weir]: #1' },
      inline: { path: 'src/routes/orders.js', to: 15 },
    })
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(made.at('links', 'self', 'href'))
    expect(made.at('content', 'html')).toBe('<p>Injection</p>')
    expect(made.at('inline')).toEqual({
      outdated: false,
      context_lines: '',
      src_rev: expect.stringMatching(/^[0-9a-f]{12}$/),
      dest_rev: expect.stringMatching(/^[0-9a-f]{12}$/),
      path: 'src/routes/orders.js',
      to: 15,
      from: null,
      start_from: null,
      start_to: null,
    })
    const created = await lastEvent()
    expect(created.key).toBe('pullrequest:comment_created')
    expect(at(created.body, 'comment', 'id')).toBe(made.at('id'))
    expect(at(created.body, 'comment', 'pullrequest', 'id')).toBe(4)
    expect(at(created.body, 'actor', 'display_name')).toBe('Tomas Okoye')
    expect(at(created.body, 'repository', 'project', 'key')).toBe('SHOP')
    expect(String(at(created.body, 'pullrequest', 'source', 'commit', 'hash'))).toHaveLength(12)
    const reply = await mara('POST', `${base}/comments`, { content: { raw: 'Really?' }, parent: { id: made.at('id') } })
    expect(reply.at('parent', 'id')).toBe(made.at('id'))
    expect(reply.at('inline', 'to')).toBe(15)
  })

  test('an edit is the author’s alone and keeps the id', async () => {
    const made = await tomas('POST', `${base}/comments`, { content: { raw: 'first' } })
    const path = `${base}/comments/${made.at('id')}`
    expect((await mara('PUT', path, { content: { raw: 'hers' } })).status).toBe(403)
    const edited = await tomas('PUT', path, { content: { raw: 'second' } })
    expect(edited.at('content', 'raw')).toBe('second')
    expect(String(edited.at('updated_on')) > String(made.at('updated_on'))).toBe(true)
    expect((await lastEvent()).key).toBe('pullrequest:comment_updated')
  })

  test('a deleted comment stays in the list without its text', async () => {
    const made = await tomas('POST', `${base}/comments`, { content: { raw: 'oops' } })
    const path = `${base}/comments/${made.at('id')}`
    await mara('POST', `${base}/comments`, { content: { raw: 'what?' }, parent: { id: made.at('id') } })
    expect((await tomas('DELETE', path)).status).toBe(204)
    expect(at((await lastEvent()).body, 'comment', 'deleted')).toBe(true)
    const list = await tomas('GET', `${base}/comments?pagelen=100&q=id=${made.at('id')}`)
    expect(at(list.values[0], 'deleted')).toBe(true)
    expect(at(list.values[0], 'content', 'raw')).toBe('')
    expect((await tomas('DELETE', path)).status).toBe(404)
    expect(
      (await tomas('POST', `${base}/comments`, { content: { raw: 'late' }, parent: { id: made.at('id') } })).status,
    ).toBe(400)
  })

  test('only the first comment of a thread on the diff is resolved, once, and reopened, once', async () => {
    const inline = { path: 'src/routes/orders.js', to: 15 }
    const made = await tomas('POST', `${base}/comments`, { content: { raw: 'thread' }, inline })
    const path = `${base}/comments/${made.at('id')}`
    const reply = await tomas('POST', `${base}/comments`, { content: { raw: 'reply' }, parent: { id: made.at('id') } })
    const general = await tomas('POST', `${base}/comments`, { content: { raw: 'general' } })
    expect((await mara('POST', `${base}/comments/${reply.at('id')}/resolve`)).status).toBe(403)
    expect((await mara('POST', `${base}/comments/${general.at('id')}/resolve`)).status).toBe(403)
    expect((await mara('DELETE', `${path}/resolve`)).status).toBe(404)
    const resolved = await mara('POST', `${path}/resolve`)
    expect(resolved.at('user', 'display_name')).toBe('Mara Lind')
    expect((await lastEvent()).key).toBe('pullrequest:comment_resolved')
    expect((await mara('POST', `${path}/resolve`)).status).toBe(409)
    expect((await tomas('GET', path)).at('resolution', 'type')).toBe('comment_resolution')
    expect((await mara('DELETE', `${path}/resolve`)).status).toBe(204)
    expect((await lastEvent()).key).toBe('pullrequest:comment_reopened')
    expect((await tomas('GET', path)).at('resolution')).toBeUndefined()
  })

  test('an unknown comment is 404 with its bare id as message; an empty one is refused with its field', async () => {
    expect((await tomas('GET', `${base}/comments/99`)).body).toEqual({ type: 'error', error: { message: '99' } })
    const empty = await tomas('POST', `${base}/comments`, { content: { raw: '  ' } })
    expect(empty.status).toBe(400)
    expect(empty.at('error', 'fields')).toHaveProperty(['content.raw'])
    expect((await tomas('POST', `${base}/comments`, '{broken')).status).toBe(400)
  })
})

describe('tasks', () => {
  test('are counted while unresolved and know who resolved them', async () => {
    const before = Number((await tomas('GET', base)).at('task_count'))
    const made = await tomas('POST', `${base}/tasks`, { content: { raw: 'fix it' } })
    expect(made.status).toBe(201)
    expect((await tomas('GET', base)).at('task_count')).toBe(before + 1)
    const path = `${base}/tasks/${made.at('id')}`
    const done = await mara('PUT', path, { state: 'RESOLVED' })
    expect(done.at('resolved_by', 'display_name')).toBe('Mara Lind')
    expect((await tomas('GET', base)).at('task_count')).toBe(before)
    expect((await mara('PUT', path, { state: 'UNRESOLVED' })).at('resolved_on')).toBeNull()
    expect((await mara('PUT', path, { state: 'DONE' })).status).toBe(400)
    expect((await mara('DELETE', path)).status).toBe(204)
    expect((await mara('GET', path)).status).toBe(404)
  })
})
