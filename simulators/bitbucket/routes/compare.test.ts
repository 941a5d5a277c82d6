import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'

const base = '/repositories/meadow-goods/storefront-api'
let simulator: Simulator
let yuki: Ask
let clone: Clone

const lines = Array.from({ length: 40 }, (_nothing, index) => `line ${index + 1}`)

function text(changes: Record<number, string> = {}): string {
  return lines.map((line, index) => `${changes[index + 1] ?? line}\n`).join('')
}

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  yuki = askAs(simulator, 'yuki-brandt')
  clone = await openClone(simulator, { slug: 'storefront-api', username: 'yuki-brandt' })
  await clone.git('checkout', '-q', '-b', 'base')
  await clone.commit('Begin', { 'long.txt': text(), 'gone.txt': text(), 'old-name.txt': text({ 1: 'other' }) })
  await clone.git('checkout', '-q', '-b', 'topic')
  await clone.git('mv', 'old-name.txt', 'new-name.txt')
  await clone.git('rm', '-q', 'gone.txt')
  await clone.commit('Topic', { 'long.txt': text({ 20: 'TOPIC' }), 'blob.bin': 'a\u0000b', 'caf\u00e9.txt': 'x\n' })
  await clone.git('checkout', '-q', 'base')
  await clone.commit('Base', { 'long.txt': text({ 20: 'BASE' }), 'gone.txt': text({ 3: 'kept' }), 'new.txt': 'new\n' })
  await clone.git('checkout', '-q', '-b', 'spaced')
  await clone.commit('Spaced', { 'long.txt': text({ 20: '  BASE', 21: 'line  21' }) })
  await clone.git('push', '-q', 'origin', 'base', 'topic', 'spaced')
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
})

async function paths(spec: string): Promise<unknown[]> {
  const reply = await yuki('GET', `${base}/diffstat/${spec}`)
  return reply.values.map((one) => [at(one, 'status'), at(one, 'old', 'path') ?? null, at(one, 'new', 'path') ?? null])
}

test('without parameters a range counts from the common ancestor, and renames are found', async () => {
  const topic = [
    ['added', null, 'blob.bin'],
    ['added', null, 'café.txt'],
    ['removed', 'gone.txt', null],
    ['modified', 'long.txt', 'long.txt'],
    ['renamed', 'old-name.txt', 'new-name.txt'],
  ]
  expect(await paths('topic..base')).toEqual(topic)
  expect(await paths('topic..base?topic=true')).toEqual(topic)
  expect(await paths('topic..base?renames=false&path=new-name.txt&path=old-name.txt')).toEqual([
    ['added', null, 'new-name.txt'],
    ['removed', 'old-name.txt', null],
  ])
})

test('topic=false and merge=false compare the two ends', async () => {
  const removed = ['removed', 'new.txt', null]
  expect(await paths('topic..base?topic=false')).toContainEqual(removed)
  expect(await paths('topic..base?merge=false')).toContainEqual(removed)
  expect(await paths('topic..base')).not.toContainEqual(removed)
})

test('merge=true compares the destination with what a merge would make, conflicts named', async () => {
  const found = await paths('topic..base?merge=true')
  expect(found).toContainEqual(['merge conflict', 'long.txt', 'long.txt'])
  expect(found).toContainEqual(['renamed', 'old-name.txt', 'new-name.txt'])
  expect((await yuki('GET', `${base}/diff/topic..base?merge=true&path=long.txt`)).text).toContain('<<<<<<<')
  expect((await yuki('GET', `${base}/diff/topic..base?merge=true&topic=true`)).status).toBe(400)
})

