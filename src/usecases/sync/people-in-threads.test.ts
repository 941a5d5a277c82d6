import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyChange } from '../../../simulators/bitbucket/operations/change.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listNotificationRows } from '../../store/sync/notifications.ts'
import { listContributors, listMentionable, updateContributor } from '../access/contributors.ts'
import { updateMessage } from './change-message.ts'
import { createMessage } from './create-message.ts'

const admin = { kind: 'member' as const, memberId: '', name: 'Adam Admin', tokenId: null, ipAddress: null }

describe('people in threads of Bitbucket', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld()
  })
  afterAll(() => world.close())

  const contributorOf = async (name: string) => {
    const { items } = await listContributors(world.deps, { organizationId: world.ids.organizationId, text: name })
    const [found] = items
    if (found === undefined) throw new Error(`Nobody was seen as ${name}.`)
    return found
  }
  const change = async (contributorId: string, what: { memberId?: string | null; isBot?: boolean }) =>
    updateContributor(world.deps, {
      organizationId: world.ids.organizationId,
      contributorId,
      ...what,
      actor: { ...admin, memberId: world.ids.admin },
    })
  const callsOf = async (memberId: string, vulnerabilityId: string) => {
    const { organizationId } = world.ids
    const query = { organizationId, memberId, unreadOnly: true, after: undefined, limit: 100 }
    const rows = await listNotificationRows(world.db, query)
    return rows.filter((row) => row.vulnerability_id === vulnerabilityId).map((row) => [row.kind, row.subject])
  }
  const accountOf = (username: string) =>
    world.simulator.users.find((one) => one.username === username)?.account_id ?? ''
  const inBitbucket = async (item: { path: string }, words: string): Promise<{ raw: string; html: string }> => {
    const { values } = await world.dana.call('GET', `${item.path}/comments?pagelen=100`)
    return values.map((one: { content: object }) => one.content).find((one: { raw: string }) => one.raw.includes(words))
  }

  test('an account is a member’s once somebody says so: it shows by their name, and is not called to what they said', async () => {
    const item = await world.sendProblem()
    await item.answer('Is this real?')
    await world.settle()
    const [before] = await world.thread(item.vulnerabilityId)
    expect(before?.author).toMatchObject({ name: 'Tomas Okoye', via: 'bitbucket', is_me: false, is_bot: false })
    const tomas = await contributorOf('okoye')
    expect(tomas).toMatchObject({ kind: 'bitbucket', member: null, linked_by: null })
    expect(await change(tomas.id, { memberId: world.ids.champion })).toMatchObject({
      member: { name: 'Carla Champion' },
      linked_by: 'person',
    })
    await item.answer('Said by me, there.')
    await world.settle()
    const [first, second] = await world.thread(item.vulnerabilityId)
    expect(first?.author).toMatchObject({ name: 'Carla Champion', via: 'bitbucket', is_me: true })
    expect(await callsOf(world.ids.champion, item.vulnerabilityId)).toEqual([['message', 'Tomas Okoye: Is this real?']])
    expect((await callsOf(world.ids.admin, item.vulnerabilityId))[0]).toEqual([
      'message',
      'Carla Champion: Said by me, there.',
    ])
    expect(second?.can_edit).toBe(false)
    expect(await change(tomas.id, { memberId: null })).toMatchObject({ member: null, linked_by: null })
    const audit = await world.db.selectFrom('audit_event').select(['action', 'actor_name']).execute()
    expect(audit.filter(({ action }) => action === 'contributor.changed')).toHaveLength(2)
  })

  test('a mention there becomes a name here and calls the member it means, once, and no other differently', async () => {
    const item = await world.sendProblem()
    await item.answer(`ask @{${accountOf('tomas-okoye')}}, not @{712020:nobody} nor @all`)
    await world.settle()
    const tomas = await contributorOf('okoye')
    await change(tomas.id, { memberId: world.ids.developer })
    const commentId = await item.answer(`@{${accountOf('tomas-okoye')}} please look`)
    await world.settle()
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread.map(({ body }) => body)).toEqual([
      'ask @Tomas Okoye, not @somebody nor @all',
      '@Devi Developer please look',
    ])
    expect(thread[1]?.mentions).toMatchObject([{ name: 'Devi Developer', contributor_id: tomas.id }])
    // Devi wrote it with that very account: nobody calls themselves.
    expect(await callsOf(world.ids.developer, item.vulnerabilityId)).toEqual([])
    expect((await callsOf(world.ids.champion, item.vulnerabilityId)).map(([kind]) => kind)).toEqual([
      'message',
      'message',
    ])
    await change(tomas.id, { memberId: null })
    await world.reconcile(true)
    expect((await world.thread(item.vulnerabilityId))[1]).toMatchObject({ edited_at: null, version: 1 })
    await world.dana.call('PUT', `${item.path}/comments/${commentId}`, { content: { raw: 'never mind' } })
    await world.settle()
    expect((await world.thread(item.vulnerabilityId))[1]).toMatchObject({ body: 'never mind', mentions: [] })
  })

  test('a champion’s @name calls the account there and the member here; what only looks like it calls nobody', async () => {
    const item = await world.sendProblem()
    await item.answer('hello')
    await world.settle()
    const tomas = await contributorOf('okoye')
    await change(tomas.id, { memberId: world.ids.developer })
    const { organizationId } = world.ids
    const found = await listMentionable(world.deps, { organizationId, text: 'devi' })
    expect(found.items).toEqual([
      { name: 'Devi Developer', member_id: world.ids.developer, contributor_id: null, at: ['bitbucket'] },
    ])
    const said = await createMessage(world.deps, {
      organizationId,
      vulnerabilityId: item.vulnerabilityId,
      actor: world.champion,
      body: '@Devi Developer see #2 and @yuki',
      mentions: [{ name: 'Devi Developer', member_id: world.ids.developer }],
    })
    await world.settle()
    const there = await inBitbucket(item, 'see')
    expect(there.raw).toContain(`@{${accountOf('tomas-okoye')}} see #\u200B2 and @\u200Byuki`)
    expect(there.html).toContain('ap-mention')
    expect(there.html).not.toContain('/pull-requests/2')
    expect(await callsOf(world.ids.developer, item.vulnerabilityId)).toEqual([
      ['mentioned', 'Carla Champion: @Devi Developer see #2 and @yuki'],
    ])
    await updateMessage(world.deps, {
      organizationId,
      messageId: said.id,
      actor: world.champion,
      body: '@Devi Developer see this',
      version: 1,
    })
    await world.settle()
    expect((await inBitbucket(item, 'see this')).raw).toContain(`@{${accountOf('tomas-okoye')}} see this`)
    expect(await callsOf(world.ids.developer, item.vulnerabilityId)).toHaveLength(1)
    await world.reconcile(true)
    expect((await world.thread(item.vulnerabilityId)).at(-1)).toMatchObject({
      body: '@Devi Developer see this',
      version: 2,
    })
    await change(tomas.id, { memberId: null })
  })

  test('failure 34: a mention of somebody unknown and one of everybody do no harm', async () => {
    const item = await world.sendProblem()
    const { organizationId } = world.ids
    await item.answer('first')
    await world.settle()
    const now = new Date()
    const many = Array.from({ length: 300 }, (_, index) => ({
      organization_id: organizationId,
      id: world.deps.newId(),
      kind: 'bitbucket' as const,
      remote_id: `{many-${index}}`,
      account_id: `712020:many-${index}`,
      display_name: `Many ${index}`,
      member_id: world.ids.developer,
      linked_by: 'person' as const,
      first_seen_at: now,
      last_seen_at: now,
    }))
    await world.db.insertInto('contributor').values(many).execute()
    await item.answer(`${many.map((one) => `@{${one.account_id}}`).join(' ')} all of you`)
    await world.settle()
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread).toHaveLength(2)
    expect(thread[1]?.body).toMatch(/all of you$/)
    expect(await callsOf(world.ids.developer, item.vulnerabilityId)).toEqual([])
    expect(await callsOf(world.ids.champion, item.vulnerabilityId)).toHaveLength(2)
    await world.db.deleteFrom('message_mention').execute()
    await world.db.deleteFrom('contributor').where('remote_id', 'like', '{many%').execute()
  })

  test('what a program writes is shown, and is nobody’s answer: no command is obeyed and nobody is called', async () => {
    const item = await world.sendProblem()
    await item.answer('hello')
    await world.settle()
    const tomas = await contributorOf('okoye')
    expect(await change(tomas.id, { isBot: true })).toMatchObject({ is_bot: true })
    const commentId = await item.answer('weir done')
    await world.dana.call('PUT', `${item.path}/comments/${commentId}`, { content: { raw: 'weir done!' } })
    await world.settle()
    expect(await world.statusOf(item.vulnerabilityId)).toBe('identified')
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread.map(({ body }) => body)).toEqual(['hello', 'weir done!'])
    expect(thread[1]?.author).toMatchObject({ is_bot: true })
    expect(await callsOf(world.ids.champion, item.vulnerabilityId)).toHaveLength(1)
    await change(tomas.id, { isBot: false })
  })

  test('failure 33: a renamed account is shown by its name of now, a closed one as former user; a namesake is another', async () => {
    const item = await world.sendProblem()
    await item.answer('said long ago')
    await world.settle()
    await applyChange(world.simulator.sim, { what: 'person', username: 'tomas-okoye', displayName: 'Devi Developer' })
    await item.answer('said today')
    await world.settle()
    const [first] = await world.thread(item.vulnerabilityId)
    expect(first?.author).toMatchObject({ name: 'Devi Developer', via: 'bitbucket' })
    const renamed = await contributorOf('devi')
    // Only offered to a person: the name alone says nothing.
    expect(renamed).toMatchObject({ member: null, suggestion: { name: 'Devi Developer' } })
    await applyChange(world.simulator.sim, { what: 'person', username: 'tomas-okoye', becomes: 'deleted' })
    await world.reconcile(true)
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread.map(({ author }) => author)).toMatchObject([
      { name: 'Former user', is_closed: true },
      { name: 'Former user', is_closed: true },
    ])
    const { organizationId } = world.ids
    const { items } = await listMentionable(world.deps, { organizationId, text: 'former' })
    expect(items).toEqual([])
  })
})
