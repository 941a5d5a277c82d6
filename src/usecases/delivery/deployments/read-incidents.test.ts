import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertDeliveryRepositories } from '../../../../test/delivery-facts.ts'
import { createJiraWorld, type JiraWorld } from '../../../../test/jira-world.ts'
import { listIncidentFilters, removeIncidentFilter, updateIncidentFilter } from './incident-filters.ts'
import { listIncidents } from './list-incidents.ts'
import { readDueIncidents } from './read-incidents.ts'

describe('incidents of Jira', () => {
  let world: JiraWorld
  const [till, ledger] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
  const actor = { kind: 'system' as const, name: 'test' }
  beforeAll(async () => {
    world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' } })
    const { organizationId, connectionId } = world.ids
    const repositories = [
      { id: till, slug: 'till' },
      { id: ledger, slug: 'ledger' },
    ]
    await insertDeliveryRepositories(world.db, { organizationId, connectionId, repositories })
  })
  afterAll(() => world.close())

  const jql = 'project = SHOP AND issuetype = Bug AND labels = incident'
  const wish = { jql, repository_field: null, default_repository: null }
  const asked = () => ({ organizationId: world.ids.organizationId, id: world.ids.connectionId, actor })
  const list = async () =>
    (await listIncidents(world.deps, { organizationId: world.ids.organizationId })).items.toReversed()
  const filter = async () => (await listIncidentFilters(world.deps, world.ids)).items[0]
  const read = async () => {
    world.later(10 * 60_000)
    return readDueIncidents(world.deps)
  }
  const raise = async (summary: string, labels: string[], more: object = {}) => {
    const fields = {
      project: { id: '10000' },
      issuetype: { id: '10004' },
      summary,
      labels: ['incident', ...labels],
      ...more,
    }
    const answer = await world.dana('POST', '/issue', { fields })
    expect(answer.status).toBe(201)
    return String(answer.at('id'))
  }
  const change = async (id: string, fields: object) => world.dana('PUT', `/issue/${id}`, { fields })
  const searches = () => world.simulator.requests.filter(({ path }) => path.includes('/search/jql')).length

  test('are none until somebody says which issues are some', async () => {
    expect(await filter()).toMatchObject({ jql: null, incidents: 0 })
    expect(await read()).toBe(false)
    expect(searches()).toBe(0)
  })

  test('begin and end as their issues do, in the repository a label names, with their priority', async () => {
    await updateIncidentFilter(world.deps, { ...asked(), wish })
    const id = await raise('The till is closed', ['repo:till'], { priority: { id: '2' } })
    const lost = await raise('Something somewhere', [])
    await raise('Not one of ours', ['repo:unheard-of'])
    expect(await read()).toBe(true)
    const issue = world.simulator.sim.issues.find((one) => one.id === id)
    expect(await list()).toMatchObject([
      {
        source: 'jira',
        title: `${issue?.key} The till is closed`,
        severity: 'High',
        began_at: new Date(issue?.created ?? 0).toISOString(),
        resolved_at: null,
        repository: { id: till },
        web_url: `${world.simulator.site}/browse/${issue?.key}`,
      },
    ])
    expect(await filter()).toMatchObject({ incidents: 1, unplaced: 2, error: null })
    expect((await filter())?.unplaced_keys).toContain(world.simulator.sim.issues.find((one) => one.id === lost)?.key)
    await world.dana('POST', `/issue/${id}/transitions`, { transition: { id: '31' } })
    await read()
    const resolved = world.simulator.sim.issues.find((one) => one.id === id)?.resolved
    expect((await list())[0]?.resolved_at).toBe(new Date(resolved ?? 0).toISOString())
    await world.dana('POST', `/issue/${id}/transitions`, { transition: { id: '11' } })
    await read()
    expect((await list())[0]?.resolved_at).toBeNull()
  })

  test('are read by what changed since, in one request, and no sooner than they are due', async () => {
    // Changed a day ago: what is here of it stays, whatever stands at Jira.
    const [one] = world.simulator.sim.issues.filter(({ labels }) => labels.includes('repo:till'))
    if (one !== undefined) one.updated -= 24 * 3600_000
    await world.db.updateTable('incident').set({ title: 'As it was read' }).execute()
    const before = searches()
    await read()
    expect(searches() - before).toBe(1)
    expect(await list()).toMatchObject([{ title: 'As it was read' }])
    expect(await readDueIncidents(world.deps)).toBe(false)
    expect(searches() - before).toBe(1)
  })

  test('go with their issue to another repository, and stay one', async () => {
    const [one] = world.simulator.sim.issues.filter(({ labels }) => labels.includes('repo:till'))
    await change(one?.id ?? '', { labels: ['incident', 'repo:ledger'] })
    await read()
    expect(await list()).toMatchObject([{ repository: { id: ledger } }])
  })

  test('are read whatever stands in their texts, and once where a page has them twice', async () => {
    const [one] = world.simulator.sim.issues.filter(({ labels }) => labels.includes('repo:ledger'))
    const summary = one?.summary ?? ''
    await change(one?.id ?? '', { summary: 'Closed\u0000 till \ud800' })
    if (one !== undefined) world.simulator.sim.issues.push(one)
    expect(await read()).toBe(true)
    expect(await filter()).toMatchObject({ error: null, incidents: 1 })
    expect(await list()).toMatchObject([{ title: `${one?.key} Closed till \ufffd`, repository: { id: ledger } }])
    world.simulator.sim.issues.pop()
    await change(one?.id ?? '', { summary })
  })

  test('that fit the filter no more are gone after the daily look at all of it', async () => {
    const [one] = world.simulator.sim.issues.filter(({ labels }) => labels.includes('repo:ledger'))
    await change(one?.id ?? '', { labels: ['repo:ledger'] })
    await read()
    expect(await list()).toHaveLength(1)
    world.later(24 * 3600_000)
    await read()
    expect(await list()).toEqual([])
    await change(one?.id ?? '', { labels: ['incident', 'repo:ledger'] })
  })

  test('of a search Jira cannot read are none, and its words are told', async () => {
    await updateIncidentFilter(world.deps, { ...asked(), wish: { ...wish, jql: 'issuetype = Calamity' } })
    await read()
    expect(await filter()).toMatchObject({ incidents: 0, read_at: null, error: expect.stringContaining('Calamity') })
  })

  test('without a place are of the usual repository, where one is named', async () => {
    await updateIncidentFilter(world.deps, { ...asked(), wish: { ...wish, default_repository: 'meadow-goods/till' } })
    await read()
    expect((await list()).map(({ repository: { id } }) => id).toSorted()).toEqual([till, till, ledger].toSorted())
    expect(await filter()).toMatchObject({ default_repository: 'meadow-goods/till', unplaced: 0 })
  })

  test('wait while the share of the hour that reading has is spent', async () => {
    const { organizationId, connectionId } = world.ids
    world.later(3600_000)
    await world.db
      .insertInto('request_budget')
      .values({
        organization_id: organizationId,
        connection_id: connectionId,
        window_start: new Date(Math.floor(world.deps.clock().getTime() / 300_000) * 300_000),
        lane: 'bulk',
        spent: 12_000,
      })
      .execute()
    const before = searches()
    expect(await read()).toBe(true)
    expect(searches()).toBe(before)
    expect(await filter()).toMatchObject({ error: null, incidents: 3 })
  })

  test('go with their filter', async () => {
    await removeIncidentFilter(world.deps, asked())
    expect(await list()).toEqual([])
    expect(await filter()).toMatchObject({ jql: null })
    await expect(removeIncidentFilter(world.deps, asked())).rejects.toMatchObject({ code: 'not_found' })
  })
})
