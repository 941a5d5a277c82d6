import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

const shop = '/repositories/meadow-goods/storefront-api'
let simulator: Simulator
let receiver: Receiver
let tomas: Ask
let yuki: Ask
let mara: Ask
let clone: Clone
let branches = 0

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  tomas = askAs(simulator, 'tomas-okoye')
  yuki = askAs(simulator, 'yuki-brandt')
  mara = askAs(simulator, 'mara-lind')
  const kinds = ['created', 'updated', 'fulfilled', 'rejected', 'unapproved', 'changes_request_removed']
  const events = [...kinds.map((one) => `pullrequest:${one}`), 'repo:push']
  await mara('POST', `${shop}/hooks`, { url: receiver.url, events })
  clone = await openClone(simulator, { slug: 'storefront-api', username: 'tomas-okoye' })
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
  await receiver.close()
})
afterEach(() => {
  const { samePullRequestAgain, commitsOfDeletedBranch } = defaultSwitches()
  Object.assign(simulator.switches, { samePullRequestAgain, commitsOfDeletedBranch })
})

async function events(): Promise<unknown[]> {
  await simulator.flush()
  return receiver.caught.splice(0).map((one) => one.headers['x-event-key'])
}

/** Pushes a branch with one commit of its own, and answers its name. */
async function pushBranch(): Promise<string> {
  branches += 1
  const name = `life-${branches}`
  await clone.git('fetch', '-q', 'origin')
  await clone.git('checkout', '-q', '-b', name, 'origin/main')
  await clone.commit(`Work on ${name}`, { [`${name}.txt`]: 'x\n' })
  await clone.git('push', '-q', 'origin', name)
  return name
}

async function open(branch: string, more: Record<string, unknown> = {}) {
  const body = { title: `Bring ${branch}`, source: { branch: { name: branch } }, ...more }
  const reply = await tomas('POST', `${shop}/pullrequests`, body)
  return { reply, path: `${shop}/pullrequests/${String(reply.at('id'))}` }
}

describe('opening', () => {
  test('a draft is one until it is ready; only what is given changes', async () => {
    const { reply, path } = await open(await pushBranch(), {
      draft: true,
      description: 'why',
      close_source_branch: true,
    })
    expect([reply.status, reply.at('draft')]).toEqual([201, true])
    const drafts = await tomas('GET', `${shop}/pullrequests?q=draft=true AND state="OPEN"`)
    expect(drafts.values.map((one) => at(one, 'id'))).toContain(reply.at('id'))
    const ready = await tomas('PUT', path, { draft: false })
    expect([ready.at('draft'), ready.at('description'), ready.at('close_source_branch')]).toEqual([false, 'why', true])
    const activity = await tomas('GET', `${path}/activity`)
    expect(activity.values.map((one) => [at(one, 'update', 'draft'), at(one, 'update', 'changes')])).toEqual([
      [false, { draft: { old: 'true', new: 'false' } }],
      [true, {}],
    ])
  })

  test('a second one for the same branches edits the open one', async () => {
    const branch = await pushBranch()
    const first = await open(branch, { description: 'kept' })
    const second = await open(branch, { title: 'Better title', close_source_branch: true })
    expect([second.reply.status, second.reply.at('id')]).toEqual([201, first.reply.at('id')])
    const now = await tomas('GET', first.path)
    expect([now.at('title'), now.at('close_source_branch'), now.at('description')]).toEqual([
      'Better title',
      true,
      'kept',
    ])
  })

  test('or takes its place, or stands beside it, as the switch says', async () => {
    const branch = await pushBranch()
    const first = await open(branch)
    simulator.switches.samePullRequestAgain = 'supersedes'
    const second = await open(branch)
    expect(second.path).not.toBe(first.path)
    expect((await tomas('GET', first.path)).at('state')).toBe('SUPERSEDED')
    const superseded = await tomas('GET', `${shop}/pullrequests?state=SUPERSEDED`)
    expect(superseded.values.map((one) => at(one, 'id'))).toEqual([first.reply.at('id')])
    simulator.switches.samePullRequestAgain = 'second'
    const third = await open(branch)
    expect((await tomas('GET', second.path)).at('state')).toBe('OPEN')
    expect(third.path).not.toBe(second.path)
  })

  test('says which branch is missing, and that there is nothing to bring', async () => {
    const { reply } = await open('nowhere')
    expect([reply.status, reply.at('error', 'fields'), reply.at('error', 'message')]).toEqual([
      400,
      { source: ['branch not found: nowhere'] },
      'source: branch not found: nowhere',
    ])
    expect((await open('main')).reply.at('error', 'message')).toBe('There are no changes to be pulled')
  })

  test('reviewers are named by UUID or account id, belong to the workspace, and are not the author', async () => {
    const branch = await pushBranch()
    const [owner] = simulator.users
    const self = simulator.users.find((one) => one.username === 'tomas-okoye')
    const stranger = simulator.users.find((one) => one.username === 'piet-oosten')
    const refusal = async (reviewers: unknown) =>
      at((await open(branch, { reviewers })).reply.at('error', 'fields'), 'reviewers')
    expect(await refusal([{ nickname: owner?.display_name }])).toEqual(['Malformed reviewers list'])
    expect(await refusal('everybody')).toEqual(['Malformed reviewers list'])
    expect(await refusal([{ uuid: self?.uuid }])).toEqual([
      'Tomas Okoye is the author and cannot be included as a reviewer.',
    ])
    expect(await refusal([{ uuid: stranger?.uuid }])).toEqual([
      'Piet Oosten is not a member of this workspace and cannot be added to this pull request',
    ])
    const { path } = await open(branch, { reviewers: [{ account_id: owner?.account_id }] })
    expect((await tomas('GET', path)).at('reviewers')).toHaveLength(1)
    const cleared = await tomas('PUT', path, { reviewers: [] })
    expect([cleared.at('reviewers'), cleared.at('participants')]).toEqual([[], []])
  })
})

