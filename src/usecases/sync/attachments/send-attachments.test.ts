import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentToText } from '../../../../simulators/jira/adf/document-to-text.ts'
import type { RequestAction } from '../../../../simulators/jira/faults.ts'
import { nextRequestFault } from '../../../../simulators/shared/fault-plan.ts'
import { createJiraWorld, type JiraWorld } from '../../../../test/jira-world.ts'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { writeWithFiles } from '../../../../test/write-with-files.ts'
import { deleteMessage, updateMessage } from '../change-message.ts'
import { pushDefect } from '../push-defect.ts'

const trace = { 'trace.txt': 'GET /orders' }

describe('files of a message in Jira', () => {
  let world: JiraWorld
  beforeAll(async () => {
    world = await createJiraWorld({ settings: { project: '10000', issueType: '10004' } })
  })
  afterAll(() => world.close())
  const start = async () => {
    const vulnerabilityId = await world.addProblem()
    await world.send(vulnerabilityId)
    return { vulnerabilityId, issue: await world.issueOf(vulnerabilityId) }
  }
  const fault = (path: string, action: RequestAction, method = 'POST') =>
    world.simulator.switches.requestFaults.push(nextRequestFault({ method, path, times: 1, action }))
  const again = async (vulnerabilityId: string) => {
    world.later(3600_000)
    await world.push(vulnerabilityId)
    await world.settle()
  }

  test('stand in the issue before the comment, which names them', async () => {
    const { vulnerabilityId, issue } = await start()
    const said = await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: { ...trace, 'b.txt': 'two' } })
    await world.settle()
    expect(issue.attachments.map(({ filename, bytes }) => [filename, bytes.toString()])).toEqual([
      [expect.stringMatching(/^trace-[0-9a-f]{8}\.txt$/), 'GET /orders'],
      [expect.stringMatching(/^b-[0-9a-f]{8}\.txt$/), 'two'],
    ])
    const [comment] = issue.comments
    expect(issue.comments).toHaveLength(1)
    expect(documentToText(comment?.body ?? null)).toContain('Files: trace.txt, b.txt. Carla Champion via Weir')
    expect(JSON.stringify(comment?.body)).toContain(`/secure/attachment/${issue.attachments[0]?.id}/`)
    expect(comment?.created).toBeGreaterThan(issue.attachments[1]?.created ?? 0)
    const [message] = await world.thread(vulnerabilityId)
    expect(message).toMatchObject({ id: said.id, body: 'Look', version: 1 })
    expect(message?.attachments).toMatchObject([
      { name: 'trace.txt', links: [{ state: 'sent', direction: 'out' }] },
      {},
    ])
    await world.reconcile(true)
    await world.settle()
    expect(await world.thread(vulnerabilityId)).toHaveLength(1)
    expect(issue.attachments).toHaveLength(2)
  })

  test('are a message by themselves', async () => {
    const { vulnerabilityId, issue } = await start()
    await writeWithFiles(world, vulnerabilityId, { body: '', files: trace })
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect(issue.comments).toHaveLength(1)
    const thread = await world.thread(vulnerabilityId)
    expect(thread.map(({ body, version }) => [body, version])).toEqual([['', 1]])
  })

  test('are not sent twice when the answer to an upload was lost', async () => {
    const { vulnerabilityId, issue } = await start()
    fault('*/attachments', { kind: 'cut', when: 'after' })
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    expect(issue.attachments).toHaveLength(1)
    expect(issue.comments).toHaveLength(0)
    await again(vulnerabilityId)
    expect(issue.attachments).toHaveLength(1)
    expect(issue.comments).toHaveLength(1)
    expect((await world.thread(vulnerabilityId))[0]?.attachments).toMatchObject([{ links: [{ state: 'sent' }] }])
    expect(await world.thread(vulnerabilityId)).toHaveLength(1)
  })

  test('are not sent twice when the worker died between the upload and its note', async () => {
    const { vulnerabilityId, issue } = await start()
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: { ...trace, 'b.txt': 'two' } })
    await world.settle()
    // As it was when the worker died after both uploads: nothing of them is written down, and the comment is not made.
    await world.db.deleteFrom('attachment_link').execute()
    const [comment] = issue.comments.splice(0)
    await world.db
      .updateTable('message_link')
      .set({ remote_comment_id: null, state: 'queued' })
      .where('remote_comment_id', '=', comment?.id ?? '')
      .execute()
    await world.db
      .updateTable('operation')
      .set({ state: 'queued', finished_at: null, next_attempt_at: null })
      .where('kind', '=', 'create_comment')
      .where('vulnerability_id', '=', vulnerabilityId)
      .execute()
    await world.push(vulnerabilityId)
    await world.settle()
    expect(issue.attachments).toHaveLength(2)
    expect(issue.comments).toHaveLength(1)
    expect((await world.thread(vulnerabilityId))[0]?.attachments.map(({ links }) => links[0]?.state)).toEqual([
      'sent',
      'sent',
    ])
  })

  test('that reconciliation meets before they are written down are ours, and no message of somebody', async () => {
    const { vulnerabilityId } = await start()
    fault('*/attachments', { kind: 'cut', when: 'after' })
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    await world.reconcile(true)
    const thread = await world.thread(vulnerabilityId)
    expect(thread).toHaveLength(1)
    expect(thread[0]?.attachments).toMatchObject([{ is_kept: true, links: [{ direction: 'out', state: 'sent' }] }])
    await again(vulnerabilityId)
    expect((await world.issueOf(vulnerabilityId)).attachments).toHaveLength(1)
  })

  test('wait with their comment while the remote is down, and both go out', async () => {
    const { vulnerabilityId, issue } = await start()
    fault('*/attachments', { kind: 'answer', status: 503 })
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    expect([issue.attachments.length, issue.comments.length]).toEqual([0, 0])
    expect((await world.thread(vulnerabilityId))[0]?.links).toMatchObject([{ state: 'queued' }])
    await again(vulnerabilityId)
    expect([issue.attachments.length, issue.comments.length]).toEqual([1, 1])
  })

  test('that the remote does not take become a link to Weir, and the reason is said', async () => {
    const { vulnerabilityId, issue } = await start()
    world.simulator.switches.attachmentLimit = 4
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    world.simulator.switches.attachmentLimit = 10_000_000
    expect(issue.attachments).toHaveLength(0)
    expect(JSON.stringify(issue.comments[0]?.body)).toContain(`https://weir.example/vulnerabilities/${vulnerabilityId}`)
    expect(documentToText(issue.comments[0]?.body ?? null)).toContain('trace.txt (in Weir)')
    const [link] = (await world.thread(vulnerabilityId))[0]?.attachments[0]?.links ?? []
    expect(link).toMatchObject({ state: 'linked', reason: expect.stringContaining('exceeds the limit') })
  })

  test('of an internal note never leave', async () => {
    const { vulnerabilityId, issue } = await start()
    await writeWithFiles(world, vulnerabilityId, { body: 'For us', files: trace, internal: true })
    await world.settle()
    expect([issue.attachments.length, issue.comments.length]).toEqual([0, 0])
  })

  test('stay named when the message is edited, and go with it when it is deleted', async () => {
    const { vulnerabilityId, issue } = await start()
    const said = await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    const key = { organizationId: world.ids.organizationId, messageId: said.id, actor: world.champion }
    await updateMessage(world.deps, { ...key, body: 'Look again', version: said.version })
    await world.settle()
    expect(documentToText(issue.comments[0]?.body ?? null)).toMatch(/Look again[^]*Files: trace\.txt/)
    await deleteMessage(world.deps, key)
    await world.settle()
    expect([issue.attachments.length, issue.comments.length]).toEqual([0, 0])
    const [message] = await world.thread(vulnerabilityId)
    expect(message?.attachments).toMatchObject([{ removed_by: 'Carla Champion' }])
  })

  test('removed there are still here, and that is said', async () => {
    const { vulnerabilityId, issue } = await start()
    await writeWithFiles(world, vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    await world.ask('mara')('DELETE', `/attachment/${issue.attachments[0]?.id}`)
    await world.settle()
    const [message] = await world.thread(vulnerabilityId)
    expect(message?.attachments).toMatchObject([{ removed_at: null, links: [{ state: 'removed' }] }])
  })
})

