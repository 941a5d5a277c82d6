import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TrackerWorld, trackerEnvironments } from '../../../test/tracker-environments.ts'
import type { ItemContent } from '../../domain/item-text.ts'
import { getTracker } from '../registry.ts'
import type { ItemRef, TrackerChange } from '../tracker.ts'

/** On the head of the branch: no pull request touches the line. */
const onCommit = trackerEnvironments.filter(({ tracker }) => tracker === 'bitbucket-discussions').at(1)

const content: ItemContent = {
  number: 7,
  title: 'SQL built from user input',
  severity: 'high',
  scanner: 'semgrep',
  ruleId: 'js.sql-injection',
  path: 'src/routes/orders.js',
  line: 15,
  branch: 'main',
  why: 'The query is put together from a request parameter.',
  helpUrl: null,
  url: 'https://weir.example/vulnerabilities/7',
}

let world: TrackerWorld
beforeAll(async () => {
  if (onCommit === undefined) throw new Error('There is no environment on a commit.')
  world = await onCommit.start(getTracker('bitbucket-discussions'))
})
afterAll(() => world.close())

let counter = 0

/** A thread on the head of the branch with so many answers. */
async function makeThread(answers: number): Promise<ItemRef> {
  const place = { path: 'package.json', line: 1, branch: 'main', lineText: null, commitHash: null }
  counter += 1
  const id = `018f0000-0000-7000-8000-${String(counter).padStart(12, '0')}`
  const marker = { instance: '0123456789ab', kind: 'defect' as const, id }
  const target = await world.open.chooseTarget(place)
  const item = await world.open.createItem({ target, content, marker, begun: undefined })
  await Promise.all(Array.from({ length: answers }, (_, index) => answer(item, `Answer ${index}`)))
  return item
}

async function answer(item: ItemRef, body: string, parentId: string | null = null): Promise<string> {
  const made = await world.open.createComment({ item, parentId, body })
  if (made.kind === 'deleted') throw new Error('The thread is not there.')
  return made.value.id
}

async function look(item: ItemRef, since: Date) {
  world.requests.splice(0)
  const changes = await world.open.listChanges({ items: [item], since, full: false })
  const comments = changes.flatMap((change: TrackerChange) => (change.kind === 'comment' ? [change.commentId] : []))
  return { changes, comments, requests: world.requests.filter(({ path }) => path.includes('/comments')).length }
}

/** A moment no answer so far was given in: an answer of this very millisecond would count as new. */
async function laterMoment(): Promise<Date> {
  await setTimeout(5)
  return new Date()
}

const soon = () => new Date(Date.now() + 60_000)

test('a long thread costs one page when nothing is new, and its state is still told', async () => {
  const item = await makeThread(101)
  const { changes, requests } = await look(item, soon())
  expect(requests).toBe(1)
  expect(changes).toMatchObject([{ kind: 'item', item: { kind: 'found' } }])
})

test('what is new is told without what is known', async () => {
  const item = await makeThread(2)
  const since = await laterMoment()
  const commentId = await answer(item, 'New')
  const { comments, requests } = await look(item, since)
  expect(comments).toEqual([commentId])
  expect(requests).toBe(1)
})

test('an answer to an answer that is known belongs to its thread: then all is read', async () => {
  const item = await makeThread(1)
  const first = await answer(item, 'Above')
  const since = await laterMoment()
  const below = await answer(item, 'Below', first)
  const { comments, requests } = await look(item, since)
  expect(comments).toEqual([below])
  // What is new, and two pages of what was said on this commit.
  expect(requests).toBe(3)
})

test('a thread whose first comment is gone is told to be', async () => {
  const item = await makeThread(0)
  const root = item.remoteId.split(':').at(-1) ?? ''
  await world.open.deleteComment({ item, commentId: root })
  const { changes } = await look(item, soon())
  expect(changes).toMatchObject([{ kind: 'item', item: { kind: 'deleted' } }])
})
