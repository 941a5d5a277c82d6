import type { StatedEvent, StatedPullRequest } from './delivery-facts.ts'

const uuid = (kind: number, number: number) =>
  `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(number).padStart(12, '0')}`

export const repositories = [
  { id: uuid(1, 1), slug: 'storefront-api' },
  { id: uuid(1, 2), slug: 'warehouse' },
]
const humans = ['Ada Quill', 'Ben Oar', 'Cleo Weft'].map((name, index) => ({ id: uuid(2, index), name }))
const robot = { id: uuid(2, 9), name: 'Bump Robot', isBot: true }
export const people = [...humans, robot]

const firstDay = Date.parse('2026-03-01T08:00:00Z')
const minuteMs = 60_000

/** Numbers that look like chance and are the same every time (a linear congruential generator). */
function createChance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** Of each kind that the others are not. */
const kinds = ['waiting', 'unreviewed', 'self approved', 'approved at a glance'] as const
const ofEach = 20

/** Pull requests of six weeks from 2026-03-01: `count` with some reviews, a few days long, and twenty of each other kind. */
export function makePullRequests(count: number): StatedPullRequest[] {
  const chance = createChance(7)
  return Array.from({ length: count + kinds.length * ofEach }, (_, index) => {
    const openedMs = firstDay + Math.floor(((index % count) * 42 * 24 * 60) / count) * minuteMs
    const made = makeOne({ index, openedMs, chance })
    const kind = kinds[Math.floor((index - count) / ofEach)]
    return kind === undefined ? made : { ...made, ...endAs(kind, made) }
  })
}

function endAs(
  kind: (typeof kinds)[number],
  { openedAt, authorId, id }: StatedPullRequest,
): Partial<StatedPullRequest> {
  const at = (minutes: number) => new Date(Date.parse(openedAt) + minutes * minuteMs).toISOString()
  const opened = { kind: 'opened', at: openedAt, by: authorId } as const
  const merged = { kind: 'merged', at: at(100 + Number(id.slice(-2))), by: authorId } as const
  const other = humans.find((human) => human.id !== authorId)?.id ?? null
  const ended = { state: 'merged', closedById: authorId } as const
  switch (kind) {
    case 'waiting':
      return { state: 'open', closedById: null, events: [opened] }
    case 'unreviewed':
      return { ...ended, events: [opened, merged] }
    case 'self approved':
      return { ...ended, events: [opened, { kind: 'approval', at: at(30), by: authorId }, merged] }
    case 'approved at a glance':
      return { ...ended, lines: [300, 50], events: [opened, { kind: 'approval', at: at(3), by: other }, merged] }
    default: {
      const unheard: never = kind
      return unheard
    }
  }
}

type Making = { index: number; openedMs: number; chance: (below: number) => number }

function makeOne({ index, openedMs, chance }: Making): StatedPullRequest {
  const author = index % 13 === 5 ? robot : humans[index % 3]
  const reviewer = humans[(index + 1 + chance(2)) % 3]
  const fate = index % 6
  let clockMs = openedMs
  const after = (most: number): string => {
    clockMs += (1 + chance(most)) * minuteMs
    return new Date(clockMs).toISOString()
  }
  const by = author?.id ?? null
  const other = reviewer?.id ?? null
  const events: StatedEvent[] = [
    { kind: 'opened', at: new Date(openedMs).toISOString(), by },
    ...(index % 4 === 0 ? [{ kind: 'ready', at: after(500), by } as const] : []),
    ...(index % 9 === 2 ? [] : [{ kind: 'comment', at: after(2000), by: other } as const]),
    ...(index % 5 === 1 ? [{ kind: 'changes_requested', at: after(600), by: other } as const] : []),
    ...(index % 2 === 0 ? [{ kind: 'commit_pushed', at: after(1800), by } as const] : []),
    ...(index % 7 === 3 ? [] : [{ kind: 'approval', at: after(900), by: other } as const]),
    ...(index % 8 === 4 ? [{ kind: 'approval', at: after(3), by } as const] : []),
  ]
  const state = fate === 4 ? 'declined' : fate === 5 && index % 12 === 5 ? 'open' : fate === 5 ? 'superseded' : 'merged'
  if (state !== 'open') events.push({ kind: state, at: after(1500), by: index % 3 === 0 ? by : other })
  return {
    id: uuid(3, index),
    repositoryId: repositories[index % 2]?.id ?? '',
    number: index + 1,
    authorId: by,
    closedById: state === 'merged' ? (index % 3 === 0 ? by : other) : null,
    openedAt: new Date(openedMs).toISOString(),
    state,
    destinationBranch: index % 5 === 0 ? 'release' : 'main',
    firstCommitAt: index % 10 === 9 ? null : new Date(openedMs - (1 + chance(4000)) * minuteMs).toISOString(),
    lines: [chance(400), chance(200)],
    ...(index % 17 === 3 && { excludedReason: 'A rehearsal' }),
    events,
  }
}
