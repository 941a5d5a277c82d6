import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../contract/sync/deliveries.ts'
import * as messages from '../../../contract/sync/messages.ts'
import * as inbox from '../../../contract/sync/notifications.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { getDelivery, listDeliveries, retryDelivery } from './deliveries.ts'
import { listMessages } from './list-messages.ts'
import { listNotifications, markThreadRead, readNotifications } from './notifications.ts'

let world: SyncWorld
let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  item = await world.sendProblem()
  // One by one: what comes in the same millisecond may be worked off in any order.
  for (const text of ['One', 'Two', 'Three with token=abcdef']) {
    await item.answer(text)
    await world.settle()
  }
})
afterAll(() => world.close())
const organization = () => ({ organizationId: world.ids.organizationId })

/** Everything, page by page. */
const readAll = async <Item>(read: (cursor: string | undefined) => Promise<{ items: Item[]; next: string | null }>) => {
  const items: Item[] = []
  let cursor: string | undefined
  for (let page = 0; page < 50; page++) {
    const answer = await read(cursor)
    items.push(...answer.items)
    if (answer.next === null) return items
    cursor = answer.next
  }
  throw new Error('The list does not end.')
}

test('the log pages through both directions, newest first, each line once, in the words of the contract', async () => {
  const whole = (await listDeliveries(world.deps, { ...organization(), limit: 200 })).items
  const paged = await readAll((cursor) => listDeliveries(world.deps, { ...organization(), limit: 2, cursor }))
  expect(paged).toEqual(whole)
  expect(whole.map((line) => line.at)).toEqual(
    whole
      .map((line) => line.at)
      .toSorted()
      .toReversed(),
  )
  expect(new Set(whole.map((line) => line.direction))).toEqual(new Set(['in', 'out']))
  for (const line of whole) expect(contract.delivery.strict().parse(line)).toEqual(line)
})

test('the log is filtered by direction, state, connection and vulnerability', async () => {
  const states = async (filter: object) =>
    new Set((await listDeliveries(world.deps, { ...organization(), ...filter })).items.map((line) => line.state))
  expect(await states({ direction: 'out' })).toEqual(new Set(['done']))
  expect(await states({ state: ['processed'] })).toEqual(new Set(['processed']))
  expect(await states({ connection_id: [world.deps.newId()] })).toEqual(new Set())
  const mine = await listDeliveries(world.deps, { ...organization(), vulnerability_id: item.vulnerabilityId })
  expect(mine.items.length).toBeGreaterThan(3)
  expect(mine.items.every((line) => line.vulnerability?.id === item.vulnerabilityId)).toBe(true)
})

test('one line shows what was received, with what looks like a secret taken out', async () => {
  const [newest] = (await listDeliveries(world.deps, { ...organization(), direction: 'in', limit: 1 })).items
  const full = await getDelivery(world.deps, { ...organization(), id: newest?.id ?? '' })
  expect(full.content).toContain('Three with token')
  expect(JSON.parse(full.content)).toHaveProperty('comment')
})

