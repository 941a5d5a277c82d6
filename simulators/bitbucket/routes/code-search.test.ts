import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let yuki: Ask

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  yuki = askAs(simulator, 'yuki-brandt')
  const body = { 'demo/zebra.txt': 'alpha\nthe Quagga ran\nomega\n', 'demo/other.md': 'a quagga\n' }
  await yuki('POST', '/repositories/meadow-goods/ledger-core/src', new URLSearchParams(body).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  })
})
afterAll(async () => {
  await simulator.close()
})

async function search(query: string, who = 'workspaces/meadow-goods') {
  return await yuki('GET', `/${who}/search/code?${new URLSearchParams({ search_query: query }).toString()}`)
}

const paths = (values: unknown[]) => values.map((one) => at(one, 'file', 'path'))

test('finds lines whatever their case, with what stands around them', async () => {
  const found = await search('quagga')
  expect([found.at('size'), found.at('page'), found.at('pagelen'), found.at('query_substituted')]).toEqual([
    2,
    1,
    10,
    false,
  ])
  expect(paths(found.values)).toEqual(['demo/other.md', 'demo/zebra.txt'])
  expect(found.values[1]).toMatchObject({
    type: 'code_search_result',
    content_match_count: 1,
    content_matches: [
      {
        lines: [
          { line: 1, segments: [{ text: 'alpha' }] },
          { line: 2, segments: [{ text: 'the ' }, { text: 'Quagga', match: true }, { text: ' ran' }] },
          { line: 3, segments: [{ text: 'omega' }] },
        ],
      },
    ],
    path_matches: [{ text: 'demo/zebra.txt' }],
    file: { path: 'demo/zebra.txt', type: 'commit_file' },
  })
  expect(at(found.values[1], 'file', 'commit')).toBeUndefined()
})

test('finds paths, and keeps to what repo:, path: and ext: name', async () => {
  const byPath = await search('zebra')
  expect(at(byPath.values[0], 'path_matches')).toEqual([
    { text: 'demo/' },
    { text: 'zebra', match: true },
    { text: '.txt' },
  ])
  expect(paths((await search('quagga ext:md')).values)).toEqual(['demo/other.md'])
  expect(paths((await search('quagga path:zebra')).values)).toEqual(['demo/zebra.txt'])
  expect(paths((await search('quagga path:/demo/other')).values)).toEqual(['demo/other.md'])
  expect((await search('quagga path:/other')).values).toEqual([])
  expect((await search('quagga repo:storefront-api')).at('size')).toBe(0)
  expect(paths((await search('"the quagga" repo:ledger-core project:fin')).values)).toEqual(['demo/zebra.txt'])
  expect((await search('quagga zebra')).at('size')).toBe(0)
})

test('more is told when fields ask for it', async () => {
  const found = await yuki(
    'GET',
    '/workspaces/meadow-goods/search/code?search_query=quagga&fields=%2Bvalues.file.commit.repository',
  )
  expect(at(found.values[0], 'file', 'commit', 'repository', 'name')).toBe('ledger-core')
})

test('teams are workspaces, users own nothing, and each refuses the other', async () => {
  expect((await search('quagga', 'teams/meadow-goods')).at('size')).toBe(2)
  const me = String(simulator.users[0]?.uuid)
  expect((await search('quagga', `users/${encodeURIComponent(me)}`)).at('size')).toBe(0)
  expect((await search('quagga', `teams/mara-lind`)).status).toBe(400)
  expect((await search('quagga', `users/meadow-goods`)).status).toBe(400)
  expect((await search('')).at('error', 'data', 'key')).toBe('search.query.empty')
  expect((await yuki('GET', '/workspaces/meadow-goods/search/code')).at('error', 'data', 'key')).toBe(
    'search.query.missing',
  )
  const piet = askAs(simulator, 'piet-oosten')
  expect((await piet('GET', '/workspaces/meadow-goods/search/code?search_query=quagga')).status).toBe(403)
})
