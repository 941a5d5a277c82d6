import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Hook, PullRequest } from '../model.ts'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

const path = '/acme/shop/pull-requests/1'
let here: TrySimulator
let writer: string
let owner: string
let reader: string
let pullRequest: PullRequest

beforeEach(async () => {
  here = await startTrySimulator('2026')
  const found = here.repository.pullRequests[0]
  if (found === undefined) throw new Error('no pull request')
  pullRequest = found
  here.sim.hooks.push(hookOf(here))
  writer = await here.logIn(here.people.writer)
  owner = await here.logIn(here.people.owner)
  reader = await here.logIn(here.people.reader)
})
afterEach(async () => {
  await here.close()
})

function hookOf({ workspace }: TrySimulator): Hook {
  const names = [
    'comment_created',
    'comment_updated',
    'comment_deleted',
    'comment_resolved',
    'comment_reopened',
    'updated',
  ]
  const verdicts = [
    'approved',
    'unapproved',
    'changes_request_created',
    'changes_request_removed',
    'fulfilled',
    'rejected',
  ]
  return {
    uuid: '{hook}',
    url: 'http://127.0.0.1:9/',
    description: '',
    active: true,
    events: [...names, ...verdicts].map((name) => `pullrequest:${name}`),
    secret: null,
    skipCertVerification: false,
    historySince: null,
    subject: { kind: 'workspace', workspace },
    createdAt: '2026-11-01T09:00:00.000000+00:00',
  }
}

const events = () => here.sim.deliveries.map((one) => one.event.replace('pullrequest:', ''))
const page = async (cookie: string, query = '') => (await here.ask({ path: `${path}${query}`, cookie })).body

async function comment(cookie: string, form: Record<string, string>): Promise<string> {
  const reply = await here.ask({ path: `${path}/comments`, cookie, form })
  expect(reply.status).toBe(303)
  return /#comment-(\d+)$/.exec(reply.location)?.[1] ?? 'none'
}

describe('the page of a pull request', () => {
  test('shows title, state, description, diff and the buttons of a reviewer', async () => {
    const body = await page(owner)
    expect(body).toContain('Add login')
    expect(body).toContain('Adds the <strong>login</strong>.')
    expect(body).toContain('data-path="src/login.ts"')
    expect(body).toContain('id="approve"')
    expect(body).toContain('id="merge-form"')
  })

  test('escapes source lines and titles', async () => {
    pullRequest.title = '<script>title</script>'
    const body = await page(owner)
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(body).not.toContain('<script')
  })

  test('is the same page under the address of the diff', async () => {
    expect((await here.ask({ path: `${path}/_/diff`, cookie: owner })).body).toBe(await page(owner))
  })

  test('offers a form on the line that was chosen', async () => {
    const body = await page(writer, '?path=src%2Flogin.ts&to=12')
    expect(body).toContain('id="inline-comment"')
    expect(body).toContain('<input type="hidden" name="to" value="12">')
  })

  test('is refused to strangers and absent for unknown numbers', async () => {
    const stranger = await here.logIn(here.people.stranger)
    expect((await here.ask({ path, cookie: stranger })).status).toBe(403)
    expect((await here.ask({ path: '/acme/shop/pull-requests/99', cookie: owner })).status).toBe(404)
    expect((await here.ask({ path: '/acme/unknown/pull-requests/1', cookie: owner })).status).toBe(404)
  })
})

describe('comments', () => {
  test('a comment is written as the person logged in, with its webhook, and its markers and markup do not show', async () => {
    const id = await comment(writer, { content: 'Done <b>now</b>\r\n\r\n[marker]: #abc' })
    expect(pullRequest.comments[0]).toMatchObject({
      raw: 'Done <b>now</b>\n\n[marker]: #abc',
      author: here.people.writer,
      inline: null,
    })
    expect(events()).toEqual(['comment_created'])
    const body = await page(owner)
    expect(body).toContain(`id="comment-${id}"`)
    expect(body).toContain('Done &lt;b&gt;now&lt;/b&gt;')
    expect(body).not.toContain('#abc')
  })

  test('a comment on a line keeps its place, and its reply joins the thread', async () => {
    const id = await comment(owner, { content: 'Why?', path: 'src/login.ts', to: '12' })
    await comment(writer, { content: 'Because.', parent: id })
    expect(pullRequest.comments.map((one) => [one.inline?.path, one.inline?.to, one.parentId])).toEqual([
      ['src/login.ts', 12, null],
      ['src/login.ts', 12, Number(id)],
    ])
    const body = await page(owner)
    expect(body).toContain(`/src/${pullRequest.sourceHash}/src/login.ts#lines-12`)
    expect(body).toContain('class="marked"')
    expect(body).toContain(`href="#thread-${id}"`)
    expect(body).toMatch(/class="replies"[\s\S]*Because\./)
  })

  test('own comments are edited and deleted with their webhooks; only their author is offered that', async () => {
    const id = await comment(writer, { content: 'First' })
    expect(await page(owner)).not.toContain(`id="edit-${id}"`)
    expect(await page(writer)).toContain(`id="edit-${id}"`)
    await here.ask({ path: `${path}/comments/${id}/edit`, cookie: writer, form: { content: 'Second' } })
    expect(pullRequest.comments[0]?.raw).toBe('Second')
    const refused = await here.ask({ path: `${path}/comments/${id}/edit`, cookie: reader, form: { content: 'Third' } })
    expect(refused.status).toBe(403)
    await here.ask({ path: `${path}/comments/${id}/delete`, cookie: writer, form: {} })
    expect(events()).toEqual(['comment_created', 'comment_updated', 'comment_deleted'])
    expect(await page(owner)).not.toContain('Second')
  })

  test('a thread is resolved and reopened with its webhooks', async () => {
    const id = await comment(owner, { content: 'Why?', path: 'src/login.ts', to: '12' })
    await here.ask({ path: `${path}/comments/${id}/resolve`, cookie: writer, form: {} })
    expect(await page(owner)).toContain(`id="reopen-${id}"`)
    await here.ask({ path: `${path}/comments/${id}/reopen`, cookie: writer, form: {} })
    expect(await page(owner)).toContain(`id="resolve-${id}"`)
    expect(events()).toEqual(['comment_created', 'comment_resolved', 'comment_reopened'])
  })

  test('an empty comment is refused with the reason', async () => {
    const reply = await here.ask({ path: `${path}/comments`, cookie: writer, form: { content: '  ' } })
    expect(reply.status).toBe(400)
    expect(reply.body).toContain('This field may not be blank.')
    expect(pullRequest.comments).toEqual([])
  })
})

