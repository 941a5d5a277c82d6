import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let receiver: Receiver
let yuki: Ask
let hash: string
const base = '/repositories/meadow-goods/storefront-api'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  yuki = askAs(simulator, 'yuki-brandt')
  const events = ['repo:commit_comment_created', 'repo:commit_status_created', 'repo:commit_status_updated']
  await askAs(simulator, 'mara-lind')('POST', `${base}/hooks`, { url: receiver.url, events })
  hash = String((await yuki('GET', `${base}/refs/branches/main`)).at('target', 'hash'))
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function last() {
  await simulator.flush()
  const one = receiver.caught.at(-1)
  return { key: one?.headers['x-event-key'], body: one?.body }
}

describe('commits', () => {
  test('are approved, and say by whom', async () => {
    const approved = await yuki('POST', `${base}/commit/${hash}/approve`)
    expect([approved.status, approved.at('approved'), approved.at('role')]).toEqual([200, true, 'PARTICIPANT'])
    await yuki('POST', `${base}/commit/${hash}/approve`)
    const commit = await yuki('GET', `${base}/commit/${hash}`)
    expect(commit.at('participants')).toEqual([approved.body])
    expect((await yuki('DELETE', `${base}/commit/${hash}/approve`)).status).toBe(204)
    expect((await yuki('DELETE', `${base}/commit/${hash}/approve`)).status).toBe(404)
  })

  test('are read by any revision, with their author’s account, between two revisions and for a path', async () => {
    const commit = await yuki('GET', `${base}/commit/${hash.slice(0, 12)}`)
    expect(commit.at('hash')).toBe(hash)
    expect(commit.at('author', 'user', 'display_name')).toBe('Tomas Okoye')
    expect(commit.at('author', 'raw')).toBe('Tomas Okoye <tomas@meadow-goods.example>')
    const fresh = await yuki('GET', `${base}/commits?include=feature%2Fsorted-search&exclude=main`)
    expect(fresh.values.map((one) => at(one, 'message'))).toEqual([
      'Say in the README how to search\n',
      'Let customers sort what they find\n',
    ])
    const touching = await yuki('GET', `${base}/commits/main?path=src/lib/hash.js`)
    expect(touching.values.map((one) => at(one, 'message'))).toEqual(['Hash passwords of the download area\n'])
    const slashed = await yuki('GET', `${base}/commits/feature/sorted-search?pagelen=1`)
    expect(slashed.values.map((one) => at(one, 'message'))).toEqual(['Say in the README how to search\n'])
    expect((await yuki('GET', `${base}/commits?include=gone`)).at('error', 'data')).toEqual({ shas: ['gone'] })
  })

  test('know their pull requests', async () => {
    const tip = (await yuki('GET', `${base}/pullrequests/4`)).at('source', 'commit', 'hash')
    const list = await yuki('GET', `${base}/commit/${tip}/pullrequests`)
    expect([list.at('pagelen'), list.values.map((one) => at(one, 'id'))]).toEqual([30, [4]])
  })

  test('have a diff, a diffstat and a patch, also the first one', async () => {
    const all = await yuki('GET', `${base}/commits/main?pagelen=100`)
    const root = at(all.values.at(-1), 'hash')
    expect((await yuki('GET', `${base}/diffstat/${root}`)).values.map((one) => at(one, 'status'))).toEqual([
      'added',
      'added',
      'added',
      'added',
    ])
    expect((await yuki('GET', `${base}/diff/${hash}`)).text).toContain('price is not null')
    expect((await yuki('GET', `${base}/patch/${hash}`)).text).toContain(
      'Subject: [PATCH] Hide products without a price',
    )
    const range = await yuki('GET', `${base}/diffstat/feature%2Fsorted-search..main`)
    expect(range.values.map((one) => at(one, 'new', 'path'))).toEqual(['README.md', 'src/routes/orders.js'])
  })
})

