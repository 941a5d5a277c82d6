import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallingWorld, createCallingWorld } from '../../../../test/calling-world.ts'
import { only } from '../../../../test/only.ts'
import { callAdmins } from '../../../store/sync/calls.ts'
import { insertNotifications } from '../../../store/sync/insert-notifications.ts'
import { retellMessage } from '../../../store/sync/notifications.ts'
import { takeWaiting } from '../../../store/sync/outgoing-calls.ts'
import { updateMember } from '../../access/update-member.ts'
import { readNotifications } from '../notifications.ts'
import { takeDueCalls } from './send-calls.ts'

let world: CallingWorld
beforeAll(async () => {
  world = await createCallingWorld()
})
beforeEach(() => world.forget())
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, memberId: world.ids.champion })
const cli = { kind: 'cli' as const, name: 'command line' }

describe('by e-mail', () => {
  test('a comment of a developer reaches the champion at once, as one mail with both texts', async () => {
    const { vulnerabilityId, answer } = await world.sendProblem()
    await answer('Is <b>this</b> reachable?')
    await world.settle()
    await world.sendAll()
    const email = await world.emailOf()
    const mail = only(world.mails.filter(({ to }) => to.includes(email)))
    expect(mail.headers['subject']).toContain('Is <b>this</b> reachable?')
    expect(mail.text).toContain(`https://weir.example/vulnerabilities/${vulnerabilityId}?tab=champions`)
    expect(mail.html).toContain('Is &lt;b&gt;this&lt;/b&gt; reachable?')
    expect(mail.html).not.toMatch(/<img|<script|src=|@import|url\(/i)
    const states = (await world.calls()).map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['sent']))
    const count = world.mails.length
    await world.sendAll()
    expect(world.mails).toHaveLength(count)
  })

  test('a secret somebody wrote into a comment is in no mail', async () => {
    const { answer } = await world.sendProblem()
    await answer('It runs with DB_PASSWORD=tide-and-ebb')
    await world.settle()
    await world.sendAll()
    const email = await world.emailOf()
    const mail = only(world.mails.filter(({ to }) => to.includes(email)))
    expect(mail.text).toContain('It runs with')
    expect(JSON.stringify(mail)).not.toContain('tide-and-ebb')
  })

  test('who is no member, whatever their name, is said to write elsewhere', async () => {
    const { answer, vulnerabilityId } = await world.sendProblem()
    const email = await world.emailOf()
    const mailOf = async () => {
      await world.settle()
      await world.sendAll()
      return world.mails.filter(({ to }) => to.includes(email)).at(-1)
    }
    await answer('weir accept: it is behind the gate')
    const asked = await mailOf()
    expect(asked?.headers['subject']).toContain('In Bitbucket, ')
    expect(asked?.text).toMatch(/^In Bitbucket, .* asks for risk acceptance/m)
    await world.db.updateTable('contributor').set({ member_id: world.ids.admin, linked_by: 'person' }).execute()
    await world.say(vulnerabilityId, 'Why?')
    await answer('It is real')
    expect((await mailOf())?.text).not.toContain('In Bitbucket')
  })

  test('its id is the same in every attempt, and the next one is later', async () => {
    await world.call('message', await world.addProblem())
    world.server.state.verdict = { code: 451, message: 'Try again later' }
    await world.sendAll()
    const failed = only(await world.calls())
    expect(failed).toMatchObject({ state: 'queued', attempts: 1, leased_by: null, ended_at: null })
    expect(failed.error).toContain('451 Try again later')
    expect(failed.next_attempt_at?.getTime()).toBeGreaterThan(world.deps.clock().getTime())
    world.server.state.verdict = undefined
    await world.sendAll()
    expect(only(world.mails).headers['message-id']).toBe(`<${failed.id}@weir.example>`)
    expect(only(await world.calls())).toMatchObject({ state: 'sent', attempts: 2, error: null, next_attempt_at: null })
  })

  test('a receiver that is refused for good is not tried again', async () => {
    await world.call('message', await world.addProblem())
    world.server.state.recipient = { code: 550, message: 'No such user' }
    await world.sendAll()
    await world.sendAll()
    expect(only(await world.calls())).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: expect.stringContaining('550'),
    })
  })

  test('what comes within a minute is one mail, and the next one is a minute later', async () => {
    const [one, other] = [await world.addProblem(), await world.addProblem({ title: 'Open redirect' })]
    await world.call('message', one, 'Dora: first')
    await world.call('assigned', other, 'Adam Admin assigned it to you')
    await world.sendAll()
    const mail = only(world.mails)
    expect(mail.headers['subject']).toBe('Weir: 2 notifications')
    expect([mail.text.includes('Dora: first'), mail.text.includes('Open redirect')]).toEqual([true, true])
    await world.call('message', one, 'Dora: second')
    const now = world.deps.clock()
    const lately = { before: new Date(now.getTime() + 10_000), quietSince: new Date(now.getTime() - 60_000), limit: 10 }
    expect(await world.db.transaction().execute((tx) => takeWaiting(tx, lately))).toEqual([])
    await world.sendAll()
    expect(world.mails).toHaveLength(2)
  })

  test('headers end mails of the kind by one click, and no text gets into them', async () => {
    await world.call('message', await world.addProblem({ title: 'Title\r\nBcc: evil@example.com' }), 'Hi\r\nX-Evil: 1')
    await world.sendAll()
    const { headers, raw } = only(world.mails)
    expect(headers['list-unsubscribe']).toMatch(/^<https:\/\/weir\.example\/unsubscribe\?token=v1\.[\w.-]+>$/)
    expect(headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    expect(headers['auto-submitted']).toBe('auto-generated')
    expect([headers['bcc'], headers['x-evil']]).toEqual([undefined, undefined])
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^(bcc|x-evil):/im)
  })

  test('while it is off, what waits is dropped and nothing is made', async () => {
    await world.call('message', await world.addProblem())
    await world.sendAll({ mail: undefined })
    await world.sendAll()
    expect([world.mails, await world.calls()]).toEqual([[], []])
  })
})

