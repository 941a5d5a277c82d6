import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DeliveryWorld, openDeliveryWorld } from '../../../../test/delivery-world.ts'
import { newId } from '../../../lib/ids.ts'
import { createTeam, updateTeam } from '../teams/teams.ts'
import { listDeployments } from './list-deployments.ts'
import { listIncidents } from './list-incidents.ts'
import { markDeployment, unmarkDeployment } from './mark-deployment.ts'
import { recordDeployment } from './record-deployment.ts'
import { recordIncident } from './record-incident.ts'
import { removeIncident } from './remove-incident.ts'

let world: DeliveryWorld
let place: Awaited<ReturnType<DeliveryWorld['place']>>
const actor = { kind: 'system' as const, name: 'Mara Lind' }
beforeAll(async () => {
  world = await openDeliveryWorld({ now: new Date('2026-03-10T12:00:00Z') })
})
afterAll(async () => world.close())
beforeEach(async () => {
  place = await world.place({ source: 'push' })
})

const list = async () => world.list(place.organizationId)
const deploy = async (key: string, completed_at: string) =>
  recordDeployment(world.deps, { ...place, key, state: 'successful', completed_at })
const mark = async (id: string, verdict: 'failed' | 'not_failed' | 'rework' | 'planned', reason = 'Seen by us') =>
  markDeployment(world.deps, { organizationId: place.organizationId, actor, id, verdict, reason })
const unmark = async (id: string) => unmarkDeployment(world.deps, { organizationId: place.organizationId, actor, id })
const suffer = async (more: Partial<Parameters<typeof recordIncident>[1]> = {}) =>
  recordIncident(world.deps, { ...place, key: 'INC-1', title: 'The till is closed', source: 'person', ...more })