describe('source', () => {
  test('folders are paged by cursor, files are raw, meta is JSON', async () => {
    const root = await yuki('GET', `${base}/src/main/?pagelen=2`)
    expect(root.values).toHaveLength(2)
    expect(root.at('size')).toBeUndefined()
    const next = await yuki('GET', String(root.at('next')))
    expect([...root.values, ...next.values].map((one) => at(one, 'path'))).toEqual([
      'README.md',
      'bitbucket-pipelines.yml',
      'package.json',
      'src',
    ])
    expect(at(next.values[1], 'type')).toBe('commit_directory')
    const deep = await yuki('GET', `${base}/src/main/src?max_depth=2&pagelen=100`)
    expect(deep.values.map((one) => at(one, 'path'))).toContain('src/routes/orders.js')
    const file = await yuki('GET', `${base}/src/${hash}/package.json`)
    expect(JSON.parse(file.text)).toMatchObject({ name: 'storefront-api' })
    expect((await yuki('GET', `${base}/src/feature%2Fsorted-search/README.md`)).text).toContain('Search:')
    expect((await yuki('GET', `${base}/src/main/package.json?format=meta`)).at('size')).toBeGreaterThan(100)
    expect((await yuki('GET', `${base}/src`)).headers.get('location')).toBe(`${simulator.api}${base}/src/${hash}/`)
  })
})

describe('refs', () => {
  test('are listed by kind, named with slashes, made and deleted', async () => {
    expect((await yuki('GET', `${base}/refs?pagelen=100`)).values.map((one) => at(one, 'type'))).toContain('tag')
    const tags = await yuki('GET', `${base}/refs/tags?sort=-name`)
    expect(tags.values.map((one) => [at(one, 'name'), at(one, 'message')])[0]).toEqual(['v1.4.0', 'Release v1.4.0\n'])
    const made = await yuki('POST', `${base}/refs/branches`, { name: 'fix/one', target: { hash } })
    expect([made.status, made.at('name'), made.at('target', 'hash')]).toEqual([201, 'fix/one', hash])
    expect((await yuki('POST', `${base}/refs/branches`, { name: 'fix/one', target: { hash } })).status).toBe(400)
    expect((await yuki('DELETE', `${base}/refs/branches/fix/one`)).status).toBe(204)
    expect((await yuki('GET', `${base}/refs/branches/fix/one`)).status).toBe(404)
    expect((await yuki('GET', `${base}/refs/branches?q=name~"sorted"`)).values).toHaveLength(1)
  })
})

describe('comments on a commit', () => {
  test('are pinned, answered, edited, and announced once', async () => {
    const path = `${base}/commit/${hash}/comments`
    const made = await yuki('POST', path, { content: { raw: 'here' }, inline: { path: 'src/lib/hash.js', to: 4 } })
    expect([made.status, made.at('type'), made.at('inline', 'to')]).toEqual([201, 'commit_comment', 4])
    const event = await last()
    expect([event.key, at(event.body, 'commit', 'hash'), at(event.body, 'comment', 'id')]).toEqual([
      'repo:commit_comment_created',
      hash,
      made.at('id'),
    ])
    const reply = await yuki('POST', path, { content: { raw: 'and?' }, parent: { id: made.at('id') } })
    const edited = await yuki('PUT', `${path}/${made.at('id')}`, { content: { raw: 'there' } })
    expect([edited.status, edited.at('content', 'raw')]).toEqual([201, 'there'])
    expect((await yuki('DELETE', `${path}/${made.at('id')}`)).status).toBe(204)
    expect((await yuki('GET', `${path}/${made.at('id')}`)).at('deleted')).toBe(true)
    expect((await yuki('DELETE', `${path}/${reply.at('id')}`)).status).toBe(204)
    expect((await yuki('GET', `${path}/${reply.at('id')}`)).body).toEqual({
      type: 'error',
      error: { message: String(reply.at('id')) },
    })
    await simulator.flush()
    expect(receiver.caught.filter((one) => one.headers['x-event-key'] === 'repo:commit_comment_created')).toHaveLength(
      2,
    )
  })
})

