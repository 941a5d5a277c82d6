import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../../test/delivery-facts.ts'
import { insertDeployments, makeDeployments } from '../../../../test/many-deployments.ts'
import { insertPipelines, makePipelines } from '../../../../test/many-pipelines.ts'
import { makePullRequests, people, repositories } from '../../../../test/many-pull-requests.ts'
import { newId } from '../../../lib/ids.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { computeChangedFigures } from '../compute-figures.ts'
import { computeChangedDeployments } from '../deployments/compute-deployments.ts'
import { getMetric } from '../get-metric.ts'
import { updateLabelRules } from '../label-rules.ts'
import { excludeFromFigures, excludePullRequest, listExclusions, removeExclusion } from './exclusions.ts'

let open: OpenDatabase
const organizationId = newId()
const actor = { kind: 'system' as const, name: 'Mara Lind' }
const asked = { organizationId, actor }
const now = new Date('2026-05-01T00:00:00Z')
const deps = () => ({ db: open.db, clock: () => now, newId })
const stated = makePullRequests(60).filter(({ excludedReason }) => excludedReason === undefined)

beforeAll(async () => {
  open = await createTestDatabase()
  await insertDeliveryPlace(open.db, { organizationId, connectionId: newId(), repositories, people })
  await insertPullRequests(open.db, organizationId, stated)
  await insertDeployments(open.db, organizationId, makeDeployments())
  await insertPipelines(open.db, organizationId, makePipelines())
})
afterAll(async () => open.close())

async function measure(key: string, more: { repository?: string[] } = {}) {
  while ((await computeChangedFigures(deps())) > 0);
  while ((await computeChangedDeployments(deps())) > 0);
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z' }
  const { coverage, excluded } = await getMetric(deps(), { organizationId, key, ...range, ...more })
  return { n: coverage.total, excluded }
}
const reasons = ({ excluded }: Awaited<ReturnType<typeof measure>>) =>
  new Map(excluded.map(({ reason, count }) => [reason, count]))

describe('what people leave out of figures', () => {
  it('is one pull request, with its reason and who said it, until that is taken back', async () => {
    const one = stated.find(
      ({ state, events }) => state === 'merged' && events?.some(({ kind }) => kind === 'approval'),
    )
    if (one === undefined) throw new Error('None was merged.')
    const before = await measure('pr_throughput')
    await excludePullRequest(deps(), { ...asked, id: one.id, reason: 'An import of old code' })
    const after = await measure('pr_throughput')
    expect(after.n).toBe(before.n - 1)
    expect(reasons(after).get('An import of old code')).toBe(1)
    const { items } = await listExclusions(deps(), { organizationId })
    expect(items).toMatchObject([
      { kind: 'pull_request', pull_request: { id: one.id }, reason: 'An import of old code', by: 'Mara Lind' },
    ])
    await excludePullRequest(deps(), { ...asked, id: one.id, reason: null })
    expect(await measure('pr_throughput')).toEqual(before)
    expect((await listExclusions(deps(), { organizationId })).items).toEqual([])
    const audited = await open.db.selectFrom('audit_event').select('action').orderBy('id').execute()
    expect(audited.map(({ action }) => action)).toEqual(['figures.excluded', 'figures.included'])
  })

  it('is everything of a repository: pull requests, deployments, pipelines', async () => {
    const [{ id: repositoryId } = { id: '' }] = repositories
    const own = { repository: [repositoryId] }
    const keys = ['pr_throughput', 'deployment_frequency', 'pipeline_success']
    const measureAll = async () => {
      const found = []
      for (const key of keys) found.push(await measure(key, own))
      return found
    }
    const before = await measureAll()
    for (const { n } of before) expect(n).toBeGreaterThan(0)
    const rule = { repositoryId, label: null, reason: 'A sandbox' }
    const { id } = await excludeFromFigures(deps(), { ...asked, ...rule })
    await expect(excludeFromFigures(deps(), { ...asked, ...rule })).rejects.toMatchObject({ code: 'conflict' })
    for (const key of keys) {
      const left = await measure(key, own)
      expect([key, left.n]).toEqual([key, 0])
      expect(reasons(left).get('A sandbox')).toBeGreaterThan(0)
    }
    await removeExclusion(deps(), { ...asked, id })
    expect(await measureAll()).toEqual(before)
  })

  it('is what has a label, also what gets it later', async () => {
    const give = async (pattern: string) =>
      updateLabelRules(deps(), { ...asked, items: [{ label: 'Chores', field: 'title', pattern }] })
    const before = await measure('pr_throughput')
    await excludeFromFigures(deps(), { ...asked, repositoryId: null, label: 'Chores', reason: 'No work of people' })
    expect(await measure('pr_throughput')).toEqual(before)
    await give('Change 1*')
    const left = await measure('pr_throughput')
    expect(left.n).toBeLessThan(before.n)
    // Some of them were no work of people anyway.
    expect(reasons(left).get('No work of people')).toBeGreaterThanOrEqual(before.n - left.n)
    await give('Nothing is called so*')
    expect(await measure('pr_throughput')).toEqual(before)
  })

  it('is nothing that is not here', async () => {
    const rule = { label: null, reason: 'x', repositoryId: newId() }
    await expect(excludeFromFigures(deps(), { ...asked, ...rule })).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(removeExclusion(deps(), { ...asked, id: newId() })).rejects.toMatchObject({ code: 'not_found' })
    const none = excludePullRequest(deps(), { ...asked, id: newId(), reason: 'x' })
    await expect(none).rejects.toMatchObject({ code: 'not_found' })
  })
})