test('what is done cannot be retried; another organization sees nothing', async () => {
  const [done] = (await listDeliveries(world.deps, { ...organization(), direction: 'out', limit: 1 })).items
  const id = done?.id ?? ''
  await expect(retryDelivery(world.deps, { ...organization(), id })).rejects.toMatchObject({ code: 'conflict' })
  const stranger = { organizationId: world.deps.newId(), id }
  await expect(getDelivery(world.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
  await expect(retryDelivery(world.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
  expect((await listDeliveries(world.deps, stranger)).items).toEqual([])
})

test('a replay that changes nothing keeps what it came to at first, and counts', async () => {
  const [newest] = (await listDeliveries(world.deps, { ...organization(), direction: 'in', limit: 1 })).items
  const key = { ...organization(), id: newest?.id ?? '' }
  expect(newest).toMatchObject({ outcome: 'A message of Tomas Okoye was taken in.', attempts: 1 })
  for (const attempts of [2, 3]) {
    await retryDelivery(world.deps, key)
    await world.settle()
    const { state, outcome, attempts: counted } = await getDelivery(world.deps, key)
    expect({ state, outcome, counted }).toEqual({ state: 'processed', outcome: newest?.outcome, counted: attempts })
  }
})

test('a webhook whose body was removed says so instead of failing, and cannot be replayed', async () => {
  const [oldest] = (await listDeliveries(world.deps, { ...organization(), direction: 'in', limit: 200 })).items.slice(
    -1,
  )
  const id = oldest?.id ?? ''
  expect(oldest).toMatchObject({ action: 'replay' })
  await world.db.updateTable('delivery').set({ body: null }).where('id', '=', id).execute()
  const shown = await getDelivery(world.deps, { ...organization(), id })
  expect(shown).toMatchObject({ action: 'none', content: expect.stringContaining('kept for 30 days') })
  const replayed = retryDelivery(world.deps, { ...organization(), id })
  await expect(replayed).rejects.toMatchObject({
    code: 'conflict',
    detail: expect.stringContaining('kept for 30 days'),
  })
  const after = await world.db.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirstOrThrow()
  expect(after.state).toBe('processed')
})

test('a cursor nobody gave is refused', async () => {
  await expect(listDeliveries(world.deps, { ...organization(), cursor: 'x' })).rejects.toMatchObject({
    code: 'validation_failed',
  })
})

test('the thread pages oldest first, and is unread until it was read', async () => {
  const reader = { ...organization(), memberId: world.ids.champion, vulnerabilityId: item.vulnerabilityId }
  const paged = await readAll((cursor) => listMessages(world.deps, { ...reader, limit: 2, cursor }))
  expect(paged.map((one) => one.body)).toEqual(['One', 'Two', 'Three with token=abcdef'])
  for (const one of paged) expect(messages.message.strict().parse(one)).toEqual(one)
  expect(paged.every((one) => one.unread)).toBe(true)
  const mail = await listNotifications(world.deps, { ...organization(), memberId: world.ids.champion, limit: 2 })
  expect(mail).toMatchObject({ unread: 3, items: [{ subject: 'Tomas Okoye: Three with token=abcdef' }, {}] })
  for (const one of mail.items) expect(inbox.notification.strict().parse(one)).toEqual(one)
  const rest = await listNotifications(world.deps, {
    ...organization(),
    memberId: world.ids.champion,
    ...(mail.next !== null && { cursor: mail.next }),
  })
  expect(rest.items).toHaveLength(1)
  await markThreadRead(world.deps, reader)
  expect((await listMessages(world.deps, reader)).items.some((one) => one.unread)).toBe(false)
  const admin = { ...organization(), memberId: world.ids.admin }
  const unread = await listNotifications(world.deps, { ...admin, unread: true })
  expect(unread.unread).toBe(3)
  expect(await readNotifications(world.deps, { ...admin, ids: [unread.items[0]?.id ?? ''] })).toEqual({ unread: 2 })
  expect(await readNotifications(world.deps, admin)).toEqual({ unread: 0 })
})

test('a replay that has an effect says so', async () => {
  const other = await world.sendProblem({ title: 'Another one', line: 20 })
  const id = await other.answer('Said once')
  await world.settle()
  const [newest] = (await listDeliveries(world.deps, { ...organization(), direction: 'in', limit: 1 })).items
  const key = { ...organization(), id: newest?.id ?? '' }
  // As if an edit had come in between that nobody told us of.
  await world.db.updateTable('message_link').set({ body_hash: 'x' }).where('remote_comment_id', '=', `${id}`).execute()
  await world.db.updateTable('message').set({ body: 'Said otherwise' }).where('body', '=', 'Said once').execute()
  await retryDelivery(world.deps, key)
  await world.settle()
  const outcome = expect.stringContaining('was edited in Bitbucket')
  expect(await getDelivery(world.deps, key)).toMatchObject({ attempts: 2, outcome })
})
