import { describe, expect, test } from 'vitest'
import { deploymentRecord, environmentRecord } from '../../src/bitbucket/readers/deployments.ts'
import { computeFigures } from '../../src/domain/delivery/compute-figures.ts'
import { attributeChanges } from '../../src/domain/delivery/deployments/attribute-changes.ts'
import { countDeployments } from '../../src/domain/delivery/deployments/count-deployments.ts'
import { judgeDeployments } from '../../src/domain/delivery/deployments/judge-deployments.ts'
import { measureDeployPhases } from '../../src/domain/delivery/measure-phases.ts'
import type { PullRequestEvent, PullRequestFacts } from '../../src/domain/delivery/pull-request-facts.ts'
import { createGraphBuilder } from '../../src/git/commit-graph.ts'
import { walkDeployments } from '../../src/usecases/delivery/deployments/walk-deployments.ts'

// What established tools get wrong on Bitbucket, and the rules by which a change is found in a deployment. Each line has
// its test here by name; what needs a clone or a whole workspace is proved at large beside its code.
const [ada, ben] = [
  { id: 'ada', isBot: false },
  { id: 'ben', isBot: false },
]
const robot = { id: 'robot', isBot: true }
const hour = 3600
const day = 24 * hour
const opened = 1_000_000
const event = (kind: PullRequestEvent['kind'], hours: number, by: PullRequestEvent['by'] = ben) => ({
  kind,
  at: opened + hours * hour,
  by,
  isDeleted: false,
})
const factsOf = (events: readonly PullRequestEvent[], more: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  state: 'open',
  isDraft: false,
  author: ada,
  closedById: null,
  openedAt: opened,
  remoteUpdatedAt: opened + 999 * hour,
  mergedAt: null,
  closedAt: null,
  firstCommitAt: null,
  hasStaleCommit: false,
  changedLines: null,
  events,
  approvals: [],
  excludedReason: null,
  ...more,
})
const sha = (letter: string, rest = '0') => letter.repeat(12) + rest.repeat(28)
const toldDeployment = (state: object) => ({ uuid: '{d}', environment: { uuid: '{e}' }, state })

