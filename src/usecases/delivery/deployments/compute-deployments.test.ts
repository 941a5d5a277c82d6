import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../../test/delivery-facts.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { upsertTags } from '../../../store/delivery/git-tags.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from './compute-deployments.ts'

let open: OpenDatabase
let organizationId: string
let repositoryId: string
let production: string
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const sha = (letter: string): string => letter.repeat(40)
const day = (number: number, hour = 12): string => new Date(Date.UTC(2026, 2, number, hour)).toISOString()

beforeEach(async () => {
  ;[organizationId, repositoryId, production] = [newId(), newId(), newId()]
  const repositories = [{ id: repositoryId, slug: 'storefront-api' }]
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories,
    people: [{ id: newId(), name: 'Ada Quill' }],
  })
  await insertEnvironment(production, 'Live', 'production')
})

async function insertEnvironment(id: string, name: string, remote_kind: 'production' | 'staging'): Promise<void> {
  const row = {
    organization_id: organizationId,
    id,
    repository_id: repositoryId,
    remote_uuid: `{${id}}`,
    name,
    remote_kind,
  }
  await open.db.insertInto('environment').values(row).execute()
}

/** Commits of one line, oldest first, each the merge of a pull request of the same number. */
async function insertHistory(letters: string, over: Partial<StatedPullRequest> = {}): Promise<void> {
  const commits = [...letters].map((letter, index) => ({
    organization_id: organizationId,
    repository_id: repositoryId,
    sha: sha(letter),
    authored_at: day(index + 1, 8),
    committed_at: day(index + 1, 8),
    parents: index === 0 ? [] : [sha(letters.charAt(index - 1))],
  }))
  await open.db.insertInto('commit').values(commits).execute()
  await insertPullRequests(
    open.db,
    organizationId,
    [...letters].map((_letter, index) => ({
      id: newId(),
      repositoryId,
      number: index + 1,
      authorId: null,
      openedAt: day(index + 1, 9),
      firstCommitAt: day(index + 1, 8),
      state: 'merged',
      events: [{ kind: 'merged', at: day(index + 1, 10) }],
      ...over,
    })),
  )
  for (const [index, letter] of [...letters].entries())
    await open.db
      .updateTable('pull_request')
      .set({ merge_sha: sha(letter) })
      .where('organization_id', '=', organizationId)
      .where('remote_id', '=', index + 1)
      .execute()
}

async function deploy(
  letter: string,
  at: string,
  over: { environment?: string; state?: 'successful' | 'failed'; pipeline?: string } = {},
) {
  const id = newId()
  await open.db
    .insertInto('deployment')
    .values({
      organization_id: organizationId,
      id,
      repository_id: repositoryId,
      environment_id: over.environment ?? production,
      source: 'bitbucket',
      remote_key: id,
      pipeline_uuid: over.pipeline ?? null,
      commit: sha(letter).slice(0, 12),
      state: over.state ?? 'successful',
      completed_at: at,
    })
    .execute()
  return id
}

async function compute() {
  await computeChangedFigures({ db: open.db, clock: () => new Date(day(28)) })
  for (let round = 0; round < 5; round += 1) if ((await computeChangedDeployments(open)) === 0) break
  const figures = await open.db
    .selectFrom('deployment_figures')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('completed_at')
    .execute()
  const changes = await open.db
    .selectFrom('deployment_change as c')
    .innerJoin('pull_request as p', (join) =>
      join.onRef('p.organization_id', '=', 'c.organization_id').onRef('p.id', '=', 'c.pull_request_id'),
    )
    .select(['p.remote_id as number', 'c.deployment_id', 'c.rule', 'c.deploy_s', 'c.lead_s'])
    .where('c.organization_id', '=', organizationId)
    .orderBy('p.remote_id')
    .execute()
  return { figures, changes }
}

