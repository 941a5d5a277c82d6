import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { gitText } from '../git/run-git.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

const shop = '/repositories/meadow-goods/storefront-api'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
let simulator: Simulator
let receiver: Receiver
let yuki: Ask

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  yuki = askAs(simulator, 'yuki-brandt')
  const events = ['repo:push', 'pullrequest:updated']
  await askAs(simulator, 'mara-lind')('POST', `${shop}/hooks`, { url: receiver.url, events })
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function post(fields: [string, string][]) {
  return await yuki('POST', `${shop}/src`, new URLSearchParams(fields).toString(), form)
}

async function tip(branch: string): Promise<string> {
  return String((await yuki('GET', `${shop}/refs/branches/${branch}`)).at('target', 'hash'))
}

async function git(...args: string[]): Promise<string> {
  return await gitText(simulator.sim.repositories[0]?.directory ?? '', args)
}

test('an urlencoded form commits to the main branch, with message and author, and is a push', async () => {
  const before = await tip('main')
  const made = await post([
    ['/docs/hello.txt', 'Hello, world.\n'],
    ['/message', 'a file called message\n'],
    ['message', 'Greet'],
    ['author', 'Ada Example <ada@example.org>'],
  ])
  const hash = await tip('main')
  expect([made.status, made.text, made.headers.get('location')]).toEqual([
    201,
    '',
    `${simulator.api}${shop}/commit/${hash}`,
  ])
  const commit = await yuki('GET', `${shop}/commit/${hash}`)
  expect([commit.at('message'), commit.at('author', 'raw'), commit.at('committer', 'raw')]).toEqual([
    'Greet\n',
    'Ada Example <ada@example.org>',
    'Yuki Brandt <yuki@meadow-goods.example>',
  ])
  expect((await git('rev-parse', 'main^')).trim()).toBe(before)
  expect((await yuki('GET', `${shop}/src/main/docs/hello.txt`)).text).toBe('Hello, world.\n')
  expect((await yuki('GET', `${shop}/src/main/message`)).text).toBe('a file called message\n')
  await simulator.flush()
  expect(receiver.caught.map((one) => one.headers['x-event-key'])).toEqual(['repo:push'])
})

test('a multipart form takes bytes as they are, executables and links, and deletes what it only names', async () => {
  const body = new FormData()
  const bytes = new Uint8Array([0, 255, 13, 10, 0])
  body.append('bin/data', new Blob([bytes]), 'data')
  body.append('message', 'Bytes')
  body.append('files', '/docs/hello.txt')
  expect((await yuki('POST', `${shop}/src`, body)).status).toBe(201)
  expect((await git('cat-file', '-s', 'main:bin/data')).trim()).toBe('5')
  expect((await yuki('GET', `${shop}/src/main/docs/hello.txt`)).status).toBe(404)
  const parts = [
    ['bin/run.sh', 'executable', '#!/bin/sh\n'],
    ['latest', 'link', 'bin/run.sh'],
  ].map(
    ([name, attribute, text]) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="f"; x-attributes="${attribute}"\r\n\r\n${text}\r\n`,
  )
  const raw = await yuki('POST', `${shop}/src`, `${parts.join('')}--b--\r\n`, {
    'content-type': 'multipart/form-data; boundary=b',
  })
  expect(raw.status).toBe(201)
  expect((await git('ls-tree', 'main', 'bin/run.sh', 'latest')).split('\n').map((line) => line.slice(0, 6))).toEqual([
    '100755',
    '120000',
    '',
  ])
  const meta = await yuki('GET', `${shop}/src/main/latest?format=meta`)
  expect([meta.at('attributes'), meta.at('size')]).toEqual([['link'], 10])
})

test('a commit on the source of a pull request moves it', async () => {
  receiver.caught.length = 0
  expect(
    (
      await post([
        ['branch', 'feature/sorted-search'],
        ['NOTES.md', 'x'],
      ])
    ).status,
  ).toBe(201)
  const hash = await tip('feature/sorted-search')
  expect((await yuki('GET', `${shop}/pullrequests/4`)).at('source', 'commit', 'hash')).toBe(hash.slice(0, 12))
  await simulator.flush()
  expect(receiver.caught.map((one) => one.headers['x-event-key']).toSorted()).toEqual([
    'pullrequest:updated',
    'repo:push',
  ])
})

test('a new branch starts at the main branch, or at the parent that is named', async () => {
  const main = await tip('main')
  await post([
    ['branch', 'from-main'],
    ['a.txt', 'a'],
  ])
  expect((await git('rev-parse', 'from-main^')).trim()).toBe(main)
  expect(await tip('main')).toBe(main)
  const older = (await git('rev-parse', 'main~2')).trim()
  expect(
    (
      await post([
        ['branch', 'from-parent'],
        ['parents', older],
      ])
    ).status,
  ).toBe(201)
  expect((await git('rev-parse', 'from-parent^')).trim()).toBe(older)
  expect((await git('diff', '--name-only', 'from-parent', older)).trim()).toBe('')
})

test('a parent that is not the tip of the branch any more is a conflict', async () => {
  const older = (await git('rev-parse', 'main~1')).trim()
  expect(
    (
      await post([
        ['parents', older],
        ['b.txt', 'b'],
      ])
    ).status,
  ).toBe(409)
  expect(
    (
      await post([
        ['branch', 'from-main'],
        ['parents', older],
        ['b.txt', 'b'],
      ])
    ).status,
  ).toBe(409)
  expect(
    (
      await post([
        ['parents', await tip('main')],
        ['b.txt', 'b'],
      ])
    ).status,
  ).toBe(201)
})

const badFields: [string, string][][] = [
  [['files', 'not/there.txt']],
  [['../etc/passwd', 'x']],
  [['.git/config', 'x']],
  [['a//b', 'x']],
  [
    ['a.txt', 'x'],
    ['author', 'nobody'],
  ],
  [
    ['a.txt', 'x'],
    ['branch', 'a..b'],
  ],
  [
    ['a.txt', 'x'],
    ['branch', 'one'],
    ['branch', 'two'],
  ],
  [
    ['a.txt', 'x'],
    ['parents', 'gone'],
  ],
  [['message', 'nothing to commit']],
]

test.each(badFields)('%j and its like are refused with 400', async (...fields) => {
  const before = await tip('main')
  expect((await post(fields)).status).toBe(400)
  expect(await tip('main')).toBe(before)
})

test('who may not write may not commit', async () => {
  const piet = askAs(simulator, 'piet-oosten')
  expect((await piet('POST', `${shop}/src`, 'a=b', form)).status).toBe(403)
})

test('the first commit of an empty repository names its main branch', async () => {
  const mara = askAs(simulator, 'mara-lind')
  await mara('POST', '/repositories/meadow-goods/fresh', { scm: 'git', project: { key: 'FIN' } })
  const made = await mara('POST', '/repositories/meadow-goods/fresh/src', 'branch=trunk&README.md=Fresh', form)
  expect(made.status).toBe(201)
  const repository = await mara('GET', '/repositories/meadow-goods/fresh')
  expect(repository.at('mainbranch', 'name')).toBe('trunk')
  expect((await mara('GET', '/repositories/meadow-goods/fresh/commits')).values).toHaveLength(1)
})
