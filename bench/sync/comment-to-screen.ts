import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { percentile, round2 } from '../percentile.ts'
import { openScreenWorld, type ScreenWorld } from './screen-world.ts'

export type ScreenMeasures = {
  comment_to_screen_p50_ms: number
  comment_to_screen_p99_ms: number
  comment_to_screen_max_ms: number
  comments_per_s: number
  comments: number
  /** Comments that the champion did not see within the time limit. */
  comments_unseen: number
}

const perS = 50
const seconds = 12
/** Conversations the comments are spread over. */
const threads = 40
/** Until every process has compiled what it does all the time. */
const warmUpComments = 50
const sentWithinMs = 60_000
const seenWithinMs = 30_000

/**
 * From a developer's comment, counted from when it was due, through webhook, worker and live event to the champion's page,
 * which hears of it and reads it. Its limit is the hour's requests: each comment is fetched as it is now, so that one
 * connection has room for some seven hundred of them.
 */
export async function measureCommentToScreen(say: (line: string) => void): Promise<ScreenMeasures> {
  const world = await openScreenWorld()
  try {
    const conversations = await beginThreads(world)
    say(`${conversations.length} conversations`)
    const screen = await openScreen(world)
    await comment(world, { screen, conversations, count: warmUpComments })
    await screen.settled(seenWithinMs)
    screen.forget()
    await comment(world, { screen, conversations, count: perS * seconds })
    const unseen = await screen.settled(seenWithinMs)
    if (unseen > 0) say(`of ${unseen} unseen: ${await describeDeliveries(world)}`)
    const sorted = screen.latenciesMs().toSorted((one, other) => one - other)
    const measured = {
      comment_to_screen_p50_ms: round2(percentile(sorted, 0.5)),
      comment_to_screen_p99_ms: round2(percentile(sorted, 0.99)),
      comment_to_screen_max_ms: round2(sorted.at(-1) ?? Number.NaN),
      comments_per_s: perS,
      comments: perS * seconds,
      comments_unseen: unseen,
    }
    say(
      `comment to screen: p50 ${measured.comment_to_screen_p50_ms} ms, p99 ${measured.comment_to_screen_p99_ms} ms, ${unseen} unseen`,
    )
    return measured
  } finally {
    await world.close()
  }
}

/** Where webhooks stand, and why those that wait do. */
async function describeDeliveries({ db }: ScreenWorld): Promise<string> {
  const rows = await db
    .selectFrom('delivery')
    .select(['event_key', 'state', 'error_code', (count) => count.fn.countAll<number>().as('count')])
    .groupBy(['event_key', 'state', 'error_code'])
    .execute()
  return rows.map((row) => `${row.count} ${row.event_key} ${row.state} ${row.error_code ?? ''}`.trim()).join(', ')
}

/** A vulnerability and the thread it has in Bitbucket. */
type Conversation = { vulnerabilityId: string; path: string; root: number }

async function beginThreads(world: ScreenWorld): Promise<Conversation[]> {
  const ids: string[] = []
  for (let index = 0; index < threads; index += 1) ids.push(await world.addProblem(15))
  for (const id of ids) await world.ask('POST', `/vulnerabilities/${id}/send`, {})
  const endMs = performance.now() + sentWithinMs
  for (;;) {
    const rows = await world.db
      .selectFrom('defect')
      .select(['vulnerability_id', 'remote_id'])
      .where('remote_id', 'is not', null)
      .execute()
    if (rows.length === ids.length) return rows.map(toConversation)
    if (performance.now() > endMs) throw new Error(`${rows.length} of ${ids.length} were sent.`)
    await sleep(100)
  }
}

function toConversation(row: { vulnerability_id: string; remote_id: string | null }): Conversation {
  const [, pullRequest, root] = /^pull_request:(\d+):(\d+)$/.exec(row.remote_id ?? '') ?? []
  if (pullRequest === undefined) throw new Error(`${row.remote_id} is no thread of a pull request.`)
  return { vulnerabilityId: row.vulnerability_id, path: `/pullrequests/${pullRequest}/comments`, root: Number(root) }
}

type Screen = {
  expect: (vulnerabilityId: string, text: string, dueMs: number) => void
  /** Waits until everything expected was seen; answers how much was not. */
  settled: (withinMs: number) => Promise<number>
  latenciesMs: () => readonly number[]
  forget: () => void
}

const heard = z.object({ kind: z.literal('message'), vulnerability_id: z.string() })
const thread = z.object({ items: z.array(z.object({ body: z.string() })) })

/** What the champion's page does: on an event about a conversation it reads that anew, once at a time. */
async function openScreen(world: ScreenWorld): Promise<Screen> {
  const expected = new Map<string, Map<string, number>>()
  const latencies: number[] = []
  const reading = new Map<string, 'once' | 'again'>()
  const read = async (vulnerabilityId: string): Promise<void> => {
    if (reading.has(vulnerabilityId)) return void reading.set(vulnerabilityId, 'again')
    do {
      reading.set(vulnerabilityId, 'once')
      const { items } = thread.parse(await world.ask('GET', `/vulnerabilities/${vulnerabilityId}/messages?limit=200`))
      const nowMs = performance.now()
      const waiting = expected.get(vulnerabilityId)
      for (const { body } of items) {
        const dueMs = waiting?.get(body)
        if (dueMs === undefined) continue
        waiting?.delete(body)
        latencies.push(nowMs - dueMs)
      }
    } while (reading.get(vulnerabilityId) === 'again')
    reading.delete(vulnerabilityId)
  }
  await world.watch((event) => {
    const { data } = heard.safeParse(event)
    if (data !== undefined) void read(data.vulnerability_id)
  })
  const countWaiting = () => [...expected.values()].reduce((sum, { size }) => sum + size, 0)
  return {
    expect: (vulnerabilityId, text, dueMs) => {
      const waiting = expected.get(vulnerabilityId) ?? new Map<string, number>()
      expected.set(vulnerabilityId, waiting.set(text, dueMs))
    },
    settled: async (withinMs) => {
      const endMs = performance.now() + withinMs
      while (countWaiting() > 0 && performance.now() < endMs) await sleep(50)
      return countWaiting()
    },
    latenciesMs: () => latencies,
    forget: () => void latencies.splice(0),
  }
}

type Commenting = { screen: Screen; conversations: readonly Conversation[]; count: number }

/** At a fixed rate whatever happens: a stall anywhere on the way is not hidden. */
async function comment(world: ScreenWorld, { screen, conversations, count }: Commenting): Promise<void> {
  const startMs = performance.now()
  const made = Array.from({ length: count }, async (_, index) => {
    const to = conversations[index % conversations.length]
    if (to === undefined) throw new Error('There is no conversation.')
    const dueMs = startMs + (index * 1000) / perS
    await sleep(Math.max(0, dueMs - performance.now()))
    const raw = `Comment ${index} of ${count}`
    screen.expect(to.vulnerabilityId, raw, dueMs)
    await world.develop('POST', to.path, { content: { raw }, parent: { id: to.root } })
  })
  await Promise.all(made)
}
