import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TrackerWorld, trackerEnvironments } from '../../test/tracker-environments.ts'
import type { ItemContent } from '../domain/item-text.ts'
import { composeMessage, type Marker, parseMarker } from '../domain/message-text.ts'
import { defectIdOf } from '../domain/sending/defect-id.ts'
import { statuses } from '../domain/status.ts'
import type { FileContent } from '../lib/multipart.ts'
import { trackers } from './registry.ts'
import type { ItemFiles, ItemRef, OpenTracker } from './tracker.ts'

const content: ItemContent = {
  number: 7,
  title: 'SQL built from user input',
  severity: 'high',
  scanner: 'semgrep',
  ruleId: 'js.sql-injection',
  path: 'src/routes/orders.js',
  line: 15,
  branch: 'main',
  why: 'The query is put together with + from a request parameter.',
  helpUrl: 'https://example.com/sql',
  url: 'https://weir.example/vulnerabilities/7',
}

let counter = 0
const newMarker = (kind: Marker['kind']): Marker => {
  counter += 1
  const id = `018f0000-0000-7000-8000-${String(counter).padStart(12, '0')}`
  // As the id of an item is: worked out of its vulnerability's.
  const ofDefect = defectIdOf({ vulnerabilityId: id, tracker: 'any', nth: 0 })
  return { instance: '0123456789ab', kind, id: kind === 'defect' ? ofDefect : id }
}

function fileOf(name: string, text: string): FileContent {
  async function* bytes() {
    yield Buffer.from(text)
  }
  return { name, mediaType: 'text/plain', bytes: Buffer.byteLength(text), open: bytes }
}

async function textOf(files: ItemFiles, wanted: { item: ItemRef; fileId: string }): Promise<string> {
  const pieces: Uint8Array[] = []
  const take = async (piece: Uint8Array) => void pieces.push(piece)
  await files.download({ ...wanted, take })
  return Buffer.concat(pieces).toString()
}

/** Everything that can be asked of the files of an item. */
function fileAsks({ files }: OpenTracker, item: ItemRef): Record<string, () => Promise<unknown>> {
  if (files === null) return {}
  return {
    listFiles: () => files.list(item),
    upload: () => files.upload({ item, file: fileOf('a.txt', 'a') }),
    download: () => files.download({ item, fileId: '1', take: async () => undefined }),
    removeFile: () => files.remove({ item, fileId: '1' }),
  }
}

/** Where each tracker is tried; one without an environment fails, so that none is registered untested. */
const cases = trackers.flatMap((tracker) => {
  const own = trackerEnvironments.filter((one) => one.tracker === tracker.name)
  if (own.length === 0) throw new Error(`No environment is written for ${tracker.name}.`)
  return own.map((environment) => ({ tracker, environment }))
})