test('context, ignore_whitespace, binary and path shape a diff', async () => {
  const diff = async (query: string) => (await yuki('GET', `${base}/diff/${query}`)).text
  const contextOf = (found: string) => found.split('\n').filter((line) => line.startsWith(' line')).length
  expect(contextOf(await diff('topic..base?path=long.txt'))).toBe(6)
  expect(contextOf(await diff('topic..base?path=long.txt&context=1'))).toBe(2)
  expect(contextOf(await diff('topic..base?path=long.txt&context=0'))).toBe(0)
  expect(await diff('spaced..base?ignore_whitespace=true')).toBe('')
  expect(await diff('spaced..base')).toContain('+line  21')
  expect((await yuki('GET', `${base}/diffstat/spaced..base?ignore_whitespace=true`)).values).toEqual([])
  expect(await diff('topic..base')).toContain('Binary files /dev/null and b/blob.bin differ')
  expect(await diff('topic..base?binary=false')).not.toContain('blob.bin')
  expect(await diff('topic..base?path=gone.txt&path=blob.bin')).not.toContain('long.txt')
  expect(await diff('topic..base')).toContain('diff --git a/café.txt b/café.txt')
  expect((await yuki('GET', `${base}/diff/topic..base?context=many`)).status).toBe(400)
  expect((await yuki('GET', `${base}/diff/topic..base`)).headers.get('content-type')).toBe('text/plain')
})

test('conflicts of a range are named with what happened', async () => {
  const reply = await yuki('GET', `${base}/file-conflicts/topic..base`)
  expect(reply.values).toEqual([
    {
      type: 'file_conflict',
      path: 'gone.txt',
      scenario: 'delete_modify',
      message: 'File deleted in source, modified in destination',
    },
    {
      type: 'file_conflict',
      path: 'long.txt',
      scenario: 'content',
      message: 'File modified in both source and destination',
    },
  ])
  expect([reply.at('pagelen'), reply.at('size')]).toEqual([500, 2])
  const other = await yuki('GET', `${base}/file-conflicts/base..topic`)
  expect(other.values.map((one) => at(one, 'scenario'))).toEqual(['modify_delete', 'content'])
  expect((await yuki('GET', `${base}/file-conflicts/spaced..base`)).values).toEqual([])
})

test('a patch is a mail for a commit, merges too, and a series for a range', async () => {
  const series = await yuki('GET', `${base}/patch/topic..base`)
  expect(series.text.match(/^Subject: .*$/gm)).toEqual(['Subject: [PATCH] Topic'])
  expect((await yuki('GET', `${base}/patch/spaced..main`)).text.match(/^Subject: .*$/gm)).toEqual([
    'Subject: [PATCH 1/3] Begin',
    'Subject: [PATCH 2/3] Base',
    'Subject: [PATCH 3/3] Spaced',
  ])
  await clone.git('checkout', '-q', '-b', 'merged', 'spaced')
  await clone.git('merge', '-q', '--strategy=ours', '--message', 'Bring topic in', 'topic')
  await clone.git('push', '-q', 'origin', 'merged')
  const merge = await yuki('GET', `${base}/patch/merged`)
  expect(merge.text).toContain('Subject: [PATCH] Bring topic in')
})

test('the spec of a pull request names its repository; parameters go along with the redirect', async () => {
  const redirect = await yuki('GET', `${base}/pullrequests/4/diff?context=0&path=README.md`)
  expect(redirect.status).toBe(302)
  const location = String(redirect.headers.get('location'))
  expect(location).toMatch(/:[0-9a-f]{12}%0D[0-9a-f]{12}\?from_pullrequest_id=4&topic=true&context=0&path=README.md$/)
  const diff = await yuki('GET', location)
  expect(diff.text).toContain('README.md')
  expect(diff.text).not.toContain('orders.js')
  const conflicts = await yuki(
    'GET',
    String((await yuki('GET', `${base}/pullrequests/4/conflicts`)).headers.get('location')),
  )
  expect([conflicts.status, conflicts.values]).toEqual([200, []])
})

test('what is too large takes too long, when the switch says so', async () => {
  simulator.switches.largestDiff = 100
  for (const path of ['diff', 'diffstat', 'patch'])
    expect((await yuki('GET', `${base}/${path}/topic..base`)).status).toBe(555)
  expect((await yuki('GET', `${base}/diff/topic..base?path=caf%C3%A9.txt&context=0`)).status).toBe(555)
  simulator.switches.largestDiff = null
  expect((await yuki('GET', `${base}/diff/topic..base`)).status).toBe(200)
})

test('a merge base is the common ancestor', async () => {
  const expected = (await clone.git('merge-base', 'topic', 'base')).trim()
  expect((await yuki('GET', `${base}/merge-base/topic..base`)).at('hash')).toBe(expected)
  expect((await yuki('GET', `${base}/merge-base/topic..gone`)).status).toBe(404)
})
