import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallingWorld, createCallingWorld } from '../../../../test/calling-world.ts'
import { only } from '../../../../test/only.ts'
import { untilLetGo } from '../../../../test/until-let-go.ts'
import { createCallSender } from '../../../jobs/call-sender.ts'
import { writeRhythm } from '../../../store/sync/notification-choices.ts'
import { updateMember } from '../../access/update-member.ts'
import { setChat } from './change-chat.ts'
import { composeWeeks } from './compose-weeks.ts'
import { unsubscribe } from './unsubscribe.ts'
import { getWeeklyDigest, sendWeeklyDigest, updateWeeklyDigest, updateWeeklyDigestForAll } from './weekly-digest.ts'

let world: CallingWorld
beforeAll(async () => {
  world = await createCallingWorld()
})
beforeEach(async () => {
  await world.forget()
  for (const table of ['weekly_digest', 'weekly_digest_settings'] as const) await world.db.deleteFrom(table).execute()
  // What the test before did is not of these weeks.
  for (let weeks = 0; weeks < 3; weeks += 1) goTo(1, 12)
})
afterAll(() => world.close())

const key = (memberId = world.ids.champion) => ({ organizationId: world.ids.organizationId, memberId })
const actor = { kind: 'cli' as const, name: 'command line' }
const mailOnly = { email: true, slack: false, teams: false, weekday: 1, hour: 8 }
const choose = (part: Partial<typeof mailOnly> = {}, memberId = world.ids.champion) =>
  updateWeeklyDigest(world.deps, { ...key(memberId), choice: { ...mailOnly, ...part } })

/** Moves Weir's clock to the next time it is this weekday (Monday is 1) and hour of UTC. */
function goTo(weekday: number, hour: number): void {
  const now = world.deps.clock()
  const then = new Date(now)
  then.setUTCHours(hour, 0, 0, 0)
  const days = (weekday - (then.getUTCDay() || 7) + 7) % 7
  then.setUTCDate(then.getUTCDate() + (days === 0 && then <= now ? 7 : days))
  world.later(then.getTime() - now.getTime())
}

/** What the worker does each minute, until all it began has ended. */
async function round(): Promise<void> {
  await composeWeeks(world.deps)
  await world.sendAll()
}

test('nobody gets a week who did not ask for it', async () => {
  await world.addProblem({ title: 'Something new' })
  goTo(1, 9)
  await round()
  expect(await world.calls()).toEqual([])
  expect(await getWeeklyDigest(world.deps, key())).toMatchObject({ email: false, is_own: false, weekday: 1, hour: 8 })
})

test('a member who turned it on gets the last full week once, at the hour of their zone', async () => {
  await writeRhythm(world.db, key(), { time_zone: 'Asia/Tokyo' })
  await choose({ weekday: 3, hour: 9 })
  goTo(2, 23)
  await world.addProblem({ title: 'New this week' })
  await round()
  expect(world.mails).toEqual([])
  goTo(1, 12)
  await world.addProblem({ title: 'Of the week after' })
  // 9:00 of Wednesday in Tokyo is midnight of UTC.
  goTo(3, 0)
  await round()
  const mail = only(world.mails)
  expect(mail.to).toEqual([await world.emailOf()])
  expect(mail.headers['subject']).toContain('the week of your organization')
  expect(mail.text).toContain('Vulnerabilities opened: 1, the week before 0')
  expect(mail.text).toContain('DORA\r\nNo data in either week.')
  await round()
  await choose({ weekday: 5, hour: 9 })
  goTo(6, 0)
  await round()
  expect(world.mails).toHaveLength(1)
  goTo(5, 0)
  await round()
  expect(world.mails).toHaveLength(2)
})

test('two workers at once make one message of a week', async () => {
  await choose()
  await world.addProblem()
  goTo(1, 8)
  await Promise.all([composeWeeks(world.deps), composeWeeks(world.deps), composeWeeks(world.deps)])
  expect(await world.calls()).toHaveLength(1)
})

