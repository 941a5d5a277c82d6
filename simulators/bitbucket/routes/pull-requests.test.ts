import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let receiver: Receiver
let tomas: Ask
let mara: Ask
let yuki: Ask

const shop = '/repositories/meadow-goods/storefront-api'
const invoices = '/repositories/meadow-goods/invoice-service'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  tomas = askAs(simulator, 'tomas-okoye')
  mara = askAs(simulator, 'mara-lind')
  yuki = askAs(simulator, 'yuki-brandt')
  const kinds = [
    'created',
    'updated',
    'approved',
    'unapproved',
    'changes_request_created',
    'changes_request_removed',
    'fulfilled',
    'rejected',
  ]
  const events = [...kinds.map((one) => `pullrequest:${one}`), 'repo:push']
  await mara('POST', '/workspaces/meadow-goods/hooks', { url: receiver.url, events })
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function events(): Promise<unknown[]> {
  await simulator.flush()
  return receiver.caught.splice(0).map((one) => one.headers['x-event-key'])
}

test('lists the open ones by default, others by state, without reviewers unless asked', async () => {
  const list = await tomas('GET', `${shop}/pullrequests`)
  expect(list.values.map((one) => at(one, 'id'))).toEqual([6, 5, 4])
  expect(at(list.values[0], 'reviewers')).toBeUndefined()
  expect(at(list.values[0], 'rendered')).toBeUndefined()
  const all = await tomas('GET', `${shop}/pullrequests?state=OPEN&state=MERGED&fields=%2Bvalues.reviewers&pagelen=50`)
  expect(all.at('size')).toBe(6)
  expect(at(all.values[0], 'reviewers')).toHaveLength(2)
  expect((await tomas('GET', `${shop}/pullrequests?state=all`)).at('size')).toBe(6)
  expect((await tomas('GET', `${shop}/pullrequests?pagelen=50`)).at('pagelen')).toBe(50)
  expect((await tomas('GET', `${shop}/pullrequests?pagelen=51`)).status).toBe(400)
  const byQuery = await tomas(
    'GET',
    `${shop}/pullrequests?q=${encodeURIComponent('source.branch.name = "feature/sorted-search" AND state = "OPEN"')}`,
  )
  expect(byQuery.values.map((one) => at(one, 'id'))).toEqual([4])
  expect((await tomas('GET', `${shop}/pullrequests?q=colour="x"`)).status).toBe(400)
  expect((await tomas('GET', `${shop}/pullrequests/77`)).status).toBe(404)
})

test('beside q the state is without effect, unless the switch says otherwise', async () => {
  const count = async (query: string) => (await tomas('GET', `${shop}/pullrequests?${query}`)).at('size')
  const all = await count('state=ALL')
  const open_ = await count('')
  expect(open_).not.toBe(all)
  const q = new URLSearchParams({ q: 'id > 0' }).toString()
  expect([await count(q), await count(`${q}&state=OPEN`)]).toEqual([all, all])
  simulator.switches.stateBesideQuery = 'applied'
  expect(await count(`${q}&state=OPEN`)).toBe(open_)
  simulator.switches.stateBesideQuery = 'ignored'
})

test('is made, edited, approved, refused and declined, and says so', async () => {
  await tomas('POST', `${invoices}/refs/branches`, { name: 'feature/new', target: { hash: 'feature/pdf' } })
  const made = await tomas('POST', `${invoices}/pullrequests`, {
    title: 'Again',
    source: { branch: { name: 'spike/async' } },
    reviewers: [{ uuid: simulator.users[0]?.uuid }],
  })
  expect(made.status).toBe(201)
  expect(made.at('destination', 'branch', 'name')).toBe('main')
  const path = `${invoices}/pullrequests/${made.at('id')}`
  expect((await tomas('PUT', path, { title: 'Once more', draft: true })).at('title')).toBe('Once more')
  expect((await mara('POST', `${path}/approve`)).at('role')).toBe('REVIEWER')
  expect((await mara('POST', `${path}/approve`)).status).toBe(409)
  expect((await mara('POST', `${path}/request-changes`)).at('state')).toBe('changes_requested')
  expect((await mara('DELETE', `${path}/approve`)).status).toBe(404)
  expect((await mara('DELETE', `${path}/request-changes`)).status).toBe(204)
  expect((await tomas('POST', `${path}/decline`, { reason: 'no' })).at('state')).toBe('DECLINED')
  expect((await tomas('POST', `${path}/merge`, {})).status).toBe(400)
  expect((await events()).toSorted()).toEqual(
    [
      'repo:push',
      ...['created', 'updated', 'approved', 'changes_request_created', 'changes_request_removed', 'rejected'].map(
        (one) => `pullrequest:${one}`,
      ),
    ].toSorted(),
  )
  const activity = await tomas('GET', `${path}/activity`)
  expect(activity.values.map((one) => Object.keys(at(one) ?? {}).find((key) => key !== 'pull_request'))).toEqual([
    'update',
    'changes_requested',
    'approval',
    'update',
    'update',
  ])
  expect(
    (await tomas('POST', `${invoices}/pullrequests`, { title: 'x', source: { branch: { name: 'nowhere' } } })).status,
  ).toBe(400)
})