describe.each(cases)('$tracker.name at $environment.where', ({ tracker, environment }) => {
  const { place } = environment
  let world: TrackerWorld
  let open: OpenTracker

  beforeAll(async () => {
    world = await environment.start(tracker)
    open = world.open
  })
  afterAll(() => world.close())
  const make = async () => {
    const marker = newMarker('defect')
    const target = await open.chooseTarget(place)
    const item = await open.createItem({ target, content, marker, begun: undefined })
    return { marker, target, item }
  }
  const text = (body: string, marker = newMarker('message')) => composeMessage({ body, authorName: 'Carla', marker })
  const say = async (item: ItemRef, body: string, parentId: string | null = null) => {
    const made = await open.createComment({ item, parentId, body })
    if (made.kind !== 'found') throw new Error('The comment was not made.')
    return made.value
  }

  test('an item that was made is found by its marker, and fetched with the same address', async () => {
    const { marker, target, item } = await make()
    const found = await open.findItem({ marker, targets: [target] })
    expect(found).toMatchObject({ remoteId: item.remoteId, remote: item.remote, url: item.url })
    const fetched = await open.fetchItem(item)
    expect(fetched).toMatchObject({ kind: 'found', value: { remoteId: item.remoteId, version: item.version } })
    expect(item.url).toMatch(/^http/)
    expect(await open.findItem({ marker: newMarker('defect'), targets: [target] })).toBeUndefined()
  })

  test('an item that an attempt began is completed, not made again', async () => {
    const { marker, target, item } = await make()
    const again = await open.createItem({ target, content, marker, begun: item })
    expect(again).toMatchObject({ remoteId: item.remoteId, remote: item.remote })
  })

  test('the same place is the same target', async () => {
    expect((await open.chooseTarget(place)).key).toBe((await open.chooseTarget(place)).key)
  })

  test('a comment is written, found, changed, fetched and deleted', async () => {
    const { item } = await make()
    const marker = newMarker('message')
    expect(await open.findComment({ item, marker })).toBeUndefined()
    const made = await say(item, text('First words', marker))
    expect(parseMarker(made.body)).toEqual(marker)
    expect(await open.findComment({ item, marker })).toMatchObject({ id: made.id })
    const changed = await open.updateComment({ item, commentId: made.id, body: text('Better words', marker) })
    expect(changed.kind === 'found' && changed.value.body).toContain('Better words')
    expect(changed.kind === 'found' && changed.value.updatedAt >= made.updatedAt).toBe(true)
    expect(await open.fetchComment({ item, commentId: made.id })).toMatchObject({
      kind: 'found',
      value: { id: made.id },
    })
    await open.deleteComment({ item, commentId: made.id })
    expect(await open.fetchComment({ item, commentId: made.id })).toEqual({ kind: 'deleted' })
    await open.deleteComment({ item, commentId: made.id })
  })

  test('a reply knows what it answers, and one to a deleted comment still reaches the thread', async () => {
    const { item } = await make()
    const first = await say(item, text('Question'))
    const reply = await say(item, text('Answer'), first.id)
    if (tracker.capabilities.replies) expect(reply.parentId).toBe(first.id)
    const gone = await say(item, text('Gone'))
    await open.deleteComment({ item, commentId: gone.id })
    const late = await say(item, text('Late answer'), gone.id)
    expect(late.body).toContain('Late answer')
  })

  test('a file is added, listed, read and removed, both ways, where items have files', async () => {
    const { item } = await make()
    const { files } = open
    expect(files !== null).toBe(tracker.capabilities.files)
    if (files === null) return
    expect(await files.list(item)).toEqual({ kind: 'found', value: [] })
    const file = fileOf('trace-3f2a91c0.txt', 'GET /orders')
    const added = await files.upload({ item, file })
    const { value: made } = added.kind === 'found' ? added : { value: undefined }
    expect(made).toMatchObject({ name: 'trace-3f2a91c0.txt', url: expect.stringMatching(/^http/) })
    expect(await files.list(item)).toMatchObject({ kind: 'found', value: [{ id: made?.id, name: made?.name }] })
    const [listed] = await open.listChanges({ items: [item], since: new Date(Date.now() - 5000), full: true })
    expect(listed).toMatchObject({ kind: 'item', item: { value: { files: [{ id: made?.id }] } } })
    const fileId = made?.id ?? ''
    expect(await textOf(files, { item, fileId })).toBe('GET /orders')
    const refuse = async () => Promise.reject(new Error('Enough.'))
    await expect(files.download({ item, fileId, take: refuse })).rejects.toMatchObject({ code: 'remote_unavailable' })
    await files.remove({ item, fileId })
    await files.remove({ item, fileId })
    expect(await files.list(item)).toEqual({ kind: 'found', value: [] })
    expect(await files.download({ item, fileId, take: async () => undefined })).toEqual({ kind: 'deleted' })
  })

  test('an item that is there is found by its address, marked anew, and left without our mark', async () => {
    const { links } = open
    expect(links !== null).toBe(tracker.capabilities.links)
    if (links === null) return
    const { item, marker } = await make()
    const other = newMarker('defect')
    expect(await links.find(item.url)).toMatchObject({
      kind: 'found',
      value: { item: { remoteId: item.remoteId, remote: item.remote }, marker },
    })
    await links.unmark({ item, marker: other })
    expect(await links.find(item.url)).toMatchObject({ value: { marker } })
    expect(await links.mark({ item, marker: other })).toMatchObject({ value: { remoteId: item.remoteId } })
    await links.mark({ item, marker: other })
    expect(await links.find(item.url)).toMatchObject({ value: { marker: other } })
    await links.unmark({ item, marker: other })
    expect(await links.find(item.url)).toMatchObject({ value: { marker: undefined } })
    await expect(links.find('no such thing')).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('a status is pushed, shows, and pushing it again changes nothing', async () => {
    const { item } = await make()
    for (const status of ['fixed', 'identified', 'false_positive'] as const) {
      const pushed = await open.pushState({ item, status })
      const again = await open.pushState({ item, status })
      const state = environment.states ? tracker.wantedState(status) : null
      expect(pushed).toMatchObject({ kind: 'found', value: { state } })
      expect(again).toMatchObject({ kind: 'found', value: { state } })
      const fetched = await open.fetchItem(item)
      expect(fetched.kind === 'found' && fetched.value.state).toBe(state)
    }
  })

  test('it says for every status what state the item should have', () => {
    for (const status of statuses) expect(['open', 'closed', null]).toContain(tracker.wantedState(status))
    expect(tracker.wantedState('fixed')).toBe('closed')
    expect(tracker.wantedState('identified')).toBe('open')
  })

  test('what changed since then is listed; a full look also names every comment', async () => {
    const { item } = await make()
    const since = new Date(Date.now() - 5000)
    const comment = await say(item, text('Heard'))
    const some = await open.listChanges({ items: [item], since, full: false })
    expect(some).toContainEqual(expect.objectContaining({ kind: 'comment', commentId: comment.id }))
    expect(some).toContainEqual(expect.objectContaining({ kind: 'item', remoteId: item.remoteId }))
    const all = await open.listChanges({ items: [item], since: new Date(), full: true })
    const named = all.find((change) => change.kind === 'comments')
    expect(named?.commentIds).toContain(comment.id)
    await open.deleteComment({ item, commentId: comment.id })
    const later = await open.listChanges({ items: [item], since: new Date(), full: true })
    expect(later.find((change) => change.kind === 'comments')?.commentIds).not.toContain(comment.id)
  })

  test.each([
    [401, 'remote_unauthorized'],
    [403, 'remote_forbidden'],
    [429, 'remote_rate_limited'],
    [500, 'remote_unavailable'],
  ])('a %i is thrown as %s and never taken for an empty answer', async (status, code) => {
    const { marker, target, item } = await make()
    world.answerAll({ status, body: '<html></html>' })
    const asks = [
      () => open.findItem({ marker, targets: [target] }),
      () => open.fetchItem(item),
      () => open.pushState({ item, status: 'fixed' }),
      () => open.createComment({ item, parentId: null, body: 'x' }),
      () => open.fetchComment({ item, commentId: '1' }),
      () => open.listChanges({ items: [item], since: new Date(), full: true }),
      ...Object.values(fileAsks(open, item)),
    ]
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code })
    world.clearFaults()
  })

  test('404 for everything is a place we cannot see, and never taken for a deletion', async () => {
    const { marker, target, item } = await make()
    const comment = await say(item, text('Still there'))
    world.answerAll({ status: 404, body: '{"type": "error", "error": {"message": "not found"}}' })
    // Remembers nothing, so that the place has to be chosen by asking.
    const fresh = world.openAgain()
    const asks: Record<string, () => Promise<unknown>> = {
      findItem: () => open.findItem({ marker, targets: [target] }),
      createItem: () => open.createItem({ target, content, marker, begun: undefined }),
      fetchItem: () => open.fetchItem(item),
      pushState: () => open.pushState({ item, status: 'fixed' }),
      findComment: () => open.findComment({ item, marker }),
      createComment: () => open.createComment({ item, parentId: null, body: 'x' }),
      reply: () => open.createComment({ item, parentId: comment.id, body: 'x' }),
      updateComment: () => open.updateComment({ item, commentId: comment.id, body: 'x' }),
      deleteComment: () => open.deleteComment({ item, commentId: comment.id }),
      fetchComment: () => open.fetchComment({ item, commentId: comment.id }),
      listChanges: () => open.listChanges({ items: [item], since: new Date(), full: false }),
      listAll: () => open.listChanges({ items: [item], since: new Date(), full: true }),
      ...fileAsks(open, item),
      ...(environment.asksForTarget && { chooseTarget: () => fresh.chooseTarget(place) }),
    }
    try {
      for (const [name, ask] of Object.entries(asks))
        await expect(ask(), name).rejects.toMatchObject({
          code: 'remote_forbidden',
          detail: expect.stringContaining(environment.hidden),
        })
    } finally {
      world.clearFaults()
    }
    expect(await open.fetchComment({ item, commentId: comment.id })).toMatchObject({ kind: 'found' })
  })

  test('a 404 of a moment in which we saw nothing is never taken for a deletion, and keeps nothing from being written', async () => {
    const { item } = await make()
    const marker = newMarker('message')
    const comment = await say(item, text('Still there', marker))
    const commentId = comment.id
    const asks: Record<string, () => Promise<unknown>> = {
      fetchItem: () => open.fetchItem(item),
      pushState: () => open.pushState({ item, status: 'fixed' }),
      fetchComment: () => open.fetchComment({ item, commentId }),
      updateComment: () => open.updateComment({ item, commentId, body: text('Better words', marker) }),
      createComment: () => open.createComment({ item, parentId: null, body: text('More') }),
    }
    const { files } = open
    if (files !== null) {
      asks['listFiles'] = () => files.list(item)
      asks['upload'] = () => files.upload({ item, file: fileOf('b.txt', 'b') })
    }
    for (const [name, ask] of Object.entries(asks)) {
      world.answerAll({ status: 404, body: '{"type": "error", "error": {"message": "not found"}}', times: 1 })
      expect(await ask(), name).toMatchObject({ kind: 'found' })
    }
    // Taken for not there, it would be written once more.
    world.answerAll({ status: 404, body: '{"type": "error", "error": {"message": "not found"}}', times: 1 })
    expect(await open.findComment({ item, marker })).toMatchObject({ id: commentId })
    world.answerAll({ status: 404, body: '{"type": "error", "error": {"message": "not found"}}', times: 1 })
    await open.deleteComment({ item, commentId })
    expect(await open.fetchComment({ item, commentId })).toEqual({ kind: 'deleted' })
  })

  test('a deleted comment costs two requests more than a read: what surrounds it, and one more look', async () => {
    const { item } = await make()
    const comment = await say(item, text('Gone soon'))
    await open.deleteComment({ item, commentId: comment.id })
    world.requests.length = 0
    expect(await open.fetchComment({ item, commentId: comment.id })).toEqual({ kind: 'deleted' })
    expect(world.requests.length).toBeLessThanOrEqual(3)
    world.requests.length = 0
    await open.fetchItem(item)
    const looks = world.requests.filter(({ path }) => environment.lookPath.test(path.split('?')[0] ?? ''))
    expect(looks).toEqual([])
  })

  test('of a comment whose item is gone it is said that nobody deleted the comment', async () => {
    const { item } = await make()
    const comment = await say(item, text('Gone along'))
    world.removeItem(item.remoteId)
    expect(await open.fetchItem(item)).toEqual({ kind: 'deleted' })
    expect(await open.fetchComment({ item, commentId: comment.id })).toEqual({ kind: 'item_deleted' })
  })

  test('scanner text calls nobody, links nowhere and shows nothing, in no text that is written', async () => {
    const hostile = `@tomas-okoye @{${world.accountId}} #12 ![p](https://evil.example/p) <img src=x> [c](//x)`
    const marker = newMarker('defect')
    const target = await open.chooseTarget(place)
    const written = { ...content, number: 8, title: `Look ${hostile}`, why: `Because ${hostile}` }
    const item = await open.createItem({ target, content: written, marker, begun: undefined })
    const texts = world.texts().filter((text) => text.includes('evil.example'))
    expect(texts.length, item.remoteId).toBeGreaterThan(0)
    for (const text of texts) expect(text).not.toMatch(/@[\w{]|[^\\]#1|\]\(http:|https:\/\/evil|<img|\]\(\/\//)
  })

  test('the body tells what, where, why and where to read more in at most ten lines, and hides the marker', async () => {
    const { item, marker } = await make()
    const bodies = world.bodiesOf(marker.id)
    expect(bodies).toHaveLength(1)
    const [body = ''] = bodies
    expect(body.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(10)
    for (const part of [content.title, 'src/routes/orders.js:15', 'put together', content.url])
      expect(body).toContain(part)
    expect(item.remoteId).not.toBe('')
  })
})
