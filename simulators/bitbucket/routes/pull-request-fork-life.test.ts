import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { transferRepository } from '../operations/transfer-repository.ts'
import type { Ask } from '../try-api.ts'
import { forked, from, openForkStage, ownFork, type Stage } from '../try-fork.ts'
import { remoteUrl } from '../try-git.ts'

let stage: Stage
let mara: Ask
let tomas: Ask
const ws = '/repositories/meadow-goods'
const shop = forked
const pulls = `${shop}/pullrequests`

beforeAll(async () => {
  stage = await openForkStage()
  ;({ mara, tomas } = stage)
})
afterAll(async () => await stage.close())

const sourceOf = async (path: string) => (await mara('GET', path)).at('source')
const tipOf = async (branch: string) =>
  String((await tomas('GET', `/repositories/${ownFork}/refs/branches/${branch}`)).at('target', 'hash')).slice(0, 12)

describe('a fork that changes', () => {
  test('renamed or transferred it stays the source', async () => {
    await stage.fork('moving-shop')
    await stage.commit('news', { 'moving.txt': 'news\n' }, { fullName: 'meadow-goods/moving-shop', ask: tomas })
    const path = await stage.open('news', { source: from('news', 'meadow-goods/moving-shop') })
    await mara('PUT', `${ws}/moving-shop`, { name: 'moved-shop' })
    expect(at(await sourceOf(path), 'repository', 'full_name')).toBe('meadow-goods/moved-shop')
    const { sim } = stage.simulator
    const repository = sim.repositories.find(({ slug }) => slug === 'moved-shop')
    const actor = sim.people.find(({ username }) => username === 'mara-lind')
    if (repository === undefined || actor === undefined) throw new Error('nothing was forked')
    transferRepository(sim, { repository, actor }, 'elsewhere')
    expect(at(await sourceOf(path), 'repository', 'full_name')).toBe('elsewhere/moved-shop')
    await stage.commit('news', { 'moving.txt': 'more\n' }, { fullName: 'elsewhere/moved-shop', ask: mara })
    expect((await mara('GET', `${path}/commits`)).values).toHaveLength(2)
    // From another workspace as well.
    await stage.commit('more-news', { 'more.txt': 'more\n' }, { fullName: 'elsewhere/moved-shop', ask: mara })
    const source = from('more-news', 'elsewhere/moved-shop')
    expect((await mara('POST', pulls, { title: 'Elsewhere', source })).status).toBe(201)
  })

  test('without its branch it keeps the diff, lists no commits and cannot be merged until the branch is back', async () => {
    const branch = 'feature/branchless'
    const hash = await stage.push(branch, { 'branchless.txt': 'one\n' })
    const path = await stage.open(branch)
    await stage.clone.git('push', '--quiet', 'origin', `:${branch}`)
    expect((await mara('GET', `${path}/commits`)).values).toEqual([])
    expect((await mara('POST', `${path}/merge`, {})).status).toBe(400)
    expect((await stage.follow(`${path}/diff`)).text).toContain('+one')
    await stage.clone.git('push', '--quiet', 'origin', `${hash}:refs/heads/${branch}`)
    expect((await mara('POST', `${path}/merge`, {})).status).toBe(200)
  })

  test('deleted it leaves no repository and no commit behind, and still a diff', async () => {
    await stage.fork('gone-shop')
    await stage.commit('news', { 'gone.txt': 'news\n' }, { fullName: 'meadow-goods/gone-shop', ask: tomas })
    const path = await stage.open('news', { source: from('news', 'meadow-goods/gone-shop') })
    expect((await mara('DELETE', `${ws}/gone-shop`)).status).toBe(204)
    const read = await mara('GET', path)
    expect(read.at('state')).toBe('OPEN')
    expect(read.at('source')).toEqual({ branch: { name: 'news', links: {} }, commit: null, repository: null })
    expect((await mara('GET', `${path}/activity`)).status).toBe(200)
    expect((await mara('GET', `${path}/commits`)).status).toBe(404)
    expect((await stage.follow(`${path}/diff`)).text).toContain('+news')
    expect((await mara('POST', `${path}/merge`, {})).status).toBe(400)
    expect((await tomas('POST', `${path}/decline`)).status).toBe(200)
  })
})

test('git is told of no source of a pull request, and cannot write one', async () => {
  const password = stage.simulator.users.find(({ username }) => username === 'mara-lind')?.api_token ?? ''
  const url = remoteUrl(stage.simulator, 'storefront-api', { user: 'x-bitbucket-api-token-auth', password })
  const listed = await stage.clone.git('ls-remote', url)
  expect(listed).toContain('refs/heads/main')
  expect(listed).not.toContain('pull-requests')
  await expect(stage.clone.git('push', '--quiet', url, 'HEAD:refs/pull-requests/1/from')).rejects.toThrow(/hidden ref/)
  expect((await mara('GET', `${shop}/refs`)).values.map((one) => at(one, 'name'))).not.toContain('1/from')
})

describe('at once', () => {
  test('pushes to a fork and merges into its parent wait for nobody for ever, and nothing is lost', async () => {
    const branches = ['race/one', 'race/two', 'race/three']
    for (const branch of branches) await stage.push(branch, { [`${branch}.txt`]: 'one\n' })
    const paths: string[] = []
    for (const branch of branches) paths.push(await stage.open(branch, { close_source_branch: true }))
    const merging = paths.map(async (path) => (await tomas('POST', `${path}/merge`, {})).status)
    const pushing = branches.map(async (branch) => {
      await stage.commit(branch, { [`${branch}-more.txt`]: 'more\n' })
    })
    expect(await Promise.all(merging)).toEqual([200, 200, 200])
    await Promise.all(pushing)
    for (const branch of branches) {
      const file = `${branch}-more.txt`
      const onFork = await tomas('GET', `/repositories/${ownFork}/src/${encodeURIComponent(branch)}/${file}`)
      const merged = await mara('GET', `${shop}/src/main/${file}`)
      expect([onFork.status, merged.status]).toContain(200)
    }
    for (const path of paths) expect((await mara('GET', path)).at('state')).toBe('MERGED')
  })

  test('a pull request that is opened during a push stands where the push ended', async () => {
    await stage.push('race/open', { 'open.txt': 'one\n' })
    const more = stage.commit('race/open', { 'open.txt': 'two\n' })
    const [path] = await Promise.all([stage.open('race/open'), more])
    expect(at(await sourceOf(path), 'commit', 'hash')).toBe(await tipOf('race/open'))
  })
})
