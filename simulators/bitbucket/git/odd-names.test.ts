import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

const base = '/repositories/meadow-goods/storefront-api'
const odd = [
  'tab\there',
  'line\nend',
  'line\n--\nend',
  '"quoted"',
  "'q'",
  'grüße.txt',
  '-dash',
  ':(top)colon',
  'a:b',
  '*',
]
const path = (name: string) => `odd/${name}`
let simulator: Simulator
let mara: Ask
let clone: Clone

const files = (text: string) => Object.fromEntries(odd.map((name) => [path(name), text]))

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
  clone = await openClone(simulator, { slug: 'storefront-api', username: 'mara-lind' })
  await clone.git('checkout', '-q', '-b', 'begin')
  await clone.commit('Begin', { ...files('one\nneedle\nthree\n'), 'odd/binary\tfile': 'a\u0000b' })
  await clone.git('checkout', '-q', '-b', 'mine')
  await clone.commit('Mine', files('one\nneedle mine\nthree\n'))
  await clone.git('checkout', '-q', '-b', 'theirs', 'begin')
  await clone.commit('Theirs', files('one\nneedle theirs\nthree\n'))
  await clone.git('checkout', '-q', '-b', 'moved', 'begin')
  await clone.git('mv', 'odd', 'new\tfolder')
  await clone.commit('Moved')
  await clone.git('push', '-q', 'origin', 'begin', 'mine', 'theirs', 'moved', '+begin:main')
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
})

const sorted = (names: unknown[]) => names.map(String).toSorted()
const escaped = (name: string) => encodeURIComponent(name)

test('a listing has every name, and each leads to its file', async () => {
  const folder = await mara('GET', `${base}/src/begin/odd/?pagelen=100`)
  expect(sorted(folder.values.map((one) => at(one, 'path')))).toEqual(
    sorted([...odd, 'binary\tfile'].map((name) => path(name))),
  )
  const isBinary = folder.values.filter((one) => String(at(one, 'attributes')) === 'binary')
  expect(isBinary.map((one) => at(one, 'path'))).toEqual(['odd/binary\tfile'])
  for (const name of odd) {
    const address = `${base}/src/begin/odd/${escaped(name)}`
    expect([name, (await mara('GET', address)).text]).toEqual([name, 'one\nneedle\nthree\n'])
    expect((await mara('GET', `${address}?format=meta`)).at('path')).toBe(path(name))
  }
})

test('the history of every name is its own, with its sizes', async () => {
  for (const name of odd) {
    const history = await mara('GET', `${base}/filehistory/mine/odd/${escaped(name)}`)
    expect(history.values.map((one) => [at(one, 'path'), at(one, 'size')])).toEqual([
      [path(name), 22],
      [path(name), 17],
    ])
    const commits = await mara('GET', `${base}/commits/mine?path=${escaped(path(name))}`)
    expect(commits.values).toHaveLength(2)
  }
})

test('a diffstat counts every name, changed, renamed or binary', async () => {
  const stat = await mara('GET', `${base}/diffstat/mine..begin?pagelen=100`)
  expect(
    stat.values.map((one) => [at(one, 'new', 'path'), at(one, 'lines_added'), at(one, 'status')]).toSorted(),
  ).toEqual(odd.map((name) => [path(name), 1, 'modified']).toSorted())
  const moved = await mara('GET', `${base}/diffstat/moved..begin?pagelen=100`)
  expect(sorted(moved.values.map((one) => at(one, 'new', 'path')))).toEqual(
    sorted([...odd, 'binary\tfile'].map((name) => `new\tfolder/${name}`)),
  )
  const one = await mara('GET', `${base}/diffstat/mine..begin?path=${escaped(path('line\nend'))}`)
  expect(one.values.map((each) => at(each, 'new', 'path'))).toEqual(['odd/line\nend'])
  expect((await mara('GET', `${base}/diff/moved..begin?binary=false&renames=false`)).text).not.toContain('Binary files')
})

test('a conflict is told of under its name', async () => {
  const found = await mara('GET', `${base}/file-conflicts/mine..theirs?pagelen=100`)
  expect(found.values.map((one) => [at(one, 'path'), at(one, 'scenario')]).toSorted()).toEqual(
    odd.map((name) => [path(name), 'content']).toSorted(),
  )
  const merged = await mara('GET', `${base}/diffstat/mine..theirs?merge=true&pagelen=100`)
  expect(merged.values.map((one) => at(one, 'status'))).toEqual(odd.map(() => 'merge conflict'))
})

test('a search finds a file of any name', async () => {
  const found = await mara(
    'GET',
    '/workspaces/meadow-goods/search/code?search_query=needle+repo:storefront-api&pagelen=100',
  )
  expect(sorted(found.values.map((one) => at(one, 'file', 'path')))).toEqual(sorted(odd.map((name) => path(name))))
  expect(found.values.map((one) => at(one, 'content_match_count'))).toEqual(odd.map(() => 1))
})

test.each(['..%2Fx', 'odd%2F..%2F..%2Fx', 'odd%2F%2F..', '%2F..%2Fetc', 'a%00b'])(
  'a path that no tree has is refused: %s',
  async (text) => {
    const asked = [
      ...['src/begin', 'filehistory/begin'].map((where) => `${where}/${text}`),
      ...['commits/begin', 'diff/mine..begin', 'diffstat/mine..begin'].map((where) => `${where}?path=${text}`),
    ]
    for (const where of asked) {
      const answer = await mara('GET', `${base}/${where}`)
      expect([where, answer.status, answer.at('type')]).toEqual([where, where.includes('?') ? 400 : 404, 'error'])
    }
  },
)
