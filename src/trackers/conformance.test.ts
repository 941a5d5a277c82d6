import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../../simulators/bitbucket/simulator.ts'
import { uncountedBudget } from '../bitbucket/budget.ts'
import { createBitbucketClient } from '../bitbucket/client.ts'
import type { ItemContent } from '../domain/item-text.ts'
import { composeMessage, type Marker, parseMarker } from '../domain/message-text.ts'
import { statuses } from '../domain/status.ts'
import { createHttpClient, type HttpClient } from '../lib/http-client.ts'
import { createLog } from '../lib/log.ts'
import { createRemember } from '../lib/remember.ts'
import { trackers } from './registry.ts'
import type { ItemPlace, ItemRef, OpenTracker, Tracker } from './tracker.ts'

/** Where each tracker is tried; one without an environment fails, so that none is registered untested. */
const environments: Record<string, { mode: '2026' | 'legacy'; place: ItemPlace; states: boolean }[]> = {
  'bitbucket-issues': [
    {
      mode: 'legacy',
      place: { path: 'src/routes/orders.js', line: 15, branch: 'main', lineText: null, commitHash: null },
      states: true,
    },
  ],
  'bitbucket-discussions': [
    {
      mode: '2026',
      place: { path: 'src/routes/orders.js', line: 15, branch: 'main', lineText: null, commitHash: null },
      states: true,
    },
    // An open pull request touches the file, but not this line: a comment on the head of the branch.
    {
      mode: '2026',
      place: { path: 'package.json', line: 1, branch: 'main', lineText: null, commitHash: null },
      states: false,
    },
    {
      mode: '2026',
      place: { path: null, line: null, branch: 'main', lineText: null, commitHash: 'f'.repeat(40) },
      states: false,
    },
  ],
}

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
  return { instance: '0123456789ab', kind, id: `018f0000-0000-7000-8000-${String(counter).padStart(12, '0')}` }
}

const cases = trackers.flatMap((tracker) =>
  (environments[tracker.name] ?? [undefined]).map((one) => ({ tracker, one })),
)

