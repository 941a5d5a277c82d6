import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallingWorld, createCallingWorld } from '../../../../test/calling-world.ts'
import { only } from '../../../../test/only.ts'
import { writeRhythm } from '../../../store/sync/notification-choices.ts'
import { updateMember } from '../../access/update-member.ts'
import { readNotifications } from '../notifications.ts'

let world: CallingWorld
beforeAll(async () => {
  world = await createCallingWorld()
})
beforeEach(() => world.forget())
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, memberId: world.ids.champion })
/** Moves Weir's clock to the next time it is this hour of UTC, and some minutes. */
const goTo = (hour: number, minutes = 0) => {
  const now = world.deps.clock()
  const then = new Date(now)
  then.setUTCHours(hour, minutes, 0, 0)
  if (then <= now) then.setUTCDate(then.getUTCDate() + 1)
  world.later(then.getTime() - now.getTime())
}

test('what can wait is one mail a day, at the hour of the member', async () => {
  await writeRhythm(world.db, key(), { digest_hour: 9, time_zone: 'UTC' })
  goTo(10)
  for (const kind of ['reopened', 'deadline_approaching', 'sync_failed'] as const)
    await world.call(kind, await world.addProblem({ title: `Problem of ${kind}` }))
  await world.sendAll()
  goTo(8, 50)
  await world.sendAll()
  expect(world.mails).toEqual([])
  goTo(9)
  await world.sendAll()
  const mail = only(world.mails)
  expect(mail.headers['subject']).toBe('Weir: your day, 3 notifications')
  for (const kind of ['reopened', 'deadline_approaching', 'sync_failed'])
    expect(mail.text).toContain(`Problem of ${kind}`)
  await world.call('reopened', await world.addProblem())
  await world.sendAll()
  goTo(20)
  await world.sendAll()
  expect(world.mails).toHaveLength(1)
  goTo(9, 1)
  await world.sendAll()
  expect(world.mails).toHaveLength(2)
})

test('there is none where there is nothing to say any more', async () => {
  goTo(10)
  await world.call('reopened', await world.addProblem())
  await readNotifications(world.deps, key())
  goTo(9)
  await world.sendAll()
  expect([world.mails.length, only(await world.calls()).state]).toEqual([0, 'empty'])
  goTo(9)
  await world.sendAll()
  expect(await world.calls()).toHaveLength(1)
})

test('nothing of it is for who lost access', async () => {
  goTo(10)
  await world.call('reopened', await world.addProblem())
  const actor = { kind: 'cli' as const, name: 'command line' }
  await updateMember(world.deps, { ...key(), actor, disabled: true })
  goTo(9)
  await world.sendAll()
  expect([world.mails, await world.calls()]).toEqual([[], []])
  await updateMember(world.deps, { ...key(), actor, disabled: false })
})

test('a kind that is not wanted by mail is in none, and stays in the inbox', async () => {
  goTo(10)
  await world.choose('reopened', 'email', false)
  await world.choose('sync_failed', 'in_app', false)
  await world.call('reopened', await world.addProblem())
  await world.call('sync_failed', await world.addProblem())
  const rows = await world.db.selectFrom('notification').select(['kind', 'in_app']).orderBy('kind').execute()
  expect(rows).toEqual([
    { kind: 'reopened', in_app: true },
    { kind: 'sync_failed', in_app: false },
  ])
  goTo(9)
  await world.sendAll()
  expect(only(world.mails).text).toContain('sync_failed of it')
  expect(only(world.mails).text).not.toContain('reopened of it')
})