describe('changing', () => {
  test('the destination can be changed, and activity remembers the old one', async () => {
    const [target, branch] = [await pushBranch(), await pushBranch()]
    const { path } = await open(branch)
    const moved = await tomas('PUT', path, { destination: { branch: { name: target } } })
    const tip = (await clone.git('rev-parse', target)).trim()
    expect([moved.at('destination', 'branch', 'name'), moved.at('destination', 'commit', 'hash')]).toEqual([
      target,
      tip.slice(0, 12),
    ])
    const activity = await tomas('GET', `${path}/activity`)
    expect(activity.values.map((one) => at(one, 'update', 'destination', 'branch', 'name'))).toEqual([target, 'main'])
    expect((await tomas('PUT', path, { destination: { branch: { name: branch } } })).status).toBe(400)
    expect((await tomas('PUT', path, { destination: { branch: { name: 'gone' } } })).status).toBe(400)
  })

  test('a closed one cannot be edited, nor closed again; comments still can be written', async () => {
    const { path } = await open(await pushBranch())
    const declined = await tomas('POST', `${path}/decline`, { message: 'not now' })
    expect([declined.at('state'), declined.at('reason')]).toEqual(['DECLINED', 'not now'])
    expect((await tomas('PUT', path, { title: 'x' })).at('error', 'message')).toBe(
      'Can only update an open pull request.',
    )
    expect((await tomas('POST', `${path}/decline`)).at('error', 'fields')).toEqual({
      newstatus: ['This pull request is already closed.'],
    })
    expect((await tomas('POST', `${path}/comments`, { content: { raw: 'later' } })).status).toBe(201)
  })

  test('who may only read changes nobody else’s', async () => {
    const { path } = await open(await pushBranch())
    const piet = simulator.users.find((one) => one.username === 'piet-oosten')
    const rights = simulator.sim.repositories[0]?.permissions
    rights?.set(piet?.uuid ?? '', 'read')
    const ask = askAs(simulator, 'piet-oosten')
    expect((await ask('PUT', path, { title: 'x' })).status).toBe(403)
    expect((await ask('POST', `${path}/decline`)).status).toBe(403)
    expect((await ask('POST', `${path}/merge`, {})).status).toBe(403)
    expect((await ask('POST', `${path}/approve`)).status).toBe(200)
    rights?.delete(piet?.uuid ?? '')
  })

  test('one’s own may be approved; what the destination allows is told who asks', async () => {
    const { path } = await open(await pushBranch())
    expect((await tomas('POST', `${path}/approve`)).at('approved')).toBe(true)
    const usual = await tomas('GET', path)
    expect(usual.at('destination', 'branch')).toEqual({ name: 'main' })
    const asked = await tomas('GET', `${path}?fields=%2Bdestination.branch.merge_strategies`)
    expect(asked.at('destination', 'branch', 'merge_strategies')).toContain('rebase_merge')
  })
})