describe('what established tools get wrong', () => {
  test('1: a pull request with more than a hundred commits keeps its oldest one', () => {
    // The clone's earliest author date is what counts, however many there are between.
    const { timestamps, phases } = computeFigures(factsOf([event('merged', 9)], { firstCommitAt: opened - 40 * hour }))
    expect([timestamps.firstCommitAt, phases.coding]).toEqual([opened - 40 * hour, 40 * hour])
  })
  test.each([
    ['SUCCESSFUL', 'successful'],
    ['FAILED', 'failed'],
    ['STOPPED', 'stopped'],
  ])('2: a completed deployment is a success only by its status: %s', (name, wanted) => {
    const told = toldDeployment({ name: 'COMPLETED', status: { name }, completed_on: '2026-03-02T08:00:00Z' })
    expect(deploymentRecord.parse(told).state).toBe(wanted)
  })
  test('2: a completed deployment without a status is no success, but a record that makes no sense', () => {
    expect(deploymentRecord.safeParse(toldDeployment({ name: 'COMPLETED' })).success).toBe(false)
  })
  test('3: an environment is production by its type, whatever its name', () => {
    const named = (name: string, type: string) =>
      environmentRecord.parse({ uuid: '{e}', name, environment_type: { name: type } }).kind
    expect([named('Prod EU', 'Production'), named('PRODUCTION', 'Test')]).toEqual(['production', 'test'])
  })
  test('4: it was merged when it was merged, not when its merge commit was made; declined and superseded ones are closed', () => {
    // The pull request's own word, here that of a fast-forwarded commit, is older than the event.
    const merged = computeFigures(factsOf([event('merged', 9)], { state: 'merged', mergedAt: opened - 5 * hour }))
    expect(merged.timestamps.mergedAt).toBe(opened + 9 * hour)
    for (const state of ['declined', 'superseded'] as const) {
      const { timestamps, endedAt } = computeFigures(factsOf([event(state, 4)], { state }))
      expect([timestamps.mergedAt, timestamps.closedAt, endedAt]).toEqual([null, opened + 4 * hour, opened + 4 * hour])
    }
  })
  test('5: a merge hash of twelve characters is found in the clone, and joined with neither of two', () => {
    const builder = createGraphBuilder()
    builder.add(sha('a'), [])
    builder.add(sha('b'), [sha('a')])
    builder.add(sha('b', '1'), [sha('a')])
    const graph = builder.build()
    expect([graph.find('a'.repeat(12)).kind, graph.find('b'.repeat(12)).kind]).toEqual(['found', 'ambiguous'])
  })
  test('6: an approval and requested changes end the wait for a review as a comment does', () => {
    for (const kind of ['comment', 'approval', 'changes_requested'] as const)
      expect(computeFigures(factsOf([event(kind, 3)])).phases.pickup).toBe(3 * hour)
  })
  test('7: a program reviews nothing, and a draft waits for nobody', () => {
    const events = [event('approval', 1, robot), event('ready', 4, ada), event('approval', 6)]
    const { phases, reviewCount } = computeFigures(factsOf(events))
    expect([phases.draft, phases.pickup, reviewCount]).toEqual([4 * hour, 2 * hour, 1])
    expect(computeFigures(factsOf([], { author: robot })).leftOut).toBe('bot_author')
  })
  test('8: change failures and recovery come from pushed incidents, without any issue', () => {
    const one = { outcome: 'successful' as const, isRollback: false, changes: 1, repairs: 0 }
    const marks = { markedFailed: null, markedRework: null }
    const [first, second] = judgeDeployments({
      deployments: [
        { ...one, ...marks, id: 'd1', completedAt: 100 * hour },
        { ...one, ...marks, id: 'd2', completedAt: 200 * hour },
      ],
      incidents: [{ id: 'i', deploymentId: null, beganAt: 101 * hour, resolvedAt: 103 * hour }],
      rules: { repairWithinHours: 24, countsFailedDeployments: false },
    })
    expect([first?.failedBy, first?.recoveredAt, second?.failedBy]).toEqual(['incident', 103 * hour, null])
  })
  test('9: an author and a reviewer nobody names stop nothing: they are unknown, counted and flagged', () => {
    const { flags, reviewCount, leftOut } = computeFigures(factsOf([event('comment', 1, null)], { author: null }))
    expect(flags).toEqual(expect.arrayContaining(['unknown_author', 'unknown_reviewer']))
    expect([reviewCount, leftOut]).toEqual([0, null])
    expect(computeFigures(factsOf([event('comment', 1, null)])).reviewCount).toBe(1)
  })
  test('10: a phase that did not happen is none, never one of 0: what is not deployed has no lead time', () => {
    const { phases, timestamps } = computeFigures(factsOf([event('merged', 9)], { firstCommitAt: opened }))
    expect([phases.pickup, phases.review]).toEqual([null, null])
    expect(measureDeployPhases({ ...timestamps, deployedAt: null })).toMatchObject({ deploy: null, lead: null })
  })
})

/** A history of commits, each with its parents, and deployments of commits an hour apart. */
function attribute(
  history: Readonly<Record<string, readonly string[]>>,
  deployed: readonly string[],
  merges: Readonly<Record<string, string | null>>,
  { mergedAt = 99 * day, hasClone = true }: { mergedAt?: number; hasClone?: boolean } = {},
) {
  const builder = createGraphBuilder()
  for (const [letter, parents] of Object.entries(history))
    builder.add(
      sha(letter),
      parents.map((one) => sha(one)),
    )
  const counted = countDeployments(
    deployed.map((letter, index) => ({
      id: `d${index + 1}`,
      environmentId: 'live',
      pipeline: null,
      commitSha: sha(letter),
      state: 'successful',
      completedAt: 100 * day + index * hour,
    })),
  )
  const full = Object.entries(merges).map(([id, letter]) => ({
    id,
    mergeSha: letter === null ? null : sha(letter),
    mergedAt,
  }))
  const walked = walkDeployments(counted, {
    graph: hasClone ? builder.build() : undefined,
    merges: new Set(full.flatMap(({ mergeSha }) => mergeSha ?? [])),
  })
  const { changes, preHistory } = attributeChanges({ deployments: walked, pullRequests: full, preHistoryDays: 30 })
  const found = changes.map((one) => [one.pullRequestId, one.deploymentId, ...(one.isBatchMerge ? ['batch'] : [])])
  return {
    found,
    preHistory,
    rules: changes.map(({ rule }) => rule),
    rollbacks: walked.filter((one) => one.isRollback).map(({ id }) => id),
  }
}
/** Main: a, b, c, d, one after another. */
const line = { a: [], b: ['a'], c: ['b'], d: ['c'] }

