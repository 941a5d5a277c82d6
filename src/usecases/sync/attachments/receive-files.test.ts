import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, userOf } from '../../../../simulators/jira/try-api.ts'
import { nextRequestFault, nextWebhookFault } from '../../../../simulators/shared/fault-plan.ts'
import { createJiraWorld, type JiraWorld } from '../../../../test/jira-world.ts'
import { until } from '../../../../test/processes/weir-process.ts'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { readAttachment, writeWithFiles } from '../../../../test/write-with-files.ts'
import { addSpentRequests } from '../../../store/remotes/request-windows.ts'
import { openAttachment } from './open-attachment.ts'

function form(field: string, files: Record<string, string>): FormData {
  const body = new FormData()
  for (const [name, text] of Object.entries(files)) body.append(field, new Blob([text], { type: 'text/plain' }), name)
  return body
}

describe('a file added in Jira', () => {
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
  const attach = async (issue: string, files: Record<string, string>, who = 'tomas') => {
    const user = userOf(world.simulator, who)
    const answer = await fetch(`${world.simulator.site}/rest/api/3/issue/${issue}/attachments`, {
      method: 'POST',
      headers: { authorization: basic(user.email, user.api_token), 'x-atlassian-token': 'no-check' },
      body: form('file', files),
    })
    return JSON.parse(await answer.text())
  }
  const shows = (name: string | undefined, text = 'Look') => ({
    body: {
      type: 'doc',
      version: 1,
      content: [
        { type: 'paragraph', content: [{ type: 'text', text }] },
        {
          type: 'mediaSingle',
          content: [{ type: 'media', attrs: { type: 'file', id: 'm', collection: '', alt: name } }],
        },
      ],
    },
  })
  const unread = async (vulnerabilityId: string) =>
    world.db
      .selectFrom('notification')
      .select(['subject', 'message_id'])
      .where('vulnerability_id', '=', vulnerabilityId)
      .where('member_id', '=', world.ids.champion)
      .where('kind', '=', 'message')
      .execute()

  test('is a message of who added it, when they did, and calls people', async () => {
    const { vulnerabilityId, issue } = await start()
    const [made] = await attach(issue.id, { 'error log.txt': 'it broke' })
    await world.settle()
    const thread = await world.thread(vulnerabilityId)
    expect(thread).toMatchObject([
      {
        author: { kind: 'remote', name: 'Tomas Okoye' },
        body: '',
        created_at: new Date(made.created).toISOString(),
        attachments: [{ name: 'error log.txt', bytes: 8, is_kept: false, links: [{ direction: 'in', state: 'sent' }] }],
      },
    ])
    expect(await unread(vulnerabilityId)).toMatchObject([{ subject: 'Tomas Okoye: error log.txt' }])
    const opened = await readAttachment(world, thread[0]?.attachments[0]?.id ?? '')
    expect(opened).toEqual({ name: 'error log.txt', type: 'text/plain', bytes: 8, text: 'it broke' })
    await world.reconcile(true)
    expect(await world.thread(vulnerabilityId)).toHaveLength(1)
  })

  test('with others in the same minute is one message', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'a.txt': 'a', 'b.txt': 'b' })
    await world.settle()
    const thread = await world.thread(vulnerabilityId)
    expect(thread.flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual(['a.txt', 'b.txt'])
  })

  test('failure 36: a comment that is a picture alone is a message, with its picture', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'my_shot.png': 'png' })
    const { content } = shows('my_shot.png').body
    await world.dana('POST', `/issue/${issue.id}/comment`, {
      body: { type: 'doc', version: 1, content: content.slice(1) },
    })
    await world.settle()
    const thread = await world.thread(vulnerabilityId)
    expect(thread).toHaveLength(1)
    expect(thread[0]).toMatchObject({ author: { name: 'Tomas Okoye' }, attachments: [{ name: 'my_shot.png' }] })
    expect(thread[0]?.body).toContain('shot.png')
    expect(await unread(vulnerabilityId)).toHaveLength(1)
  })

  test.each([
    ['first', ['Look', 'shot.png']],
    ['last', ['Look', undefined]],
  ] as const)('joins the comment that shows it, also when it is told %s', async (_, [text, name]) => {
    const { vulnerabilityId, issue } = await start()
    if (name === undefined) await world.dana('POST', `/issue/${issue.id}/comment`, shows(name, text))
    else await attach(issue.id, { 'shot.png': 'png' })
    await world.settle()
    if (name === undefined) await attach(issue.id, { 'shot.png': 'png' })
    else await world.dana('POST', `/issue/${issue.id}/comment`, shows(name, text))
    await world.settle()
    const thread = await world.thread(vulnerabilityId)
    expect(thread.map(({ body, attachments }) => [body.slice(0, 4), attachments.length])).toEqual([['Look', 1]])
    expect(await unread(vulnerabilityId)).toHaveLength(1)
  })

  test('whose webhook is lost is found by reconciliation', async () => {
    const { vulnerabilityId, issue } = await start()
    world.simulator.switches.webhookFaults.push(
      nextWebhookFault({ event: 'jira:issue_updated', times: 1, action: { kind: 'drop' } }),
    )
    await attach(issue.id, { 'a.txt': 'a' })
    await world.settle()
    expect(await world.thread(vulnerabilityId)).toHaveLength(0)
    await world.reconcile()
    expect(await world.thread(vulnerabilityId)).toMatchObject([{ attachments: [{ name: 'a.txt' }] }])
  })

  test('and removed there is gone here, and that is said', async () => {
    const { vulnerabilityId, issue } = await start()
    const [{ id }] = await attach(issue.id, { 'a.txt': 'a' })
    await world.settle()
    await world.dana('DELETE', `/attachment/${id}`)
    await world.settle()
    const [message] = await world.thread(vulnerabilityId)
    expect(message?.attachments).toMatchObject([{ removed_by: 'Somebody in Jira', links: [{ state: 'removed' }] }])
    await expect(readAttachment(world, message?.attachments[0]?.id ?? '')).rejects.toMatchObject({ code: 'gone' })
  })

  test('that is gone before anybody told is gone when it is opened', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'a.txt': 'a' })
    await world.settle()
    issue.attachments.splice(0)
    const [message] = await world.thread(vulnerabilityId)
    await expect(readAttachment(world, message?.attachments[0]?.id ?? '')).rejects.toMatchObject({ code: 'gone' })
  })

  test('is judged by its content, and not fetched beyond the limit', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'page.png': '<html><script>alert(1)</script>' })
    await world.settle()
    const [message] = await world.thread(vulnerabilityId)
    const id = message?.attachments[0]?.id ?? ''
    expect(await readAttachment(world, id)).toMatchObject({ type: 'text/plain' })
    await expect(readAttachment(world, id, 10)).rejects.toMatchObject({ code: 'payload_too_large' })
  })

  test('that nobody reads once it was fetched leaves nothing on the disk', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'a.txt': 'it broke' })
    await world.settle()
    const [message] = await world.thread(vulnerabilityId)
    const tempFolder = await mkdtemp(join(tmpdir(), 'weir-files-'))
    const opening = { ...world.deps, tempFolder, attachmentLimits: { bytesEach: 100 } }
    const id = message?.attachments[0]?.id ?? ''
    const { content } = await openAttachment(opening, { organizationId: world.ids.organizationId, id })
    expect(await readdir(tempFolder)).toEqual([])
    expect(await text(Readable.from(content))).toBe('it broke')
  })

  test('is not opened while Jira is down, and that is said', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'a.txt': 'a' })
    await world.settle()
    const [message] = await world.thread(vulnerabilityId)
    world.simulator.switches.requestFaults.push(
      nextRequestFault({ path: '*/attachment/content/*', times: 1, action: { kind: 'cut', when: 'in_body' } }),
    )
    const id = message?.attachments[0]?.id ?? ''
    await expect(readAttachment(world, id)).rejects.toMatchObject({ code: 'remote_unavailable' })
    expect(await readAttachment(world, id)).toMatchObject({ text: 'a' })
  })

  test('under a hostile name is a name alone', async () => {
    const { vulnerabilityId, issue } = await start()
    await attach(issue.id, { 'a\u202Egnp.exe': 'x', '<img onerror=alert(1)>.html': 'y' })
    await world.settle()
    const names = (await world.thread(vulnerabilityId)).flatMap(({ attachments }) =>
      attachments.map(({ name }) => name),
    )
    expect(names.toSorted()).toEqual(['<img onerror=alert(1)>.html', 'agnp.exe'])
  })
})