describe('the deployments of a repository', () => {
  it('bring each pull request into production once, by its commits, with the time that took', async () => {
    await insertHistory('abc')
    const first = await deploy('b', day(2))
    const second = await deploy('c', day(4))
    const { changes, figures } = await compute()
    // Merged on the first at 10, begun at 8, deployed on the second at 12: 26 h and 28 h.
    expect(changes).toEqual([
      { number: 1, deployment_id: first, rule: 'ancestry', deploy_s: 26 * 3600, lead_s: 28 * 3600 },
      { number: 2, deployment_id: first, rule: 'ancestry', deploy_s: 2 * 3600, lead_s: 4 * 3600 },
      { number: 3, deployment_id: second, rule: 'ancestry', deploy_s: 26 * 3600, lead_s: 28 * 3600 },
    ])
    expect(figures.map((one) => [one.deployment_id, one.changes, one.outcome])).toEqual([
      [first, 2, 'successful'],
      [second, 1, 'successful'],
    ])
  })

  it('are those of production alone, by kind, by a person’s word or by a pattern of names', async () => {
    const [staging, live] = [newId(), newId()]
    await insertEnvironment(staging, 'Staging', 'staging')
    await insertEnvironment(live, 'Prod EU', 'staging')
    await deploy('a', day(2), { environment: staging })
    await deploy('a', day(3), { environment: live })
    expect((await compute()).figures).toEqual([])
    await open.db
      .insertInto('delivery_rules')
      .values({ organization_id: organizationId, production_patterns: ['prod*'] })
      .execute()
    expect((await compute()).figures).toHaveLength(1)
    await open.db
      .updateTable('environment')
      .set({ kind_override: 'production' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', staging)
      .execute()
    expect((await compute()).figures).toHaveLength(2)
    await open.db
      .updateTable('environment')
      .set({ kind_override: 'test' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', live)
      .execute()
    expect((await compute()).figures).toHaveLength(1)
  })

  it('that were rolled back failed until then; an incident is charged to the last success before it', async () => {
    await insertHistory('abcd')
    const [bad, rollback, good] = [await deploy('b', day(2)), await deploy('a', day(3)), await deploy('d', day(5))]
    await open.db
      .insertInto('incident')
      .values({
        organization_id: organizationId,
        id: newId(),
        repository_id: repositoryId,
        source: 'push',
        key: 'INC-1',
        title: 'Till closed',
        began_at: day(6),
        resolved_at: day(6, 15),
      })
      .execute()
    const { figures } = await compute()
    expect(
      figures.map(({ deployment_id, failed_by, is_rollback, is_rework, recovery_s }) => ({
        deployment_id,
        failed_by,
        is_rollback,
        is_rework,
        recovery_s,
      })),
    ).toEqual([
      { deployment_id: bad, failed_by: 'rollback', is_rollback: false, is_rework: false, recovery_s: 24 * 3600 },
      { deployment_id: rollback, failed_by: null, is_rollback: true, is_rework: true, recovery_s: null },
      { deployment_id: good, failed_by: 'incident', is_rollback: false, is_rework: false, recovery_s: 27 * 3600 },
    ])
  })

  it('failed by an incident that names any of their tellings, and one that names what does not count is the last success’s', async () => {
    await insertHistory('ab')
    const [other, staging] = [newId(), newId()]
    await insertEnvironment(other, 'Live in the north', 'production')
    await insertEnvironment(staging, 'Trial', 'staging')
    const south = await deploy('a', day(3), { pipeline: '{p1}' })
    const north = await deploy('a', day(3, 13), { pipeline: '{p1}', environment: other })
    const trial = await deploy('b', day(4), { environment: staging })
    const last = await deploy('b', day(5))
    const incident = (key: string, deployment_id: string, began_at: string) => ({
      organization_id: organizationId,
      id: newId(),
      repository_id: repositoryId,
      key,
      title: key,
      source: 'push' as const,
      deployment_id,
      began_at,
    })
    await open.db
      .insertInto('incident')
      .values([incident('I-1', south, day(5, 18)), incident('I-2', trial, day(6))])
      .execute()
    const { figures } = await compute()
    expect(figures.map((one) => [one.deployment_id, one.failed_by])).toEqual([
      [north, 'incident'],
      [last, 'incident'],
    ])
  })

  it('are failed by a hotfix that follows, unless a person says otherwise', async () => {
    await insertHistory('a')
    const bad = await deploy('a', day(1, 11))
    await open.db
      .insertInto('commit')
      .values({
        organization_id: organizationId,
        repository_id: repositoryId,
        sha: sha('b'),
        authored_at: day(1, 12),
        committed_at: day(1, 12),
        parents: [sha('a')],
      })
      .execute()
    const fix = newId()
    await insertPullRequests(open.db, organizationId, [
      {
        id: fix,
        repositoryId,
        number: 2,
        authorId: null,
        openedAt: day(1, 12),
        state: 'merged',
        events: [{ kind: 'merged', at: day(1, 13) }],
      },
    ])
    await open.db
      .updateTable('pull_request')
      .set({ merge_sha: sha('b'), source_branch: 'hotfix/till' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', fix)
      .execute()
    await deploy('b', day(1, 14))
    expect((await compute()).figures.map(({ failed_by, is_rework }) => [failed_by, is_rework])).toEqual([
      ['hotfix', false],
      [null, true],
    ])
    await open.db
      .insertInto('deployment_mark')
      .values({
        organization_id: organizationId,
        deployment_id: bad,
        is_failed: false,
        reason: 'It was planned',
        member_name: 'Mara Lind',
        at: day(2),
      })
      .execute()
    expect((await compute()).figures.map(({ failed_by }) => failed_by)).toEqual([null, null])
  })

  it('are failed by a revert that follows within a day, and by none later', async () => {
    await insertHistory('abcd')
    for (const [number, letter] of [
      [2, 'b'],
      [4, 'd'],
    ] as const)
      await open.db
        .updateTable('pull_request')
        .set({ title: `Revert "Change ${letter}"` })
        .where('organization_id', '=', organizationId)
        .where('remote_id', '=', number)
        .execute()
    await deploy('a', day(1))
    await deploy('b', day(2))
    await deploy('c', day(3))
    await deploy('d', day(4, 13))
    // The first was repaired after 24 h exactly, the third after 25.
    expect((await compute()).figures.map(({ failed_by, is_rework }) => [failed_by, is_rework])).toEqual([
      ['hotfix', false],
      [null, true],
      [null, false],
      [null, true],
    ])
  })

  it('are told by merges into a branch where that is the source, from its date on and never twice', async () => {
    await insertHistory('abc')
    await deploy('a', day(1, 11))
    await deploy('c', day(4))
    await open.db
      .insertInto('deployment_source')
      .values({ organization_id: organizationId, id: newId(), kind: 'merge', pattern: 'MAIN', valid_from: day(2, 0) })
      .execute()
    const { figures, changes } = await compute()
    expect(figures.map(({ completed_at }) => completed_at.toISOString())).toEqual([day(1, 11), day(2, 10), day(3, 10)])
    expect(changes.map(({ number, deploy_s }) => [number, deploy_s])).toEqual([
      [1, 3600],
      [2, 0],
      [3, 0],
    ])
  })

  it('are told by pipelines of a name where that is the source, failures too', async () => {
    const run = (number: number, name: string, result: 'successful' | 'failed') => ({
      organization_id: organizationId,
      id: newId(),
      repository_id: repositoryId,
      remote_uuid: `{run ${number}}`,
      number,
      name,
      ref_name: 'main',
      state: 'completed' as const,
      result,
      started_at: day(number, 9),
      completed_at: day(number, 10),
    })
    await open.db
      .insertInto('pipeline')
      .values([run(1, 'deploy-live', 'successful'), run(2, 'deploy-live', 'failed'), run(3, 'nightly', 'successful')])
      .execute()
    await open.db
      .insertInto('deployment_source')
      .values({
        organization_id: organizationId,
        id: newId(),
        repository_id: repositoryId,
        kind: 'pipeline',
        pattern: 'deploy-*',
        valid_from: day(1, 0),
      })
      .execute()
    expect((await compute()).figures.map(({ outcome }) => outcome)).toEqual(['successful', 'failed'])
  })

  describe('that are told by tags', () => {
    const tag = async (name: string, letter: string, at: string) =>
      upsertTags(open.db, { organizationId, repositoryId }, [
        { name, commitSha: sha(letter), taggedAt: Date.parse(at) / 1000, isAnnotated: true },
      ])
    const source = async (pattern: string, from: string, kind: 'tag' | 'merge' = 'tag') =>
      open.db
        .insertInto('deployment_source')
        .values({ organization_id: organizationId, id: newId(), kind, pattern, valid_from: from })
        .execute()
    const moments = async () => (await compute()).figures.map(({ completed_at }) => completed_at.toISOString())

    it('count when they were tagged, by the pattern, and bring what their commit contains', async () => {
      await insertHistory('abc')
      await tag('v1.0', 'b', day(2, 15))
      await tag('V1.1', 'c', day(4))
      await tag('nightly-7', 'c', day(5))
      await source('v*', day(1, 0))
      const { figures, changes } = await compute()
      expect(figures.map(({ completed_at, changes: n }) => [completed_at.toISOString(), n])).toEqual([
        [day(2, 15), 2],
        [day(4), 1],
      ])
      // Merged on the first at 10, tagged on the second at 15: 29 h.
      expect(changes[0]).toMatchObject({ number: 1, rule: 'ancestry', deploy_s: 29 * 3600 })
    })

    it('count wherever one that moves was seen, and back on an older commit it is a rollback', async () => {
      await insertHistory('abc')
      await tag('live', 'c', day(4))
      await tag('live', 'b', day(5))
      await source('live', day(1, 0))
      expect((await compute()).figures.map(({ is_rollback, failed_by }) => [is_rollback, failed_by])).toEqual([
        [false, 'rollback'],
        [true, null],
      ])
    })

    it('count from the source’s date on, and nothing twice that another source tells too', async () => {
      await insertHistory('abc')
      await deploy('a', day(1, 11))
      await deploy('c', day(4))
      await tag('v1', 'a', day(1, 12))
      await tag('v2', 'c', day(4, 13))
      await source('v*', day(2, 0))
      expect(await moments()).toEqual([day(1, 11), day(4, 13)])
    })

    it('count no more once the pattern in force is another', async () => {
      await insertHistory('abc')
      await tag('v1', 'a', day(2))
      await tag('v2', 'b', day(5))
      await tag('release-3', 'c', day(6))
      await source('v*', day(1, 0))
      expect(await moments()).toEqual([day(2), day(5)])
      await source('release-*', day(4, 0))
      expect(await moments()).toEqual([day(2), day(6)])
    })

    it('so does a merge into a branch that is the source no more', async () => {
      await insertHistory('ab')
      await source('main', day(1, 0), 'merge')
      expect(await moments()).toEqual([day(1, 10), day(2, 10)])
      await source('release/*', day(2, 0), 'merge')
      expect(await moments()).toEqual([day(1, 10)])
    })
  })

  it('are worked out by time where no clone knows their commits, and say so', async () => {
    await insertHistory('ab')
    await open.db.deleteFrom('commit').where('organization_id', '=', organizationId).execute()
    const first = await deploy('b', day(3))
    const { changes } = await compute()
    expect(changes.map(({ number, rule, deployment_id }) => [number, rule, deployment_id])).toEqual([
      [1, 'time_based', first],
      [2, 'time_based', first],
    ])
  })

  it('settle: what was worked out leaves nothing to work out again', async () => {
    await insertHistory('ab')
    await deploy('b', day(3))
    await open.db
      .insertInto('deployment_source')
      .values({ organization_id: organizationId, id: newId(), kind: 'merge', pattern: 'main', valid_from: day(2, 0) })
      .execute()
    const { figures } = await compute()
    expect(
      await open.db
        .selectFrom('repository_to_compute')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .execute(),
    ).toEqual([])
    await open.db
      .insertInto('repository_to_compute')
      .values({ organization_id: organizationId, repository_id: repositoryId })
      .execute()
    expect((await compute()).figures).toEqual(figures)
  })
})
