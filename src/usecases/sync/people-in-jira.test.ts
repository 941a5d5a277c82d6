import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJiraWorld, type JiraWorld } from '../../../test/jira-world.ts'
import { listNotificationRows } from '../../store/sync/notifications.ts'
import { createMessage } from './create-message.ts'

describe('people in issues of Jira', () => {
  let world: JiraWorld
  beforeAll(async () => {
    const switches = { showEmails: true }
    world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' }, switches })
  })
  afterAll(() => world.close())
  const thread = (vulnerabilityId: string) => world.thread(vulnerabilityId)
  const idOf = (name: string) => world.simulator.sim.people.find((one) => one.displayName === name)?.accountId ?? ''

  test('an account whose e-mail address is a member’s is that member, and a mention finds them both ways', async () => {
    const { organizationId, champion } = world.ids
    await world.db
      .updateTable('member')
      .set({ email: 'tomas@meadow-goods.example', name: 'Tomas O.' })
      .where('id', '=', world.ids.admin)
      .execute()
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    await world.answer(vulnerabilityId, 'It is real.')
    await world.settle()
    expect((await thread(vulnerabilityId))[0]?.author).toMatchObject({ name: 'Tomas O.', via: 'jira' })
    await createMessage(world.deps, {
      organizationId,
      vulnerabilityId,
      actor: world.champion,
      body: '@Tomas O. thanks, @all; see SHOP-12 and [~accountid:5b1]',
      mentions: [{ name: 'Tomas O.', member_id: world.ids.admin }],
    })
    await world.settle()
    const { comments } = await world.issueOf(vulnerabilityId)
    const written = JSON.stringify(comments.at(-1)?.body)
    expect(written).toContain(`{"type":"mention","attrs":{"id":"${idOf('Tomas Okoye')}","text":"@Tomas Okoye"}}`)
    expect(written.match(/"type":"mention"/g)).toHaveLength(1)
    expect(written).not.toMatch(/inlineCard|"link"/)
    const mention = { type: 'mention', attrs: { id: idOf('Tomas Okoye'), text: '@Tomas Okoye' } }
    const stranger = { type: 'mention', attrs: { id: '712020:gone', text: '@Somebody Gone' } }
    const body = {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [mention, { type: 'text', text: ' and ' }, stranger] }],
    }
    const { id } = await world.issueOf(vulnerabilityId)
    await world.ask('ines')('POST', `/issue/${id}/comment`, { body })
    await world.settle()
    const last = (await thread(vulnerabilityId)).at(-1)
    expect(last).toMatchObject({ body: '@Tomas O. and @Somebody Gone', mentions: [{ name: 'Tomas O.' }] })
    const query = { organizationId, memberId: world.ids.admin, unreadOnly: true, after: undefined, limit: 10 }
    expect((await listNotificationRows(world.db, query)).map((row) => [row.kind, row.subject])).toEqual([
      ['mentioned', 'Ines Calder: @Tomas O. and @Somebody Gone'],
      ['mentioned', 'Carla Champion: @Tomas O. thanks, @all; see SHOP-12 and [~accountid:5b1]'],
    ])
    const calls = await listNotificationRows(world.db, { ...query, memberId: champion })
    expect(calls.map((row) => row.kind)).toEqual(['message', 'message'])
  })
})