describe('a pull request in a deployment', () => {
  test('1: is known by the one full name its short merge hash fits; of an ambiguous one nothing is guessed', () => {
    expect(attribute(line, ['b', 'd'], { p: null }).found).toEqual([])
  })
  test('2: is in the first deployment whose history has its merge commit', () => {
    expect(attribute(line, ['a', 'c', 'd'], { p: 'b' }).found).toEqual([['p', 'd2']])
  })
  test('3: merged more than 30 days before the first known deployment is history before it', () => {
    const old = attribute(line, ['b'], { p: 'a' }, { mergedAt: 70 * day - 1 })
    expect([old.found, old.preHistory]).toEqual([[], ['p']])
    expect(attribute(line, ['b'], { p: 'a' }, { mergedAt: 70 * day }).found).toEqual([['p', 'd1']])
  })
  test('4: is not brought again by a deployment of the same commit; an older one is a rollback', () => {
    const { found, rollbacks } = attribute(line, ['c', 'c', 'a', 'c'], { p: 'b' })
    expect([found, rollbacks]).toEqual([[['p', 'd1']], ['d3']])
  })
  test('5: that shares its merge commit with another is one change with it', () => {
    expect(attribute(line, ['d'], { p: 'c', q: 'c' }).found).toEqual([
      ['p', 'd1'],
      ['q', 'd1', 'batch'],
    ])
  })
  test('6: into another branch is deployed when that branch is', () => {
    // x is merged into a release branch, which main takes in with d.
    const history = { a: [], b: ['a'], e: ['a'], d: ['b', 'e'] }
    expect(attribute(history, ['b', 'd'], { p: 'e' }).found).toEqual([['p', 'd2']])
  })
  test('7: merged by fast-forward or squash is found by the tip or the squash commit alone', () => {
    // f was the branch's own commit; the squash c does not descend from it.
    expect(attribute({ ...line, f: ['a'] }, ['d'], { p: 'c', own: 'f' }).found).toEqual([['p', 'd1']])
  })
  test('8: whose commit a forced push dropped is in no deployment', () => {
    expect(attribute({ ...line, e: ['a'] }, ['b', 'c', 'd'], { lost: 'e' }).found).toEqual([])
  })
  test('9: without a clone is in the first success after its merge, and says so', () => {
    const { found, rules } = attribute({}, ['a', 'b'], { p: 'a' }, { mergedAt: 100 * day + 1, hasClone: false })
    expect([found, rules]).toEqual([[['p', 'd2']], ['time_based']])
  })
})

describe('what bad data gets', () => {
  test('a pull request of fifteen years has figures in whole seconds, and no commit is none', () => {
    const years = 15 * 365 * day
    const { phases, flags } = computeFigures(factsOf([{ ...event('merged', 0), at: opened + years }]))
    expect([phases.cycle, phases.coding]).toEqual([years, null])
    expect(flags).toEqual(['draft_unknown'])
  })
  test('clocks that disagree give no time, a flag and a reason, and never a negative one', () => {
    const { phases, spanLeftOut, flags } = computeFigures(factsOf([event('merged', -2)]))
    expect([phases.cycle, spanLeftOut, flags.includes('negative_span')]).toEqual([null, 'negative_span', true])
  })
  test('imported history without a word of its end is dated by its last change, and flagged', () => {
    const { timestamps, flags } = computeFigures(factsOf([], { state: 'merged' }))
    expect([timestamps.mergedAt, flags.includes('approximate_end')]).toEqual([opened + 999 * hour, true])
  })
  test('a deployment to a deleted environment keeps its place by the uuid', () => {
    const told = { ...toldDeployment({ name: 'UNDEPLOYED' }), environment: { uuid: '{gone}', name: null } }
    expect(deploymentRecord.parse(told).environment).toEqual({ uuid: '{gone}', name: null })
  })
})
