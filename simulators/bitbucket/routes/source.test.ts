import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

const base = '/repositories/meadow-goods/storefront-api'
let simulator: Simulator
let yuki: Ask
let clone: Clone

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  yuki = askAs(simulator, 'yuki-brandt')
  clone = await openClone(simulator, { slug: 'storefront-api', username: 'yuki-brandt' })
  await clone.git('checkout', '-q', '--orphan', 'things')
  await clone.git('rm', '-q', '-r', '-f', '.')
  await clone.commit('Begin', {
    'README.txt': 'one\ntwo\nthree\nfour\n',
    'pixel.png': 'a\u0000b',
    'a/deep/down/file.py': 'print(1)\n',
    'a/near.json': '{}',
    'a b/x#y.txt': 'odd',
  })
  await clone.git('mv', 'README.txt', 'README.md')
  await clone.commit('Rename')
  await clone.commit('Extend', { 'README.md': '# one\ntwo\nthree\nfour\n' })
  await clone.git('push', '-q', 'origin', 'things')
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
})

const names = (values: unknown[], key: string) => values.map((one) => at(one, key))

test('meta is the record of a file or folder, with its marks', async () => {
  const file = await yuki('GET', `${base}/src/things/pixel.png?format=meta`)
  const hash = (await clone.git('rev-parse', 'HEAD')).trim()
  expect([file.at('attributes'), file.at('mimetype'), file.at('size'), file.at('commit', 'hash')]).toEqual([
    ['binary'],
    'image/png',
    3,
    hash,
  ])
  expect(file.at('links', 'history', 'href')).toBe(`${simulator.api}${base}/filehistory/${hash}/pixel.png`)
  const folder = await yuki('GET', `${base}/src/things/a?format=meta`)
  expect([folder.at('type'), folder.at('size')]).toEqual(['commit_directory', undefined])
})

test('rendered is the markup of the few types that have one', async () => {
  const page = await yuki('GET', `${base}/src/things/README.md?format=rendered`)
  expect([page.at('type'), page.at('raw')]).toEqual(['rendered', '# one\ntwo\nthree\nfour\n'])
  expect(page.at('html')).toContain('<h1')
  expect((await yuki('GET', `${base}/src/things/a/near.json?format=rendered`)).status).toBe(400)
})

test('a file is what it is: type by its name, attached, tagged by its content', async () => {
  const file = await yuki('GET', `${base}/src/things/a/near.json`)
  expect(file.headers.get('content-type')).toBe('application/json')
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="near.json"')
  const tag = String(file.headers.get('etag'))
  const older = await yuki('GET', `${base}/src/${(await clone.git('rev-parse', 'HEAD~2')).trim()}/a/near.json`)
  expect(older.headers.get('etag')).toBe(tag)
  expect((await yuki('GET', `${base}/src/things/a/near.json`, undefined, { 'if-none-match': tag })).status).toBe(304)
  expect((await yuki('GET', `${base}/src/things/a%20b/x%23y.txt`)).text).toBe('odd')
})

test('a listing goes down level by level, and can be filtered and sorted', async () => {
  const all = await yuki('GET', `${base}/src/things/?max_depth=9&pagelen=100`)
  expect(names(all.values, 'path')).toEqual([
    'README.md',
    'a b',
    'a',
    'pixel.png',
    'a b/x#y.txt',
    'a/deep',
    'a/near.json',
    'a/deep/down',
    'a/deep/down/file.py',
  ])
  expect(names((await yuki('GET', `${base}/src/things/?max_depth=2`)).values, 'path')).toHaveLength(7)
  const query = (text: string) => `${base}/src/things/?max_depth=9&${new URLSearchParams({ q: text }).toString()}`
  expect(names((await yuki('GET', query('attributes = "binary"'))).values, 'path')).toEqual(['pixel.png'])
  expect(names((await yuki('GET', query('type = "commit_directory" and path ~ "deep"'))).values, 'path')).toEqual([
    'a/deep',
    'a/deep/down',
  ])
  const sorted = await yuki('GET', `${query('type = "commit_file" and size > 2')}&sort=-size&pagelen=2`)
  expect(names(sorted.values, 'path')).toEqual(['README.md', 'a/deep/down/file.py'])
  const rest = await yuki('GET', String(sorted.at('next')))
  expect(names(rest.values, 'path').toSorted()).toEqual(['a b/x#y.txt', 'pixel.png'])
  expect((await yuki('GET', query('colour = "red"'))).status).toBe(400)
  simulator.switches.deepestSource = 5
  expect((await yuki('GET', `${base}/src/things/?max_depth=9`)).status).toBe(555)
  simulator.switches.deepestSource = null
})

test('the history of a file goes on under its former name, and ends there without renames', async () => {
  const history = await yuki('GET', `${base}/filehistory/things/README.md`)
  expect(history.values.map((one) => [at(one, 'path'), at(one, 'size')])).toEqual([
    ['README.md', 21],
    ['README.md', 19],
    ['README.txt', 19],
  ])
  expect([at(history.values[0], 'commit', 'date'), at(history.values[0], 'type')]).toEqual([undefined, 'commit_file'])
  const plain = await yuki('GET', `${base}/filehistory/things/README.md?renames=false`)
  expect(names(plain.values, 'path')).toEqual(['README.md', 'README.md'])
  const dates = await yuki('GET', `${base}/filehistory/things/README.md?fields=values.path,values.commit.date`)
  expect(dates.body).toEqual({
    values: ['README.md', 'README.md', 'README.txt'].map((path) => ({
      path,
      commit: { date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    })),
  })
  const early = await yuki('GET', `${base}/filehistory/things/README.md?q=commit.date<2020-01-01`)
  expect(early.values).toEqual([])
  expect((await yuki('GET', `${base}/filehistory/things/nothing.md`)).at('error', 'message')).toBe(
    'No such file or directory: nothing.md',
  )
})

test('without a commit it leads to the main branch, parameters and all', async () => {
  const reply = await yuki('GET', `${base}/src?max_depth=2`)
  const hash = (await clone.git('rev-parse', 'origin/main')).trim()
  expect([reply.status, reply.headers.get('location')]).toEqual([
    302,
    `${simulator.api}${base}/src/${hash}/?max_depth=2`,
  ])
})