test('a sender that died before it wrote down that it had sent is followed by one with the same id', async () => {
  await choose()
  await world.addProblem()
  goTo(1, 8)
  await composeWeeks(world.deps)
  const { id } = only(await world.calls())
  await world.sendAll()
  // As if the process had ended between sending and writing: leased, and the lease is over.
  await world.db.updateTable('outgoing_call').set({ state: 'queued', ended_at: null }).where('id', '=', id).execute()
  await world.sendAll()
  expect(world.mails.map(({ headers }) => headers['message-id'])).toEqual([
    expect.stringContaining(id),
    world.mails[0]?.headers['message-id'],
  ])
  expect(await world.calls()).toHaveLength(1)
})

test('there is no message where there is nothing to say', async () => {
  await choose()
  goTo(1, 8)
  await round()
  expect([world.mails.length, only(await world.calls()).state]).toEqual([0, 'empty'])
})

test('nothing of a week is for who lost access between the hour and the sending', async () => {
  await choose()
  await world.addProblem()
  goTo(1, 8)
  await composeWeeks(world.deps)
  await updateMember(world.deps, { ...key(), actor, disabled: true })
  await world.sendAll()
  expect([world.mails, only(await world.calls()).state]).toEqual([[], 'empty'])
  goTo(1, 9)
  await round()
  expect(await world.calls()).toHaveLength(1)
  await updateMember(world.deps, { ...key(), actor, disabled: false })
})

test('an administrator turns it on for everybody who chose nothing, and a link in a mail ends it for one', async () => {
  await choose({ email: false })
  await updateWeeklyDigestForAll(world.deps, { organizationId: world.ids.organizationId, isOn: true, actor })
  await world.addProblem()
  goTo(1, 8)
  await round()
  const others = await world.db
    .selectFrom('member')
    .select(['id', 'email'])
    .where('disabled_at', 'is', null)
    .where('id', '<>', world.ids.champion)
    .execute()
  expect(world.mails.map(({ to }) => to[0]).toSorted()).toEqual(others.map(({ email }) => email).toSorted())
  const [mail] = world.mails
  const other = others.find(({ email }) => email === mail?.to[0])
  const token = decodeURIComponent(/unsubscribe\?token=(\S+)/.exec(mail?.text ?? '')?.[1] ?? '')
  expect(await unsubscribe(world.deps, { token })).toMatchObject({ kinds: ['weekly_digest'] })
  const left = await getWeeklyDigest(world.deps, key(other?.id))
  expect(left).toMatchObject({ email: false, is_own: true, is_on_for_all: true })
  const told = await world.db.selectFrom('audit_event').select('action').execute()
  expect(told.map(({ action }) => action)).toContain('weekly_digest.changed')
})

test('it is written into the chats that were chosen', async () => {
  await setChat(world.deps, { ...key(), channel: 'slack', url: world.receiver.url })
  await choose({ email: false, slack: true })
  await world.addProblem()
  goTo(1, 8)
  await round()
  expect(world.mails).toEqual([])
  expect(only(world.receiver.received).body).toContain('the week of your organization')
})

test('one can be sent now, and the one that is due comes all the same', async () => {
  await choose()
  await world.addProblem()
  goTo(1, 7)
  expect(await sendWeeklyDigest(world.deps, key())).toEqual({ channels: ['email'] })
  await world.sendAll()
  expect(world.mails).toHaveLength(1)
  goTo(1, 8)
  await round()
  expect(world.mails.length).toBe(2)
})

test('without a mail server none waits to be sent out of date, and none can be sent now', async () => {
  await choose()
  await world.addProblem()
  goTo(1, 8)
  const deps = { ...world.deps, mail: undefined }
  await composeWeeks(deps)
  expect(await world.calls()).toEqual([])
  await expect(sendWeeklyDigest(deps, key())).rejects.toMatchObject({ code: 'conflict' })
  const sender = createCallSender(deps)
  await sender.look()
  await untilLetGo(world, 'outgoing_call')
  await sender.stop()
})