describe('tasks', () => {
  test('are added, resolved and reopened', async () => {
    const id = await comment(owner, { content: 'Please fix' })
    await here.ask({ path: `${path}/tasks`, cookie: writer, form: { content: 'Fix <it>', comment: id } })
    const task = pullRequest.tasks[0]
    expect(task).toMatchObject({ raw: 'Fix <it>', state: 'UNRESOLVED', commentId: Number(id) })
    expect(await page(owner)).toContain('Fix &lt;it&gt;')
    await here.ask({ path: `${path}/tasks/${task?.id}/resolve`, cookie: writer, form: {} })
    expect(task).toMatchObject({ state: 'RESOLVED', resolvedBy: here.people.writer })
    await here.ask({ path: `${path}/tasks/${task?.id}/reopen`, cookie: writer, form: {} })
    expect(task?.state).toBe('UNRESOLVED')
  })
})

describe('review and closing', () => {
  test('approving, asking for changes and withdrawing both raise their webhooks', async () => {
    for (const verb of ['approve', 'unapprove', 'request-changes', 'remove-request-changes']) {
      expect((await here.ask({ path: `${path}/${verb}`, cookie: owner, form: {} })).status).toBe(303)
    }
    expect(events()).toEqual(['approved', 'unapproved', 'changes_request_created', 'changes_request_removed'])
  })

  test('merging moves the branch and needs write access', async () => {
    expect((await here.ask({ path: `${path}/merge`, cookie: reader, form: { merge_strategy: 'squash' } })).status).toBe(
      403,
    )
    expect(pullRequest.state).toBe('OPEN')
    expect(
      (await here.ask({ path: `${path}/merge`, cookie: writer, form: { merge_strategy: 'nonsense' } })).status,
    ).toBe(400)
    await here.ask({ path: `${path}/merge`, cookie: writer, form: { merge_strategy: 'squash' } })
    expect(pullRequest.state).toBe('MERGED')
    expect(events()).toContain('fulfilled')
    expect(await page(owner)).toContain('Wanda Writer merged')
    expect(await page(owner)).not.toContain('id="merge-form"')
  })

  test('declining says why and is for writers and the author', async () => {
    expect((await here.ask({ path: `${path}/decline`, cookie: reader, form: {} })).status).toBe(403)
    await here.ask({ path: `${path}/decline`, cookie: owner, form: { reason: 'Not <now>' } })
    expect(pullRequest.state).toBe('DECLINED')
    expect(events()).toEqual(['rejected'])
    expect(await page(owner)).toContain('Declined: Not &lt;now&gt;')
  })
})

test('the list shows open pull requests, and others on request', async () => {
  expect((await here.ask({ path: '/acme/shop/pull-requests', cookie: reader })).body).toContain('#1 Add login')
  expect((await here.ask({ path: '/acme/shop/pull-requests?state=MERGED', cookie: reader })).body).not.toContain(
    '#1 Add login',
  )
})

test('builds, reports and annotations of the head commit are shown; a link that is not a web address stays text', async () => {
  const dates = { createdOn: pullRequest.createdOn, updatedOn: pullRequest.updatedOn }
  const hash = pullRequest.sourceHash
  here.repository.statuses.push({
    hash,
    key: 'scan',
    state: 'FAILED',
    url: 'javascript:alert(1)',
    name: 'Scan',
    description: '2 findings',
    refname: null,
    ...dates,
  })
  const annotation = {
    uuid: '{a}',
    externalId: 'a',
    fields: { summary: 'Injection <b>', severity: 'HIGH', path: 'src/login.ts', line: 12 },
    ...dates,
  }
  here.repository.reports.push({
    hash,
    uuid: '{r}',
    externalId: 'r',
    fields: { title: 'Security', result: 'FAILED' },
    annotations: [annotation],
    ...dates,
  })
  const body = await page(owner)
  expect(body).toContain('2 findings')
  expect(body).toContain('Injection &lt;b&gt;')
  expect(body).toContain('src/login.ts#lines-12')
  expect(body).not.toContain('javascript:')
})
