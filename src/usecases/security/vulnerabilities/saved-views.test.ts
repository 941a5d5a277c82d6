import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture } from '../imports/import.fixture.ts'
import { createSavedView, deleteSavedView, listSavedViews, updateSavedView, type ViewKeeper } from './saved-views.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
let champion: ViewKeeper
let developer: ViewKeeper

beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
  const { organizationId, memberId } = house
  const colleague = { organization_id: organizationId, id: house.deps.newId(), user_id: house.deps.newId() }
  const named = { name: 'Tomas', email: 'tomas@example.com', role: 'developer' as const }
  await open.db
    .insertInto('member')
    .values({ ...colleague, ...named })
    .execute()
  const actorOf = (id: string, name: string) =>
    ({ kind: 'member', memberId: id, name, tokenId: null, ipAddress: null }) as const
  champion = { organizationId, memberId, role: 'champion', scopes: null, actor: actorOf(memberId, 'Ines Okafor') }
  developer = { ...champion, memberId: colleague.id, role: 'developer', actor: actorOf(colleague.id, 'Tomas') }
})
afterAll(async () => open.close())

const search = '?severity=critical'
const save = async (keeper: ViewKeeper, name: string, wish: { is_shared?: boolean; is_default?: boolean } = {}) =>
  createSavedView(house.deps, { keeper, view: { name, search, ...wish } })
const namesOf = async (keeper: ViewKeeper) =>
  (await listSavedViews(house.deps, keeper)).items.map((view) => `${view.name}${view.is_default ? ' *' : ''}`)

test('views are of one member, or of the organization where somebody who decides shares them', async () => {
  await save(developer, 'Mine', { is_default: true })
  const shared = await save(champion, 'Late ones', { is_shared: true })
  expect(await namesOf(developer)).toEqual(['Late ones', 'Mine *'])
  expect(await namesOf(champion)).toEqual(['Late ones'])
  const refused = { code: 'forbidden' }
  await expect(save(developer, 'Ours', { is_shared: true })).rejects.toMatchObject(refused)
  const wish = { name: 'Theirs' }
  await expect(updateSavedView(house.deps, { keeper: developer, id: shared.id, wish })).rejects.toMatchObject(refused)
  await expect(deleteSavedView(house.deps, { keeper: developer, id: shared.id })).rejects.toMatchObject(refused)
})

test('a member begins with one view, of whichever shelf; who made it private takes it from the others', async () => {
  const shared = await save(champion, 'Everybody begins here', { is_shared: true, is_default: true })
  await updateSavedView(house.deps, { keeper: developer, id: shared.id, wish: { is_default: true } })
  expect(await namesOf(developer)).toEqual(['Everybody begins here *', 'Late ones', 'Mine'])
  await updateSavedView(house.deps, { keeper: champion, id: shared.id, wish: { is_shared: false } })
  expect(await namesOf(developer)).toEqual(['Late ones', 'Mine'])
  expect(await namesOf(champion)).toEqual(['Everybody begins here *', 'Late ones'])
})

test('a name is taken once a shelf, a view changed meanwhile is a conflict, and one of another member is none at all', async () => {
  await expect(save(developer, 'MINE')).rejects.toMatchObject({ code: 'conflict' })
  const view = await save(champion, 'Mine')
  const rename = { keeper: champion, id: view.id, wish: { name: 'My own', version: view.version } }
  expect(await updateSavedView(house.deps, rename)).toMatchObject({ name: 'My own', version: view.version + 1 })
  await expect(updateSavedView(house.deps, rename)).rejects.toMatchObject({ code: 'conflict' })
  await expect(deleteSavedView(house.deps, { keeper: developer, id: view.id })).rejects.toMatchObject({
    code: 'not_found',
  })
  await deleteSavedView(house.deps, { keeper: champion, id: view.id })
  expect(await namesOf(champion)).toEqual(['Everybody begins here *', 'Late ones'])
})

test('of several who take one name at the same moment one has it, and the others are told as if they had come later', async () => {
  const refused = { code: 'conflict', detail: 'There is a view named Busy already. Choose another name.' }
  const made = await Promise.allSettled(Array.from({ length: 8 }, async () => save(champion, 'Busy')))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject(refused)
  const views = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(async (name) => save(champion, `Soon ${name}`)))
  const renamed = await Promise.allSettled(
    views.map(async ({ id }) => updateSavedView(house.deps, { keeper: champion, id, wish: { name: 'Renamed' } })),
  )
  expect(renamed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const one of renamed) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
})

test('a shelf holds 200 views, and another shelf its own', async () => {
  const { organizationId, memberId, deps } = house
  const views = Array.from({ length: 200 }, (_, place) => {
    return { organization_id: organizationId, id: deps.newId(), member_id: memberId, name: `View ${place}`, search }
  })
  await open.db.insertInto('saved_view').values(views).execute()
  await expect(save(champion, 'One more')).rejects.toMatchObject({ code: 'conflict' })
  await save(champion, 'One for everybody', { is_shared: true })
  await save(developer, 'One of my own')
})