describe('build statuses', () => {
  test('the same key overwrites, and says whether it is new', async () => {
    const path = `${base}/commit/${hash}/statuses/build`
    const status = { key: 'scan', state: 'INPROGRESS', url: 'https://weir.example/scan', refname: 'main' }
    expect((await yuki('POST', path, status)).status).toBe(201)
    expect((await last()).key).toBe('repo:commit_status_created')
    expect((await yuki('POST', path, { ...status, state: 'FAILED' })).at('state')).toBe('FAILED')
    const event = await last()
    expect([event.key, at(event.body, 'commit_status', 'refname')]).toEqual(['repo:commit_status_updated', 'main'])
    expect((await yuki('PUT', `${path}/scan`, { state: 'SUCCESSFUL' })).at('url')).toBe('https://weir.example/scan')
    const all = await yuki('GET', `${base}/commit/${hash}/statuses?q=key="scan"`)
    expect(all.values.map((one) => at(one, 'state'))).toEqual(['SUCCESSFUL'])
    expect((await yuki('POST', path, { key: 'x', state: 'GREAT', url: 'https://a.example' })).status).toBe(400)
    expect((await yuki('GET', `${path}/other`)).status).toBe(404)
  })

  test('a key has 40 characters at most, and is refused in the words that clients of the real one report', async () => {
    const path = `${base}/commit/${hash}/statuses/build`
    const status = { state: 'INPROGRESS', url: 'https://weir.example/scan' }
    expect((await yuki('POST', path, { ...status, key: 'k'.repeat(40) })).status).toBe(201)
    const long = await yuki('POST', path, { ...status, key: 'k'.repeat(48) })
    const text = 'Ensure this value has at most 40 characters (it has 48).'
    expect([long.status, long.at('error')]).toEqual([400, { message: `key: ${text}`, fields: { key: [text] } }])
  })
})

function annotation(id: number) {
  return {
    external_id: `a${id}`,
    annotation_type: 'VULNERABILITY',
    summary: `finding ${id}`,
    severity: 'HIGH',
    path: 'src/lib/hash.js',
    line: 4,
  }
}

describe('Code Insights', () => {
  test('a report takes annotations, a hundred at a time and a thousand in all', async () => {
    const path = `${base}/commit/${hash}/reports/weir-1`
    const report = await yuki('PUT', path, {
      title: 'Scan',
      details: '1 finding',
      report_type: 'SECURITY',
      result: 'FAILED',
      data: [{ title: 'Safe', type: 'BOOLEAN', value: false }],
    })
    expect([report.status, report.at('external_id'), report.at('result')]).toEqual([200, 'weir-1', 'FAILED'])
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_nothing, index) => annotation(from + index))
    expect((await yuki('POST', `${path}/annotations`, batch(0, 101))).status).toBe(400)
    for (let from = 0; from < 1000; from += 100)
      expect((await yuki('POST', `${path}/annotations`, batch(from, 100))).status).toBe(200)
    expect((await yuki('POST', `${path}/annotations`, batch(1000, 1))).status).toBe(400)
    expect((await yuki('POST', `${path}/annotations`, batch(999, 1))).status).toBe(200)
    expect((await yuki('GET', `${path}/annotations?pagelen=100`)).at('size')).toBe(1000)
    expect((await yuki('PUT', `${path}/annotations/a0`, { ...annotation(0), severity: 'LOW' })).at('severity')).toBe(
      'LOW',
    )
    expect((await yuki('GET', `${path}/annotations/a0`)).at('severity')).toBe('LOW')
    expect((await yuki('POST', `${path}/annotations`, [{ summary: 'no id' }])).status).toBe(400)
    expect((await yuki('PUT', path, { title: 'Scan' })).status).toBe(400)
    expect((await yuki('DELETE', path)).status).toBe(204)
    expect((await yuki('GET', path)).status).toBe(404)
  })
})