describe.each(cases)('$tracker.name at $one.place.path in $one.mode mode', ({ tracker, one }) => {
  let simulator: Simulator
  let http: HttpClient
  let open: OpenTracker

  beforeAll(async () => {
    if (one === undefined) throw new Error(`No environment is written for ${tracker.name}.`)
    simulator = await startSimulator({ mode: one.mode })
    http = createHttpClient({ allowedPrivateAddresses: [new URL(simulator.web).host], timeoutMs: 3000 })
    open = openWith(tracker, simulator, http)
  })
  afterAll(async () => {
    await simulator.close()
    await http.close()
  })
  const place = one?.place ?? { path: null, line: null, branch: 'main', lineText: null, commitHash: null }
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

  test('a status is pushed, shows, and pushing it again changes nothing', async () => {
    const { item } = await make()
    for (const status of ['fixed', 'identified', 'false_positive'] as const) {
      const pushed = await open.pushState({ item, status })
      const again = await open.pushState({ item, status })
      const state = one?.states === true ? tracker.wantedState(status) : null
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
    simulator.planFault({
      path: '*/repositories/*',
      times: 50,
      action: { kind: 'answer', status, body: '<html></html>' },
    })
    const asks = [
      () => open.findItem({ marker, targets: [target] }),
      () => open.fetchItem(item),
      () => open.pushState({ item, status: 'fixed' }),
      () => open.createComment({ item, parentId: null, body: 'x' }),
      () => open.fetchComment({ item, commentId: '1' }),
      () => open.listChanges({ items: [item], since: new Date(), full: true }),
    ]
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code })
    simulator.clearFaults()
  })

  test('404 for everything is a repository we cannot see, and never taken for a deletion', async () => {
    const { marker, target, item } = await make()
    const comment = await say(item, text('Still there'))
    simulator.planFault({
      path: '*/repositories/*',
      times: 100,
      action: { kind: 'answer', status: 404, body: '{"type": "error", "error": {"message": "not found"}}' },
    })
    // Remembers nothing, so that the place has to be chosen by asking.
    const fresh = openWith(tracker, simulator, http)
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
      ...(tracker.name === 'bitbucket-issues' ? {} : { chooseTarget: () => fresh.chooseTarget(place) }),
    }
    try {
      for (const [name, ask] of Object.entries(asks))
        await expect(ask(), name).rejects.toMatchObject({
          code: 'remote_forbidden',
          detail: expect.stringContaining('no longer shows this repository'),
        })
    } finally {
      simulator.clearFaults()
    }
    expect(await open.fetchComment({ item, commentId: comment.id })).toMatchObject({ kind: 'found' })
  })

  test('a deleted comment costs one request more than a read: the look at its repository', async () => {
    const { item } = await make()
    const comment = await say(item, text('Gone soon'))
    await open.deleteComment({ item, commentId: comment.id })
    simulator.requests.length = 0
    expect(await open.fetchComment({ item, commentId: comment.id })).toEqual({ kind: 'deleted' })
    expect(simulator.requests.length).toBeLessThanOrEqual(2)
    simulator.requests.length = 0
    await open.fetchItem(item)
    const looks = simulator.requests.filter(({ path }) =>
      /\/repositories\/[^/]+\/[^/]+$/.test(path.split('?')[0] ?? ''),
    )
    expect(looks).toEqual([])
  })

  test('scanner text calls nobody, links nowhere and shows nothing, in no text that is written', async () => {
    const hostile = `@tomas-okoye @{${simulator.users[0]?.uuid}} #12 ![p](https://evil.example/p) <img src=x> [c](//x)`
    const marker = newMarker('defect')
    const target = await open.chooseTarget(place)
    const written = { ...content, number: 8, title: `Look ${hostile}`, why: `Because ${hostile}` }
    const item = await open.createItem({ target, content: written, marker, begun: undefined })
    const repository = simulator.sim.repositories.find((known) => known.slug === 'storefront-api')
    const texts = [
      ...(repository?.issues ?? []).flatMap((issue) => [issue.title, issue.raw]),
      ...(repository?.pullRequests ?? []).flatMap((pull) => [
        ...pull.tasks.map((task) => task.raw),
        ...pull.comments.map((comment) => comment.raw ?? ''),
      ]),
      ...(repository?.commitComments ?? []).map((comment) => comment.raw ?? ''),
    ].filter((text) => text.includes('evil.example'))
    expect(texts.length, item.remoteId).toBeGreaterThan(0)
    for (const text of texts) expect(text).not.toMatch(/@[\w{]|[^\\]#1|\]\(http:|https:\/\/evil|<img|\]\(\/\//)
  })

  test('the body tells what, where, why and where to read more in at most ten lines, and hides the marker', async () => {
    const { item, marker } = await make()
    const repository = simulator.sim.repositories.find((known) => known.slug === 'storefront-api')
    const bodies = [
      ...(repository?.issues ?? []).map((issue) => issue.raw),
      ...(repository?.pullRequests ?? []).flatMap((pull) => pull.comments.map((comment) => comment.raw ?? '')),
      ...(repository?.commitComments ?? []).map((comment) => comment.raw ?? ''),
    ].filter((body) => body.includes(marker.id))
    expect(bodies).toHaveLength(1)
    const [body = ''] = bodies
    expect(body.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(10)
    for (const part of [content.title, 'src/routes/orders.js:15', 'put together', content.url])
      expect(body).toContain(part)
    expect(item.remoteId).not.toBe('')
  })
})

function openWith(tracker: Tracker, simulator: Simulator, http: HttpClient): OpenTracker {
  const owner = simulator.users.find((user) => user.role === 'owner')
  const repository = simulator.repositories.find((known) => known.slug === 'storefront-api')
  if (owner === undefined || repository === undefined) throw new Error('The simulator has other seeds than this test.')
  const clock = () => new Date()
  const client = createBitbucketClient({
    http,
    apiUrl: simulator.api,
    credential: { kind: 'api_token', email: owner.email, token: owner.api_token },
    budget: uncountedBudget,
    clock,
    log: createLog({ level: 'silent' }),
  })
  return tracker.open({
    client,
    repository: {
      remoteUuid: repository.uuid,
      workspaceUuid: simulator.workspace.uuid,
      mainBranch: 'main',
      hasIssues: simulator.mode === 'legacy',
    },
    settings: {},
    lane: 'person',
    remember: createRemember({ clock, ttlMs: 60_000, limit: 100 }),
  })
}