describe('failure 50: what a member may not know any more', () => {
  test('is in no mail that was queued before they lost access', async () => {
    await world.call('message', await world.addProblem(), 'Secret of the house')
    world.server.state.verdict = { code: 451, message: 'Later' }
    await world.sendAll()
    world.server.state.verdict = undefined
    await updateMember(world.deps, { ...key(), actor: cli, disabled: true })
    await world.sendAll()
    expect([world.mails.length, only(await world.calls()).state]).toEqual([0, 'empty'])
    await updateMember(world.deps, { ...key(), actor: cli, disabled: false })
    await world.sendAll()
    expect(world.mails).toEqual([])
  })

  test('goes with a role: who is no administrator hears nothing of webhooks', async () => {
    await updateMember(world.deps, { ...key(), actor: cli, role: 'admin' })
    const told = { kind: 'webhook_disabled' as const, subject: 'The webhook was disabled.', now: world.deps.clock() }
    await callAdmins(world.deps, world.db, { organizationId: key().organizationId, ...told })
    await updateMember(world.deps, { ...key(), actor: cli, role: 'champion' })
    world.later(2 * 86_400_000)
    await world.sendAll()
    expect(world.mails.map(({ to }) => to)).toEqual([[await world.emailOf(world.ids.admin)]])
  })

  test('what was read, or is told otherwise now, is told as it is', async () => {
    const [read, retold] = [await world.addProblem(), await world.addProblem()]
    await world.call('message', read, 'Read in Weir')
    await readNotifications(world.deps, key())
    const { id: messageId } = await world.say(retold, 'Wrong words')
    const call = { memberId: key().memberId, vulnerabilityId: retold, messageId, count: null, subject: 'Wrong words' }
    const calls = [{ ...call, kind: 'message' as const }]
    await insertNotifications(world.deps, world.db, {
      organizationId: key().organizationId,
      calls,
      now: world.deps.clock(),
    })
    await retellMessage(world.db, { organizationId: key().organizationId, messageId, subject: 'Right words' })
    await world.sendAll()
    const email = await world.emailOf()
    const mail = only(world.mails.filter(({ to }) => to.includes(email)))
    expect(mail.text).toContain('Right words')
    expect(mail.text).not.toMatch(/Wrong words|Read in Weir/)
  })
})

test('what a sender left that was killed is sent by the next when its lease ends, under the same id', async () => {
  await world.call('message', await world.addProblem())
  world.server.state.verdict = { code: 451, message: 'Later' }
  await world.sendAll()
  world.server.state.verdict = undefined
  world.later(60_000)
  const held = only(await takeDueCalls(world.deps, { by: world.deps.newId(), limit: 8 }))
  expect(await takeDueCalls(world.deps, { by: world.deps.newId(), limit: 8 })).toEqual([])
  await world.sendAll()
  expect(world.mails).toEqual([])
  world.later(5 * 60_000)
  await world.sendAll()
  expect(only(world.mails).headers['message-id']).toBe(`<${held.id}@weir.example>`)
})