describe('what a person says of a deployment', () => {
  it('beats the rules until it is taken back, and is told with its reason', async () => {
    const { id } = await deploy('run-1', '2026-03-10T09:00:00Z')
    await mark(id, 'failed', 'The basket was empty')
    const said = { failed: true, rework: null, reason: 'The basket was empty', by: 'Mara Lind' }
    expect(await list()).toMatchObject([{ failed_by: 'manual', mark: said }])
    await unmark(id)
    expect(await list()).toMatchObject([{ failed_by: null, mark: null }])
    await expect(unmark(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('frees one that an incident is charged to', async () => {
    const { id } = await deploy('run-1', '2026-03-10T09:00:00Z')
    await suffer({ began_at: '2026-03-10T10:00:00Z' })
    expect(await list()).toMatchObject([{ failed_by: 'incident' }])
    await mark(id, 'not_failed')
    expect(await list()).toMatchObject([{ failed_by: null, mark: { failed: false } }])
  })

  it('says of failing and of repairing each for itself', async () => {
    const { id } = await deploy('run-1', '2026-03-10T09:00:00Z')
    await mark(id, 'rework')
    await mark(id, 'failed')
    expect(await list()).toMatchObject([{ is_rework: true, failed_by: 'manual', mark: { failed: true, rework: true } }])
    await mark(id, 'planned')
    expect(await list()).toMatchObject([{ is_rework: false, failed_by: 'manual' }])
  })

  it('stands for every attempt of its pipeline, and is said once', async () => {
    const { organizationId, repositoryId } = place
    const { id: first } = await deploy('run-1', '2026-03-10T09:00:00Z')
    const { id: again } = await deploy('run-2', '2026-03-10T10:00:00Z')
    await world.db
      .updateTable('deployment')
      .set({ pipeline_uuid: '{run}', commit: 'abcdef1' })
      .where('repository_id', '=', repositoryId)
      .execute()
    await mark(first, 'failed')
    expect(await list()).toMatchObject([{ id: again, tellings: 2, failed_by: 'manual', mark: { failed: true } }])
    const marked = await listDeployments(world.deps, { organizationId, judged: 'marked' })
    expect(marked.items.map(({ id }) => id)).toEqual([again])
    await mark(again, 'not_failed')
    expect(
      await world.db
        .selectFrom('deployment_mark')
        .select('deployment_id')
        .where('organization_id', '=', organizationId)
        .execute(),
    ).toEqual([{ deployment_id: again }])
    await unmark(first)
    expect(await list()).toMatchObject([{ failed_by: null, mark: null }])
  })

  it('is of a deployment that is here', async () => {
    await expect(mark(newId(), 'failed')).rejects.toMatchObject({ code: 'not_found' })
    const { id } = await deploy('run-1', '2026-03-10T09:00:00Z')
    place = await world.place()
    await expect(mark(id, 'failed')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('narrows the list, as the outcome does', async () => {
    const { organizationId } = place
    const { id: bad } = await deploy('run-1', '2026-03-10T08:00:00Z')
    const { id: fix } = await deploy('run-2', '2026-03-10T09:00:00Z')
    const broken = await recordDeployment(world.deps, {
      ...place,
      key: 'run-3',
      state: 'failed',
      completed_at: '2026-03-10T10:00:00Z',
    })
    await mark(bad, 'failed')
    await mark(fix, 'rework')
    await list()
    const of = async (more: object) =>
      (await listDeployments(world.deps, { organizationId, ...more })).items.map(({ id }) => id)
    expect(await of({ judged: 'failed' })).toEqual([bad])
    expect(await of({ judged: 'rework' })).toEqual([fix])
    expect(await of({ judged: 'marked' })).toEqual([fix, bad])
    expect(await of({ outcome: ['failed'] })).toEqual([broken.id])
  })
})

describe('deployments and incidents of teams', () => {
  it('are those of their repositories, also of teams below', async () => {
    const { organizationId, repositoryId } = place
    const { id } = await deploy('run-1', '2026-03-10T09:00:00Z')
    await suffer({ began_at: '2026-03-10T10:00:00Z' })
    await list()
    const team = async (name: string, parentId: string | null) =>
      (await createTeam(world.deps, { organizationId, actor, name, parentId, timeZone: null })).id
    const above = await team('Harbour', null)
    const below = await team('Quay', above)
    const other = await team('Mill', null)
    await updateTeam(world.deps, { organizationId, actor, id: below, change: { repositoryIds: [repositoryId] } })
    const of = async (one: string) => {
      const asked = { organizationId, team: [one] }
      const [deployments, incidents] = [
        await listDeployments(world.deps, asked),
        await listIncidents(world.deps, asked),
      ]
      return [deployments.items.map((row) => row.id), incidents.items.map(({ title }) => title)]
    }
    expect(await of(below)).toEqual([[id], ['The till is closed']])
    expect(await of(above)).toEqual(await of(below))
    expect(await of(other)).toEqual([[], []])
    await expect(of(newId())).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

describe('an incident by hand', () => {
  it('is listed with who told it, ends when somebody says so, and goes when it was none', async () => {
    const { organizationId } = place
    await deploy('run-1', '2026-03-10T09:00:00Z')
    const { id } = await suffer({ began_at: '2026-03-10T10:00:00Z', severity: 'high' })
    const open = await listIncidents(world.deps, { organizationId, resolved: false })
    const { repository: path } = place
    expect(open.items).toMatchObject([
      { id, source: 'person', severity: 'high', resolved_at: null, repository: { path } },
    ])
    await suffer({ resolved_at: '2026-03-10T11:00:00Z' })
    expect((await listIncidents(world.deps, { organizationId, resolved: false })).items).toEqual([])
    expect(await list()).toMatchObject([{ failed_by: 'incident', recovered_at: '2026-03-10T11:00:00.000Z' }])
    expect((await listIncidents(world.deps, { organizationId, resolved: true })).items).toMatchObject([
      { severity: 'high' },
    ])
    await removeIncident(world.deps, { organizationId, actor, id })
    expect(await list()).toMatchObject([{ failed_by: null }])
    await expect(removeIncident(world.deps, { organizationId, actor, id })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is neither changed nor taken away here where Jira tells of it', async () => {
    const { organizationId } = place
    const { id } = await suffer()
    await world.db.updateTable('incident').set({ source: 'jira' }).where('id', '=', id).execute()
    await expect(suffer({ title: 'Another' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(removeIncident(world.deps, { organizationId, actor, id })).rejects.toMatchObject({ code: 'conflict' })
  })
})
