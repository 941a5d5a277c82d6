import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../../test/delivery-facts.ts'
import { insertDeployment, insertProduction, insertVulnerability } from '../../../../test/remediation-facts.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { decideRemediation } from './decide-remediation.ts'
import { followChangedVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'

let open: OpenDatabase
let organizationId: string
let repositoryId: string
let libraryId: string
let ada: string
let ben: string
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const at = (day: number, hour = 12): string => new Date(Date.UTC(2026, 2, day, hour)).toISOString()
const sha = (letter: string): string => letter.repeat(40)
const now = new Date(at(28))

beforeEach(async () => {
  ;[organizationId, repositoryId, libraryId, ada, ben] = [newId(), newId(), newId(), newId(), newId()]
  await insertDeliveryPlace(open.db, {
    organizationId,
    connectionId: newId(),
    repositories: [
      { id: repositoryId, slug: 'storefront-api' },
      { id: libraryId, slug: 'library' },
    ],
    people: [
      { id: ada, name: 'Ada Quill' },
      { id: ben, name: 'Ben Oar' },
    ],
  })
  await insertProduction(open.db, { organizationId, repositoryId })
})

async function settle() {
  const deps = { db: open.db, clock: () => now }
  for (let round = 0; round < 4; round += 1) {
    await computeChangedFigures(deps)
    while ((await computeChangedDeployments(deps)) > 0);
    await followChangedVulnerabilities(deps)
  }
}

/** A pull request merged on day 12: opened on day 10, reviewed and approved on day 11. */
async function merged(
  more: Partial<StatedPullRequest> = {},
  words: { title?: string; branch?: string; description?: string } = {},
) {
  const id = newId()
  const stated: StatedPullRequest = {
    id,
    repositoryId,
    number: 7,
    authorId: ada,
    openedAt: at(10),
    state: 'merged',
    closedById: ada,
    events: [
      { kind: 'opened', at: at(10), by: ada },
      { kind: 'comment', at: at(11, 8), by: ben },
      { kind: 'approval', at: at(11, 9), by: ben },
      { kind: 'merged', at: at(12), by: ada },
    ],
    ...more,
  }
  await insertPullRequests(open.db, organizationId, [stated])
  const { title = `Change ${stated.number}`, branch: source_branch = 'change', description = '' } = words
  await open.db
    .updateTable('pull_request')
    .set({ title, source_branch, description })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()
  return id
}
const problem = (more: Partial<Parameters<typeof insertVulnerability>[1]> = {}) =>
  insertVulnerability(open.db, { organizationId, repositoryId, number: 1, openedAt: at(5), ...more })
const deploy = (day: number, more: { commit?: string } = {}) =>
  insertDeployment(open.db, { organizationId, repositoryId, completedAt: at(day), ...more })
const figures = async (id: string) =>
  open.db
    .selectFrom('vulnerability_figures')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('vulnerability_id', '=', id)
    .executeTakeFirst()
const links = async (id: string) =>
  open.db
    .selectFrom('remediation_link')
    .select(['pull_request_id', 'rules'])
    .where('organization_id', '=', organizationId)
    .where('vulnerability_id', '=', id)
    .execute()
const marks = async () =>
  open.db.selectFrom('vulnerability_to_follow').select('id').where('organization_id', '=', organizationId).execute()

const hour = 3600
const day = 24 * hour

describe('the way from found to fixed in production', () => {
  it('is followed to the other deployment where two pull requests change places, and the deployments stay as they are', async () => {
    const mergedOn = (id: string, on: number) =>
      open.db
        .updateTable('pull_request_event')
        .set({ at: at(on) })
        .where('organization_id', '=', organizationId)
        .where('pull_request_id', '=', id)
        .where('kind', '=', 'merged')
        .execute()
    const id = await problem()
    const fix = await merged({}, { title: 'Escape the query (WEIR-1)' })
    const other = await merged({ number: 8 })
    await mergedOn(other, 15)
    await deploy(13)
    await deploy(16)
    await settle()
    expect((await figures(id))?.deployed_at).toEqual(new Date(at(13)))
    await mergedOn(fix, 15)
    await mergedOn(other, 12)
    const deps = { db: open.db, clock: () => now }
    await computeChangedFigures(deps)
    // As the worker may come to it: before the deployments were worked out, and after.
    await followChangedVulnerabilities(deps)
    await computeChangedDeployments(deps)
    await followChangedVulnerabilities(deps)
    expect((await figures(id))?.deployed_at).toEqual(new Date(at(16)))
  })

  it('makes its pull request security work, as long as nobody dismisses it', async () => {
    const id = await problem()
    const fix = await merged({}, { title: 'Escape the query (WEIR-1)' })
    await merged({ number: 8 })
    const securityWork = async () => {
      await settle()
      const rows = await open.db
        .selectFrom('pull_request_figures')
        .select('pull_request_id')
        .where('organization_id', '=', organizationId)
        .where('is_security_work', '=', true)
        .execute()
      return rows.map(({ pull_request_id }) => pull_request_id)
    }
    const setStatus = (status: 'false_positive' | 'identified') =>
      open.db
        .updateTable('vulnerability')
        .set({ status })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute()
    expect(await securityWork()).toEqual([fix])
    await setStatus('false_positive')
    expect(await securityWork()).toEqual([])
    await setStatus('identified')
    expect(await securityWork()).toEqual([fix])
    await open.db
      .updateTable('pull_request')
      .set({ title: 'Escape the query' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', fix)
      .execute()
    expect(await securityWork()).toEqual([])
  })

  it('is followed by a key in a title, stage by stage, to the deployment', async () => {
    const id = await problem({ dueAt: at(20) })
    const pullRequest = await merged({}, { title: 'Escape the query (WEIR-1)' })
    await deploy(14)
    await settle()
    expect(await links(id)).toEqual([{ pull_request_id: pullRequest, rules: ['title'] }])
    expect(await figures(id)).toMatchObject({
      triage_s: null,
      to_pr_s: 5 * day,
      pickup_s: 20 * hour,
      review_s: hour,
      merge_wait_s: 27 * hour,
      deploy_s: 2 * day,
      lead_s: 9 * day,
      to_fix_pr_s: 5 * day,
      exposure_s: 9 * day,
      introduced_by: 'found',
      deployed_at: new Date(at(14)),
      is_sla_met: true,
      flags: [],
    })
    expect(await marks()).toEqual([])
  })

  it.each([
    ['branch', { branch: 'fix/shop-12-escape' }],
    ['description', { description: 'See https://meadow.example/browse/SHOP-12' }],
  ] as const)('finds the key of its item in Jira in the %s', async (place, words) => {
    const id = await problem({ jiraKey: 'SHOP-12' })
    const pullRequest = await merged({}, words)
    await settle()
    expect(await links(id)).toEqual([{ pull_request_id: pullRequest, rules: [place] }])
  })

  it('does not take SHOP-1 for SHOP-12, nor another organization’s key for its own', async () => {
    const id = await problem({ number: 12, jiraKey: 'SHOP-1' })
    await merged({}, { title: 'SHOP-12 WEIR-123 xWEIR-12' })
    await settle()
    expect(await links(id)).toEqual([])
  })

  it('is linked by commits, and by what people say in comments, as far as they are there', async () => {
    const id = await problem()
    const pullRequest = await merged()
    await open.db
      .insertInto('commit')
      .values({
        organization_id: organizationId,
        repository_id: repositoryId,
        sha: sha('a'),
        authored_at: at(9),
        committed_at: at(9),
        message: 'Bind parameters\n\nWEIR-1\u202e',
      })
      .execute()
    await open.db
      .insertInto('pull_request_commit')
      .values({
        organization_id: organizationId,
        pull_request_id: pullRequest,
        repository_id: repositoryId,
        sha: sha('a'),
      })
      .execute()
    const comment = {
      organization_id: organizationId,
      pull_request_id: pullRequest,
      kind: 'comment' as const,
      remote_key: '900',
      at: at(11),
      keys: ['WEIR-1'],
    }
    await open.db.insertInto('pull_request_event').values(comment).execute()
    await settle()
    expect((await links(id))[0]?.rules).toEqual(['commit', 'comment'])
    await open.db
      .updateTable('pull_request_event')
      .set({ is_deleted: true })
      .where('organization_id', '=', organizationId)
      .where('remote_key', '=', '900')
      .execute()
    await settle()
    expect((await links(id))[0]?.rules).toEqual(['commit'])
  })

  it('is not linked by what Weir itself wrote there: its summary names every vulnerability of a pull request', async () => {
    const id = await problem()
    const pullRequest = await merged()
    const asset = await open.db
      .selectFrom('asset')
      .select('id')
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    await open.db
      .insertInto('pull_request_summary')
      .values({
        organization_id: organizationId,
        id: newId(),
        asset_id: asset.id,
        pull_request_id: '7',
        state: 'written',
        comment_id: '900',
        updated_at: now,
      })
      .execute()
    const comment = {
      organization_id: organizationId,
      pull_request_id: pullRequest,
      kind: 'comment' as const,
      remote_key: '900',
      at: at(11),
      keys: ['WEIR-1'],
    }
    await open.db.insertInto('pull_request_event').values(comment).execute()
    await settle()
    expect(await links(id)).toEqual([])
  })

  it('counts a thread where it was also fixed, and not where it was brought in', async () => {
    const fixedThere = await problem({ number: 1, thread: 7, fixedAt: at(13), lastSeenAt: at(9) })
    const broughtIn = await problem({ number: 2, thread: 7, fixedAt: at(20), lastSeenAt: at(15) })
    const pullRequest = await merged()
    await settle()
    expect(await links(fixedThere)).toEqual([{ pull_request_id: pullRequest, rules: ['thread'] }])
    expect(await links(broughtIn)).toEqual([])
  })

  it('is exposed from the deployment that first contained what was scanned', async () => {
    await history('abc')
    const id = await problem({ scanned: sha('b') })
    await deploy(2, { commit: 'a' })
    const first = await deploy(4, { commit: 'c' })
    const pullRequest = await merged({}, { title: 'WEIR-1' })
    await mergeAs(pullRequest, 'd', 'c')
    await deploy(14, { commit: 'd' })
    await settle()
    expect(await figures(id)).toMatchObject({
      introduced_by: 'deployment',
      introduced_deployment_id: first,
      introduced_at: new Date(at(4)),
      exposure_s: 10 * day,
    })
  })

  it('takes the one pull request between the last scan that saw it and the first that did not', async () => {
    await history('abc')
    const pullRequest = await merged()
    await mergeAs(pullRequest, 'd', 'c', at(12))
    const id = await problem({ scanned: sha('c'), fixedAt: at(13), lastSeenAt: at(9), goneIn: sha('d') })
    await settle()
    expect(await links(id)).toEqual([{ pull_request_id: pullRequest, rules: ['scan'] }])
    const other = await merged({ number: 8 })
    await mergeAs(other, 'e', 'c', at(11))
    await settle()
    // Nobody can say which of two it was; the next change of the vulnerability finds out.
    await open.db
      .updateTable('vulnerability')
      .set({ due_at: at(25) })
      .where('organization_id', '=', organizationId)
      .execute()
    await settle()
    expect(await links(id)).toEqual([])
  })

  it('is worked out anew with late facts: a deployment, a new status, a second pull request', async () => {
    const id = await problem({ dueAt: at(13) })
    await merged({}, { title: 'WEIR-1' })
    await settle()
    expect(await figures(id)).toMatchObject({ merged_at: new Date(at(12)), deployed_at: null, is_sla_met: null })
    await deploy(14)
    await settle()
    expect(await figures(id)).toMatchObject({
      deployed_at: new Date(at(14)),
      is_sla_met: false,
      sla_at: new Date(at(13)),
    })
    await merged(
      { number: 8, openedAt: at(13), state: 'open', closedById: null, events: [] },
      { title: 'The rest of WEIR-1' },
    )
    await settle()
    expect(await figures(id)).toMatchObject({ deployed_at: null, lead_s: null })
    await open.db
      .updateTable('vulnerability')
      .set({ status: 'false_positive' })
      .where('organization_id', '=', organizationId)
      .execute()
    await settle()
    expect(await figures(id)).toMatchObject({ left_out: 'false_positive' })
  })

  it('follows the numbers of what was merged into it, which has no way of its own any more', async () => {
    const whole = await problem({ number: 1 })
    const part = await problem({ number: 2 })
    const pullRequest = await merged({}, { title: 'WEIR-2' })
    await settle()
    await open.db
      .updateTable('vulnerability')
      .set({ merged_into: whole })
      .where('organization_id', '=', organizationId)
      .where('id', '=', part)
      .execute()
    await open.db
      .updateTable('vulnerability')
      .set({ severity: 'low' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', whole)
      .execute()
    await settle()
    expect(await links(whole)).toEqual([{ pull_request_id: pullRequest, rules: ['title'] }])
    expect([await links(part), await figures(part)]).toEqual([[], undefined])
  })
})

/** Commits of one line, a day apart, oldest first. */
async function history(letters: string): Promise<void> {
  for (const [index, letter] of [...letters].entries())
    await commit(letter, index === 0 ? [] : [letters.charAt(index - 1)], at(index + 1, 8))
}
async function commit(letter: string, parents: readonly string[], committed: string): Promise<void> {
  await open.db
    .insertInto('commit')
    .values({
      organization_id: organizationId,
      repository_id: repositoryId,
      sha: sha(letter),
      authored_at: committed,
      committed_at: committed,
      parents: parents.map(sha),
    })
    .execute()
}
async function mergeAs(pullRequest: string, letter: string, parent: string, committed = at(12)): Promise<void> {
  await commit(letter, [parent], committed)
  await open.db
    .updateTable('pull_request')
    .set({ merge_sha: sha(letter) })
    .where('organization_id', '=', organizationId)
    .where('id', '=', pullRequest)
    .execute()
}

it('where a deadline stands is told alike by the way and by the metric: by the deployments of where it was fixed', async () => {
  const id = await problem({ dueAt: at(14), fixedAt: at(13) })
  await merged({ repositoryId: libraryId }, { title: 'Escape the query (WEIR-1)' })
  // Of the repository it was found in deployments are known, of the one it was fixed in none.
  await deploy(13)
  await settle()
  const { deadline } = await getVulnerabilityFlow({ db: open.db, clock: () => now }, { organizationId, id })
  expect((await figures(id))?.is_sla_met).toBeNull()
  expect(deadline.state).toBe('unknown')
})

describe('what people say of a link', () => {
  const actor = { kind: 'member', memberId: newId(), name: 'Mara Lind', tokenId: null } as const
  const say = (id: string, pull_request: string, is_linked: boolean | null) =>
    decideRemediation({ db: open.db, clock: () => now, newId }, { organizationId, id, actor, pull_request, is_linked })

  it('adds one, takes it away and takes that back, each with a name and a moment, and counts at once', async () => {
    const id = await problem({ dueAt: at(20) })
    await merged({}, { title: 'WEIR-1' })
    await deploy(14)
    await settle()
    const known = 'meadow-goods/storefront-api#7'
    const without = await say(id, known, false)
    expect(without).toMatchObject({
      deployed_at: null,
      stages: { lead: null },
      deadline: { state: 'breached' },
      links: [
        { pull_request: known, rules: [], is_last: false, decision: { is_linked: false, member_name: 'Mara Lind' } },
      ],
    })
    const again = await say(id, known, null)
    expect(again).toMatchObject({
      deployed_at: at(14),
      stages: { lead: 9 * day },
      deadline: { state: 'met' },
      exposure: { seconds: 9 * day, is_over: true },
      links: [{ rules: ['title'], is_last: true, decision: null }],
    })
    expect((await say(id, '#7', true)).links[0]?.rules).toEqual(['title', 'person'])
    const words = open.db
      .selectFrom('remediation_decision')
      .select('is_linked')
      .where('organization_id', '=', organizationId)
    expect((await words.orderBy('id').execute()).map((row) => row.is_linked)).toEqual([false, null, true])
  })

  it('is refused for a pull request that is not here, for words, and for another organization’s vulnerability', async () => {
    const id = await problem()
    const hostile = `https://x.example/${'a'.repeat(90)}/b/pull-requests/1'; drop table vulnerability; --`
    for (const words of ['99', 'the one of Tuesday', 'elsewhere/shop#7', hostile])
      await expect(say(id, words, true)).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(say(newId(), '7', true)).rejects.toMatchObject({ code: 'not_found' })
  })
})