test.each(['merge_commit', 'squash', 'fast_forward', 'squash_fast_forward', 'rebase_fast_forward', 'rebase_merge'])(
  'merges with %s in git itself',
  async (strategy) => {
    const one = await startSimulator({ repositories: 0 })
    try {
      const ask = askAs(one, 'yuki-brandt')
      const path = `${shop}/pullrequests/4`
      const before = await ask('GET', path)
      const merged = await ask('POST', `${path}/merge`, { merge_strategy: strategy, close_source_branch: true })
      expect(merged.status).toBe(200)
      expect(merged.at('state')).toBe('MERGED')
      const commit = await ask('GET', `${shop}/commit/${merged.at('merge_commit', 'hash')}`)
      const main = await ask('GET', `${shop}/refs/branches/main`)
      expect(main.at('target', 'hash')).toBe(commit.at('hash'))
      const parents = commit.at('parents')
      expect(parents).toHaveLength(/^merge_commit$|^rebase_merge$/.test(strategy) ? 2 : 1)
      expect((await ask('GET', `${shop}/src/main/src/routes/orders.js`)).text).toContain("req.query.sort || 'id'")
      expect((await ask('GET', `${shop}/src/main/README.md`)).text).toContain('Search:')
      expect((await ask('GET', `${shop}/refs/branches/feature/sorted-search`)).status).toBe(404)
      expect(before.at('state')).toBe('OPEN')
    } finally {
      await one.close()
    }
  },
)

test('a conflict is refused and changes nothing', async () => {
  const one = await startSimulator({ repositories: 0 })
  try {
    const ask = askAs(one, 'tomas-okoye')
    const { directory } = one.sim.repositories[0] ?? { directory: '' }
    const { gitText } = await import('../git/run-git.ts')
    const tree = (await gitText(directory, ['rev-parse', 'main^{tree}'])).trim()
    const blob = (await gitText(directory, ['hash-object', '-w', '--stdin'], { stdin: 'rewritten\n' })).trim()
    const inner = (await gitText(directory, ['mktree'], { stdin: `100644 blob ${blob}\torders.js\n` })).trim()
    const src = (await gitText(directory, ['mktree'], { stdin: `040000 tree ${inner}\troutes\n` })).trim()
    const root = (await gitText(directory, ['mktree'], { stdin: `040000 tree ${src}\tsrc\n` })).trim()
    expect(tree).not.toBe(root)
    const environment = {
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@x.example',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@x.example',
    }
    const commit = (
      await gitText(directory, ['commit-tree', root, '-p', 'main', '-m', 'rewrite'], { environment })
    ).trim()
    await gitText(directory, ['update-ref', 'refs/heads/main', commit])
    const pullRequest = one.sim.repositories[0]?.pullRequests[3]
    if (pullRequest !== undefined) pullRequest.destinationHash = commit
    const reply = await ask('POST', `${shop}/pullrequests/4/merge`, {})
    expect([reply.status, reply.at('error', 'message')]).toEqual([
      400,
      "You can't merge until you resolve all merge conflicts.",
    ])
    expect((await ask('GET', `${shop}/pullrequests/4`)).at('state')).toBe('OPEN')
  } finally {
    await one.close()
  }
})

test('diff and diffstat redirect to the range, source first', async () => {
  const reply = await yuki('GET', `${shop}/pullrequests/4/diffstat`)
  expect(reply.status).toBe(302)
  const location = String(reply.headers.get('location'))
  expect(location).toMatch(
    /\/diffstat\/meadow-goods\/storefront-api:[0-9a-f]{12}%0D[0-9a-f]{12}\?from_pullrequest_id=4&topic=true$/,
  )
  const stat = await yuki('GET', location)
  expect(
    stat.values.map((one) => [
      at(one, 'status'),
      at(one, 'new', 'path'),
      at(one, 'lines_added'),
      at(one, 'lines_removed'),
    ]),
  ).toEqual([
    ['modified', 'README.md', 2, 0],
    ['modified', 'src/routes/orders.js', 1, 1],
  ])
  expect(stat.at('pagelen')).toBe(500)
  const diff = await yuki('GET', String((await yuki('GET', `${shop}/pullrequests/4/diff`)).headers.get('location')))
  expect(diff.headers.get('content-type')).toContain('text/plain')
  expect(diff.text).toContain('+  const sql =')
  const commits = await yuki('GET', `${shop}/pullrequests/4/commits`)
  expect(commits.values.map((one) => at(one, 'message'))).toEqual([
    'Say in the README how to search\n',
    'Let customers sort what they find\n',
  ])
})

test.each([
  ['rebase_fast_forward', 1],
  ['rebase_merge', 2],
  ['merge_commit', 2],
])('merges a branch that main has left behind with %s, keeping both sides’ work', async (strategy, parents) => {
  const one = await startSimulator({ repositories: 0 })
  try {
    const ask = askAs(one, 'yuki-brandt')
    const [first, second] = await Promise.all([
      ask('POST', `${shop}/pullrequests/6/merge`, {}),
      ask('POST', `${shop}/pullrequests/4/merge`, { merge_strategy: strategy }),
    ])
    expect([first.status, second.status]).toEqual([200, 200])
    expect((await ask('GET', `${shop}/src/main/package.json`)).text).toContain('4.21.2')
    expect((await ask('GET', `${shop}/src/main/src/routes/orders.js`)).text).toContain("req.query.sort || 'id'")
    expect((await ask('GET', `${shop}/commit/main`)).at('parents')).toHaveLength(parents)
    const fast = await ask('POST', `${shop}/pullrequests/5/merge`, { merge_strategy: 'fast_forward' })
    expect([fast.status, fast.at('error', 'message')]).toEqual([
      400,
      'Unable to fast forward due to changes in the destination branch.',
    ])
  } finally {
    await one.close()
  }
})