describe('a file added in Bitbucket issues', () => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode: 'legacy' })
  })
  afterAll(() => world.close())
  const attach = async (path: string, files: Record<string, string>) => {
    const { email, api_token: token } = world.dana.user
    const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
    const place = `${world.simulator.api}/repositories/meadow-goods/storefront-api${path}/attachments`
    const answer = await fetch(place, { method: 'POST', headers: { authorization }, body: form('files', files) })
    expect(answer.status).toBe(201)
  }

  test('of ours stays ours when it was sent while a comparison was reading', async () => {
    const item = await world.sendProblem()
    const isListed = () => world.simulator.requests.some(({ path }) => path.includes(`${item.path}/attachments`))
    world.simulator.planFault({
      method: 'GET',
      path: `*${item.path}/attachments`,
      action: { kind: 'delay', ms: 400, when: 'after' },
    })
    const comparing = world.reconcile(true)
    await until('the listing', isListed)
    await writeWithFiles(world, item.vulnerabilityId, { body: 'Look', files: { 'trace.txt': 'GET /orders' } })
    await world.settle()
    await comparing
    await world.reconcile(true)
    const [message, ...others] = await world.thread(item.vulnerabilityId)
    expect(others).toEqual([])
    expect(message?.attachments).toMatchObject([{ name: 'trace.txt', links: [{ direction: 'out', state: 'sent' }] }])
  })

  test('appears with the next comparison, is fetched from where Bitbucket keeps it, and goes when it is removed', async () => {
    const item = await world.sendProblem()
    await attach(item.path, { 'error log.txt': 'it broke' })
    await world.reconcile(true)
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread).toMatchObject([
      { author: { name: 'Somebody in Bitbucket' }, body: '', attachments: [{ name: 'error log.txt', bytes: null }] },
    ])
    const id = thread[0]?.attachments[0]?.id ?? ''
    expect(await readAttachment(world, id)).toMatchObject({ text: 'it broke', bytes: 8 })
    await world.dana.call('DELETE', `${item.path}/attachments/${encodeURIComponent('error log.txt')}`)
    await world.reconcile(true)
    expect((await world.thread(item.vulnerabilityId))[0]?.attachments).toMatchObject([
      { removed_by: 'Somebody in Bitbucket' },
    ])
    await attach(item.path, { 'error log.txt': 'again' })
    await world.reconcile(true)
    expect(await world.thread(item.vulnerabilityId)).toHaveLength(2)
  })

  test('with an empty comment is a message of who wrote that, at once; ours and a mere change are none', async () => {
    world.simulator.switches.tracker.filesAsComments = true
    const item = await world.sendProblem()
    await attach(item.path, { 'shot.png': 'png' })
    await world.settle()
    const said = [{ author: { name: 'Tomas Okoye' }, body: '', attachments: [{ name: 'shot.png' }] }]
    expect(await world.thread(item.vulnerabilityId)).toMatchObject(said)
    await writeWithFiles(world, item.vulnerabilityId, { body: '', files: { 'ours.txt': 'ours' } })
    await world.dana.call('PUT', item.path, { priority: 'trivial' })
    await world.dana.call('PUT', item.path, { state: 'on hold' })
    await world.settle()
    await world.reconcile(true)
    const thread = await world.thread(item.vulnerabilityId)
    expect(thread).toMatchObject([...said, { author: { name: 'Carla Champion' }, attachments: [{ name: 'ours.txt' }] }])
    world.simulator.switches.tracker.filesAsComments = false
  })

  test('opened again and again leaves room for what people write', async () => {
    const item = await world.sendProblem()
    await attach(item.path, { 'trace.txt': 'it broke' })
    await world.reconcile(true)
    const [message] = await world.thread(item.vulnerabilityId)
    const { organizationId, connectionId } = world.ids
    const key = { organizationId, connectionId, now: world.deps.clock() }
    await addSpentRequests(world.db, { ...key, lane: 'status', count: 880 })
    const openAll = async () => {
      for (let times = 0; times < 200; times++) await readAttachment(world, message?.attachments[0]?.id ?? '')
    }
    await expect(openAll()).rejects.toMatchObject({ code: 'remote_rate_limited' })
    await world.say(item.vulnerabilityId, 'Look at the trace')
    await world.settle()
    expect((await item.remoteTexts()).at(-1)).toContain('Look at the trace')
  })
})