describe('a push', () => {
  test('of the destination with the source in it merges the pull request, and every other of the same commits', async () => {
    const branch = await pushBranch()
    await clone.git('push', '-q', 'origin', `${branch}:${branch}-too`)
    const [one, other] = [await open(branch), await open(`${branch}-too`)]
    await clone.git('checkout', '-q', '-B', 'main', 'origin/main')
    await clone.git('merge', '-q', '--no-ff', '--message', 'By hand', branch)
    await events()
    await clone.git('push', '-q', 'origin', 'main')
    const merge = (await clone.git('rev-parse', 'main')).trim().slice(0, 12)
    for (const path of [one.path, other.path]) {
      const reply = await tomas('GET', path)
      expect([reply.at('state'), reply.at('merge_commit', 'hash')]).toEqual(['MERGED', merge])
    }
    expect((await events()).toSorted()).toEqual(['pullrequest:fulfilled', 'pullrequest:fulfilled', 'repo:push'])
    expect((await tomas('GET', `${one.path}/commits`)).values).toHaveLength(1)
  })

  test('that deletes the source leaves the pull request open and without commits; one that brings it back revives it', async () => {
    const branch = await pushBranch()
    const { path } = await open(branch)
    await clone.git('push', '-q', 'origin', `:${branch}`)
    expect((await tomas('GET', path)).at('state')).toBe('OPEN')
    expect((await tomas('GET', `${path}/commits`)).values).toEqual([])
    await clone.git('checkout', '-q', branch)
    const tip = await clone.commit('Again', { 'again.txt': 'x' })
    await clone.git('push', '-q', 'origin', branch)
    expect((await tomas('GET', path)).at('source', 'commit', 'hash')).toBe(tip.slice(0, 12))
    expect((await tomas('GET', `${path}/commits`)).values).toHaveLength(2)
  })

  test('keeps approvals, unless the destination’s restrictions take them back', async () => {
    const branch = await pushBranch()
    const { path } = await open(branch)
    await yuki('POST', `${path}/approve`)
    await mara('POST', `${path}/request-changes`)
    await clone.commit('More', { 'more.txt': '1' })
    await clone.git('push', '-q', 'origin', branch)
    const states = async () => {
      const participants = (await tomas('GET', path)).at('participants')
      return Array.isArray(participants) ? participants.map((one) => at(one, 'state')) : []
    }
    expect(await states()).toEqual(['approved', 'changes_requested'])
    const restrict = async (kind: string) =>
      await mara('POST', `${shop}/branch-restrictions`, { kind, branch_match_kind: 'glob', pattern: 'main' })
    const smart = await restrict('smart_reset_pullrequest_approvals')
    await events()
    await clone.git('commit', '-q', '--amend', '--message', 'Only another message')
    await clone.git('push', '-q', '--force', 'origin', branch)
    expect(await states()).toEqual(['approved', 'changes_requested'])
    await clone.commit('Different', { 'more.txt': '2' })
    await clone.git('push', '-q', 'origin', branch)
    expect(await states()).toEqual([null, 'changes_requested'])
    expect(await events()).toContain('pullrequest:unapproved')
    const reset = await restrict('reset_pullrequest_changes_requested_on_change')
    await clone.commit('Another')
    await clone.git('push', '-q', 'origin', branch)
    expect(await states()).toEqual([null, null])
    for (const one of [smart, reset]) await mara('DELETE', `${shop}/branch-restrictions/${String(one.at('id'))}`)
  })

  test('outdates a comment whose line reads differently, and no other', async () => {
    const branch = await pushBranch()
    await clone.commit('Three lines', { 'lines.txt': 'one\ntwo\nthree\n' })
    await clone.git('push', '-q', 'origin', branch)
    const { path } = await open(branch)
    const comment = async (line: number) =>
      await yuki('POST', `${path}/comments`, { content: { raw: 'hm' }, inline: { path: 'lines.txt', to: line } })
    const [first, second] = [await comment(1), await comment(2)]
    const source = (await tomas('GET', path)).at('source', 'commit', 'hash')
    expect([first.at('inline', 'outdated'), first.at('inline', 'src_rev')]).toEqual([false, source])
    await clone.commit('Two', { 'lines.txt': 'one\nTWO\nthree\n' })
    await clone.git('push', '-q', 'origin', branch)
    const outdated = async (id: unknown) =>
      (await yuki('GET', `${path}/comments/${String(id)}`)).at('inline', 'outdated')
    expect([await outdated(first.at('id')), await outdated(second.at('id'))]).toEqual([false, true])
  })
})

describe('commits', () => {
  test('of a merged one stay when its branch goes, unless the switch says otherwise', async () => {
    const { path } = await open(await pushBranch())
    await tomas('POST', `${path}/merge`, { close_source_branch: true })
    expect((await tomas('GET', `${path}/commits`)).values).toHaveLength(1)
    simulator.switches.commitsOfDeletedBranch = 'none'
    expect((await tomas('GET', `${path}/commits`)).values).toEqual([])
  })

  test('know the pull requests they came with, once those are indexed', async () => {
    const branch = await pushBranch()
    const { reply, path } = await open(branch)
    const hash = (await clone.git('rev-parse', branch)).trim()
    const ask = async () => await tomas('GET', `${shop}/commit/${hash}/pullrequests`)
    expect((await ask()).values.map((one) => at(one, 'id'))).toEqual([reply.at('id')])
    await tomas('POST', `${path}/merge`, {})
    expect((await ask()).values.map((one) => [at(one, 'id'), at(one, 'state')])).toEqual([[reply.at('id'), 'MERGED']])
    simulator.switches.pullRequestLinks = 'indexing'
    expect([(await ask()).status, (await ask()).values]).toEqual([202, []])
    simulator.switches.pullRequestLinks = 'not_installed'
    expect((await ask()).status).toBe(404)
    simulator.switches.pullRequestLinks = 'indexed'
  })
})
