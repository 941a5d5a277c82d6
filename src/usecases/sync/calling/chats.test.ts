import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallingWorld, createCallingWorld } from '../../../../test/calling-world.ts'
import { only } from '../../../../test/only.ts'
import { getNotificationSettings } from '../notification-settings.ts'
import { setChat, testChat } from './change-chat.ts'

let world: CallingWorld
beforeAll(async () => {
  world = await createCallingWorld()
})
beforeEach(() => world.forget())
afterAll(() => world.close())

const slack = () => ({
  organizationId: world.ids.organizationId,
  memberId: world.ids.champion,
  channel: 'slack' as const,
})
const give = (url: string | null = world.receiver.url) => setChat(world.deps, { ...slack(), url })
const chatOf = () => world.db.selectFrom('member_chat').selectAll().executeTakeFirst()

describe("a member's own chat", () => {
  test('is called at once for what cannot wait, beside the mail, with nothing read as markup', async () => {
    await give()
    const title = 'Use of <!channel> & *eval*'
    await world.call('message', await world.addProblem({ title }), 'Dora: <https://evil.example|click>')
    await world.call('reopened', await world.addProblem())
    await world.sendAll()
    const body = JSON.parse(only(world.receiver.received).body)
    expect(body.text).toContain('Use of &lt;!channel&gt; &amp; *eval*')
    const types = body.blocks.map((block: { text: { type: string } }) => block.text.type)
    expect(types).toEqual(['plain_text', 'plain_text', 'mrkdwn'])
    expect(world.mails).toHaveLength(1)
  })

  test('is sealed, and its settings show its host alone', async () => {
    await give()
    expect(JSON.stringify(await chatOf())).not.toContain('canary-in-address')
    const settings = await getNotificationSettings(world.deps, slack())
    expect(settings.chats).toEqual([
      { channel: 'slack', address: `http://${world.receiver.host}`, error: null, ended_at: null },
    ])
  })

  test.each([
    'https://example.com/services/T0/B0/x',
    'http://hooks.slack.com/services/T0/B0/x',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com:8443/x',
    'not an address',
  ])('is at the service itself, not at %s', async (url) => {
    await expect(give(url)).rejects.toMatchObject({ code: 'validation_failed' })
    expect(await chatOf()).toBe(undefined)
  })

  test('is nowhere in a network that was opened for trackers', async () => {
    const settings = { ...world.deps.settings, allowedPrivateAddresses: ['127.0.0.0/8'] }
    const giving = setChat({ ...world.deps, settings }, { ...slack(), url: world.receiver.url })
    await expect(giving).rejects.toMatchObject({ code: 'validation_failed' })
    expect(await chatOf()).toBe(undefined)
  })

  test('is told a long message up to a whole sign', async () => {
    await give()
    await world.call('message', await world.addProblem(), `Dora:${'🚢'.repeat(400)}`)
    await world.sendAll()
    const { blocks } = JSON.parse(only(world.receiver.received).body)
    expect(blocks[1].text.text.length).toBeLessThanOrEqual(600)
    expect(blocks[1].text.text.isWellFormed()).toBe(true)
  })

  test('that is gone is not written to again, until its address is given anew', async () => {
    await give()
    world.receiver.state.status = 404
    await world.call('message', await world.addProblem())
    await world.sendAll()
    expect(await chatOf()).toMatchObject({ error: 'The chat answered 404.', ended_at: expect.any(Date) })
    await world.call('message', await world.addProblem())
    await world.sendAll()
    expect(world.receiver.received).toHaveLength(1)
    world.receiver.state.status = 200
    await give()
    expect(await chatOf()).toMatchObject({ error: null, ended_at: null })
    await world.call('message', await world.addProblem())
    await world.sendAll()
    expect(world.receiver.received).toHaveLength(2)
  })

  test('that is in trouble is asked again when it says', async () => {
    await give()
    Object.assign(world.receiver.state, { status: 429, headers: { 'retry-after': '600' } })
    await world.call('message', await world.addProblem())
    await world.sendAll()
    const waiting = only((await world.calls()).filter(({ channel }) => channel === 'slack'))
    expect(waiting).toMatchObject({ state: 'queued', error: 'The chat answered 429.' })
    expect((waiting.next_attempt_at?.getTime() ?? 0) - world.deps.clock().getTime()).toBeGreaterThan(590_000)
    world.receiver.state.status = 200
    world.later(601_000)
    await world.sendAll()
    expect((await world.calls()).map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  test('takes a test message, or says why not', async () => {
    await expect(testChat(world.deps, slack())).rejects.toMatchObject({ code: 'not_found' })
    await give()
    await testChat(world.deps, slack())
    expect(only(world.receiver.received).body).toContain('This is a test.')
    world.receiver.state.status = 400
    await expect(testChat(world.deps, slack())).rejects.toMatchObject({ code: 'remote_refused' })
    await give(null)
    expect(await chatOf()).toBe(undefined)
  })
})
