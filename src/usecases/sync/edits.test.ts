import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { deleteMessage, updateMessage } from './change-message.ts'
import { createMessage } from './create-message.ts'
import { pushDefect } from './push-defect.ts'

describe.each(['2026', 'legacy'] as const)('in %s mode', (mode) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())
  const revisions = async (messageId: string | undefined) =>
    (
      await world.db
        .selectFrom('message_revision')
        .selectAll()
        .where('message_id', '=', messageId ?? '')
        .orderBy('version')
        .execute()
    ).map((one) => one.body)
  /** Edits and deletions of issue comments have no webhook: reconciliation finds them. */
  const catchUp = async () => {
    await world.settle()
    if (mode === 'legacy') await world.reconcile(true)
    await world.settle()
  }

  test('failure 17: a comment edited in Bitbucket is edited here, and the former text is kept', async () => {
    const item = await world.sendProblem()
    const id = await item.answer('First words')
    await world.settle()
    await world.dana.call('PUT', `${item.path}/comments/${id}`, { content: { raw: 'Better words' } })
    await catchUp()
    const [message] = await world.thread(item.vulnerabilityId)
    expect(message).toMatchObject({ body: 'Better words', version: 2 })
    expect(message?.edited_at).not.toBeNull()
    expect(await revisions(message?.id)).toEqual(['First words'])
  })

  test('failure 18: a message edited here is edited in Bitbucket, with its author and without an echo', async () => {
    const item = await world.sendProblem()
    const said = await world.say(item.vulnerabilityId, 'First words')
    await world.settle()
    const key = { organizationId: world.ids.organizationId, messageId: said.id, actor: world.champion }
    await updateMessage(world.deps, { ...key, body: 'Better words', version: said.version })
    await catchUp()
    const texts = await item.remoteTexts()
    expect(texts).toHaveLength(1)
    expect(texts[0]).toMatch(/^Better words\n\n\*Carla Champion via Weir\*\n/)
    expect((await world.thread(item.vulnerabilityId)).map((one) => [one.body, one.version])).toEqual([
      ['Better words', 2],
    ])
    await expect(updateMessage(world.deps, { ...key, body: 'Late words', version: 1 })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test("failure 19: edited on both sides, the author's text stands, and the other one is kept and told", async () => {
    const item = await world.sendProblem()
    const said = await world.say(item.vulnerabilityId, 'First words')
    await world.settle()
    const link = await world.db
      .selectFrom('message_link')
      .selectAll()
      .where('message_id', '=', said.id)
      .executeTakeFirstOrThrow()
    await world.bot.call('PUT', `${item.path}/comments/${link.remote_comment_id}`, { content: { raw: 'Their words' } })
    await updateMessage(world.deps, {
      organizationId: world.ids.organizationId,
      messageId: said.id,
      actor: world.champion,
      body: 'Our words',
      version: 1,
    })
    // The webhook is worked on before the push.
    world.state.jobs.length = 0
    await world.settle()
    if (mode === 'legacy') await world.reconcile(true)
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    await catchUp()
    expect((await world.thread(item.vulnerabilityId)).map((one) => one.body)).toEqual(['Our words'])
    expect((await item.remoteTexts()).join()).toContain('Our words')
    expect(await revisions(said.id)).toEqual(['First words', 'Their words'])
    const conflicts = await world.db
      .selectFrom('vulnerability_event')
      .selectAll()
      .where('vulnerability_id', '=', item.vulnerabilityId)
      .where('kind', '=', 'sync_conflict')
      .execute()
    expect(conflicts).toHaveLength(1)
  })

  test('failure 20: a comment deleted in Bitbucket leaves a tombstone here', async () => {
    const item = await world.sendProblem()
    const id = await item.answer('Forget this')
    await world.settle()
    await world.dana.call('DELETE', `${item.path}/comments/${id}`)
    await catchUp()
    const [message] = await world.thread(item.vulnerabilityId)
    expect(message).toMatchObject({ body: '', links: [{ state: 'removed' }] })
    expect(message?.deleted_at).not.toBeNull()
    expect(await revisions(message?.id)).toEqual(['Forget this'])
  })

  test('a message deleted here is deleted in Bitbucket; deleting it again is no error', async () => {
    const item = await world.sendProblem()
    const said = await world.say(item.vulnerabilityId, 'Forget this')
    await world.settle()
    const key = { organizationId: world.ids.organizationId, messageId: said.id, actor: world.champion }
    await deleteMessage(world.deps, key)
    await deleteMessage(world.deps, key)
    await catchUp()
    expect(await item.remoteTexts()).toEqual([])
    const operations = await world.operations(item.vulnerabilityId)
    expect(operations.filter((one) => one.kind === 'delete_comment').map((one) => one.state)).toEqual(['done'])
  })

  test('a message deleted before it went out never goes out', async () => {
    const item = await world.sendProblem()
    const said = await world.say(item.vulnerabilityId, 'Never mind')
    await deleteMessage(world.deps, {
      organizationId: world.ids.organizationId,
      messageId: said.id,
      actor: world.champion,
    })
    await world.settle()
    expect(await item.remoteTexts()).toEqual([])
  })

  test('failure 21: an answer to a comment that was deleted meanwhile still reaches the thread', async () => {
    const item = await world.sendProblem()
    const id = await item.answer('Is it bad?')
    await world.settle()
    const [asked] = await world.thread(item.vulnerabilityId)
    await createMessage(world.deps, {
      organizationId: world.ids.organizationId,
      vulnerabilityId: item.vulnerabilityId,
      actor: world.champion,
      body: 'Yes, it is.',
      parentId: asked?.id,
    })
    await world.dana.call('DELETE', `${item.path}/comments/${id}`)
    await world.settle()
    expect((await item.remoteTexts()).filter((text) => text.includes('Yes, it is.'))).toHaveLength(1)
  })

  test('failure 39: an internal note, and an answer to one, stay here', async () => {
    const item = await world.sendProblem()
    const base = {
      organizationId: world.ids.organizationId,
      vulnerabilityId: item.vulnerabilityId,
      actor: world.champion,
    }
    const note = await createMessage(world.deps, { ...base, body: 'The exploit is public.', internal: true })
    const answer = await createMessage(world.deps, { ...base, body: 'I know.', parentId: note.id })
    await world.settle()
    expect(answer.internal).toBe(true)
    expect(await item.remoteTexts()).toEqual([])
    expect(note.links).toEqual([])
  })

  test('a deleted message stays a tombstone, whatever version its author names', async () => {
    const { vulnerabilityId } = await world.sendProblem()
    const said = await world.say(vulnerabilityId, 'Never mind.')
    const key = { organizationId: world.ids.organizationId, messageId: said.id, actor: world.champion }
    await deleteMessage(world.deps, key)
    const edit = updateMessage(world.deps, { ...key, body: 'Back again', version: said.version + 1 })
    await expect(edit).rejects.toMatchObject({ code: 'gone' })
    const row = await world.db.selectFrom('message').select('body').where('id', '=', said.id).executeTakeFirstOrThrow()
    expect(row.body).toBe('')
  })

  test('the history tells who wrote, edited and deleted a message here, and which was a note', async () => {
    const { vulnerabilityId } = await world.sendProblem()
    const said = await world.say(vulnerabilityId, 'First words')
    await createMessage(world.deps, {
      organizationId: world.ids.organizationId,
      vulnerabilityId,
      actor: world.champion,
      body: 'Between us',
      internal: true,
    })
    const key = { organizationId: world.ids.organizationId, messageId: said.id, actor: world.champion }
    await updateMessage(world.deps, { ...key, body: 'Better words', version: said.version })
    await deleteMessage(world.deps, key)
    const events = await world.db
      .selectFrom('vulnerability_event')
      .select(['kind', 'actor_name'])
      .where('vulnerability_id', '=', vulnerabilityId)
      .where('kind', 'in', ['message_written', 'note_written', 'message_edited', 'message_deleted'])
      .orderBy('created_at')
      .orderBy('kind')
      .execute()
    expect(events.map((event) => event.kind).toSorted()).toEqual([
      'message_deleted',
      'message_edited',
      'message_written',
      'note_written',
    ])
    expect(new Set(events.map((event) => event.actor_name))).toEqual(new Set([world.champion.name]))
  })

  test('only its author changes a message', async () => {
    const item = await world.sendProblem()
    await item.answer('Mine')
    await world.settle()
    const [message] = await world.thread(item.vulnerabilityId)
    expect(message?.can_edit).toBe(false)
    const key = { organizationId: world.ids.organizationId, messageId: message?.id ?? '', actor: world.champion }
    await expect(updateMessage(world.deps, { ...key, body: 'Yours', version: 1 })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(deleteMessage(world.deps, key)).rejects.toMatchObject({ code: 'forbidden' })
  })
})
