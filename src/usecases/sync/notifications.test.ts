import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Notification } from '../../../contract/sync/notifications.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { callAdmins, callToMany, insertCalls } from '../../store/sync/calls.ts'
import { countUnread, notifyMembers } from '../../store/sync/notifications.ts'
import { updateMember } from '../access/update-member.ts'
import { deleteMessage, updateMessage } from './change-message.ts'
import { updateNotificationSettings } from './notification-settings.ts'
import { listNotifications, readNotifications } from './notifications.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
})
beforeEach(async () => {
  await world.db.deleteFrom('notification').execute()
})
afterAll(() => world.close())

const key = (memberId: string) => ({ organizationId: world.ids.organizationId, memberId })
const inboxOf = (memberId: string, filter: { unread?: boolean; kind?: Notification['kind'][] } = {}) =>
  listNotifications({ db: world.db }, { ...key(memberId), ...filter })
/** As the bell counts, and as a reader does: they have to agree. */
const unreadOf = async (memberId: string) => {
  const listed = await inboxOf(memberId, { unread: true })
  expect([listed.unread, await countUnread(world.db, key(memberId))]).toEqual([
    listed.items.length,
    listed.items.length,
  ])
  return listed.items.length
}
const call = (kind: Notification['kind'], vulnerabilityId: string, now: Date) => {
  const calls = [{ memberId: world.ids.champion, vulnerabilityId, kind, subject: `${kind} of it` }]
  return insertCalls(world.deps, world.db, { organizationId: world.ids.organizationId, calls, now })
}

test('the same call twice is one, and unread once', async () => {
  const vulnerabilityId = await world.addProblem()
  const now = world.deps.clock()
  await call('reopened', vulnerabilityId, now)
  await call('reopened', vulnerabilityId, now)
  expect(await unreadOf(world.ids.champion)).toBe(1)
  const digest = { memberId: world.ids.champion, kind: 'deadline_breached' as const, count: 30 }
  for (let round = 0; round < 2; round += 1) {
    const told = { ...digest, subject: (count: number) => `${count} deadlines` }
    await callToMany(world.deps, world.db, { organizationId: world.ids.organizationId, digest: told, now })
  }
  expect(await unreadOf(world.ids.champion)).toBe(2)
  expect((await inboxOf(world.ids.champion, { kind: ['deadline_breached'] })).items).toMatchObject([{ count: 60 }])
})

test('an inbox is narrowed to kinds, and only those are marked as read', async () => {
  const vulnerabilityId = await world.addProblem()
  const now = world.deps.clock()
  for (const kind of ['message', 'reopened', 'sync_failed'] as const) await call(kind, vulnerabilityId, now)
  const narrowed = await inboxOf(world.ids.champion, { kind: ['reopened', 'sync_failed'] })
  expect(narrowed.items.map(({ kind }) => kind).toSorted()).toEqual(['reopened', 'sync_failed'])
  expect(narrowed.unread).toBe(3)
  const read = await readNotifications(world.deps, { ...key(world.ids.champion), kinds: ['reopened'] })
  expect(read).toEqual({ unread: 2 })
  expect(await unreadOf(world.ids.champion)).toBe(2)
  expect(await readNotifications(world.deps, key(world.ids.champion))).toEqual({ unread: 0 })
})

test('a member is not called for what they do not want, alone or among many', async () => {
  const { organizationId, champion, admin } = world.ids
  const vulnerabilityId = await world.addProblem()
  const choose = (kinds: readonly Notification['kind'][], wanted: boolean) => {
    const channels = ['in_app', 'email'] as const
    const choices = kinds.flatMap((kind) => channels.map((channel) => ({ kind, channel, wanted })))
    return updateNotificationSettings({ db: world.db, mail: undefined }, { ...key(champion), choices })
  }
  const muted = ['message', 'deadline_breached', 'reopened'] as const
  const settings = await choose(muted, false)
  expect(
    settings.kinds
      .filter(({ in_app }) => !in_app)
      .map(({ kind }) => kind)
      .toSorted(),
  ).toEqual(muted.toSorted())
  const now = world.deps.clock()
  await call('reopened', vulnerabilityId, now)
  const digest = { memberId: champion, kind: 'deadline_breached' as const, count: 30, subject: String }
  await callToMany(world.deps, world.db, { organizationId, digest, now })
  const told = { organizationId, vulnerabilityId, kind: 'message' as const, messageId: null, subject: 'Hello', now }
  expect(await notifyMembers(world.deps, world.db, { ...told, exceptMemberId: null })).toBe(1)
  expect([await unreadOf(champion), await unreadOf(admin)]).toEqual([0, 1])
  await choose(muted, true)
  await call('reopened', vulnerabilityId, now)
  expect(await unreadOf(champion)).toBe(1)
})

test('calls about what a member may no longer see are gone, also when they come back', async () => {
  const { organizationId, admin, champion } = world.ids
  const actor = { kind: 'cli' as const, name: 'command line' }
  const change = (memberId: string, to: { role?: 'admin' | 'champion'; disabled?: boolean }) =>
    updateMember(world.deps, { organizationId, memberId, actor, ...to })
  await change(champion, { role: 'admin' })
  const now = world.deps.clock()
  await call('message', await world.addProblem(), now)
  const told = {
    organizationId,
    kind: 'webhook_disabled' as const,
    subject: 'The webhook “Receiver” was disabled.',
    now,
  }
  await callAdmins(world.deps, world.db, told)
  expect(await unreadOf(champion)).toBe(2)
  await change(champion, { role: 'champion' })
  expect((await inboxOf(champion)).items.map(({ kind }) => kind)).toEqual(['message'])
  await change(champion, { disabled: true })
  await change(champion, { disabled: false })
  expect((await inboxOf(champion)).items).toEqual([])
  expect(await unreadOf(admin)).toBe(1)
})

test('what an author takes back stands in no inbox any more', async () => {
  const { organizationId, admin } = world.ids
  const said = await world.say(await world.addProblem(), 'The password is tide-and-ebb')
  const own = { organizationId, messageId: said.id, actor: world.champion }
  const subjects = async () => (await inboxOf(admin)).items.map(({ subject }) => subject)
  expect(await subjects()).toEqual(['Carla Champion: The password is tide-and-ebb'])
  await updateMessage(world.deps, { ...own, body: 'The password is in the vault', version: said.version })
  expect(await subjects()).toEqual(['Carla Champion: The password is in the vault'])
  await deleteMessage(world.deps, own)
  expect(await subjects()).toEqual(['Carla Champion deleted a message.'])
  expect(await unreadOf(admin)).toBe(0)
})