describe('files of a message in Bitbucket issues', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: 'legacy' })
  })
  afterAll(() => world.close())

  test('stand in the issue, once, whatever is lost on the way', async () => {
    const item = await world.sendProblem()
    world.simulator.planFault({
      method: 'POST',
      path: '*/attachments',
      times: 1,
      action: { kind: 'cut', when: 'after' },
    })
    await writeWithFiles(world, item.vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    world.later(3600_000)
    await pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    await world.settle()
    const listed = await world.dana.call('GET', `${item.path}/attachments`)
    expect(listed.values).toMatchObject([{ name: expect.stringMatching(/^trace-[0-9a-f]{8}\.txt$/) }])
    const [text] = await item.remoteTexts()
    expect(text).toContain(`Files: [trace.txt](${listed.values[0].links.html.href}). Carla Champion via Weir`)
    await world.reconcile(true)
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread).toMatchObject([{ body: 'Look', version: 1, attachments: [{ links: [{ state: 'sent' }] }] }])
  })
})

describe('files of a message in Bitbucket discussions', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: '2026' })
  })
  afterAll(() => world.close())

  test('are a link to the thread in Weir, as discussions take none', async () => {
    const item = await world.sendProblem()
    await writeWithFiles(world, item.vulnerabilityId, { body: 'Look', files: trace })
    await world.settle()
    const [text] = await item.remoteTexts()
    const thread = `https://weir.example/vulnerabilities/${item.vulnerabilityId}?tab=champions`
    expect(text).toContain(`Files: [trace.txt](${thread}) (in Weir). Carla Champion via Weir`)
    const [message] = await world.thread(item.vulnerabilityId)
    expect(message?.attachments).toMatchObject([
      { links: [{ state: 'linked', reason: 'Bitbucket discussions take no files.' }] },
    ])
  })
})
