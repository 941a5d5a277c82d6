import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createGitWork, twentyLines as file, type GitWork } from '../../test/git-work.ts'
import { findRemovals, type Place } from './find-removals.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-removals-'))
let made = 0
let git: GitWork['git']
let commit: GitWork['commit']
let save: GitWork['save']
let merge: GitWork['merge']
let mirror: GitWork['mirror']
let folder: GitWork['folder']
beforeEach(async () => {
  made += 1
  const work = await createGitWork(root, { organizationId: 'o', repositoryId: `r-${made}` })
  ;({ git, commit, save, merge, mirror, folder } = work)
})
afterAll(() => rmSync(root, { recursive: true }))

const path = 'src/a.js'
const at15: Place = { path, line: 15 }

type Asked = {
  seen: string
  gone: string
  isPartial?: boolean
  places?: readonly Place[]
  comparisonsAtMost?: number
}
const find = ({ isPartial = false, places = [at15], ...more }: Asked) =>
  findRemovals(folder, { isPartial, places, ...more })

describe('a place between two scans', () => {
  test('is removed by the merge that took its line, at the line it had moved to by then', async () => {
    const seen = await commit({ [path]: file() })
    await merge({ [path]: file({ 3: 'a\nb\nc' }) })
    const removal = await merge({ [path]: file({ 3: 'a\nb\nc', 15: null }) })
    await merge({ 'other.js': file() })
    mirror()
    const [fate] = await find({ seen, gone: git('rev-parse', 'main') })
    expect(fate).toEqual({ kind: 'removed', commit: removal, path, line: 17 })
  })

  test('is changed by a squash that wrote its line anew, and what comes later works on another line', async () => {
    const seen = await commit({ [path]: file() })
    const squash = await commit({ [path]: file({ 15: 'const line15 = escape(15)' }) })
    const gone = await commit({ [path]: file({ 15: null }) })
    mirror()
    expect(await find({ seen, gone })).toEqual([{ kind: 'changed', commit: squash, path, line: 15 }])
    expect(await find({ seen: seen.slice(0, 7), gone: gone.slice(0, 12) })).toMatchObject([{ commit: squash }])
  })

  test('goes with its file', async () => {
    const seen = await commit({ [path]: file() })
    git('rm', '-q', path)
    const removal = save()
    mirror()
    expect(await find({ seen, gone: removal })).toEqual([{ kind: 'removed', commit: removal, path, line: 15 }])
  })

  test('moves with its file, and is looked for where that is', async () => {
    const seen = await commit({ [path]: file() })
    git('mv', path, 'src/b.js')
    const moved = await commit({ 'src/b.js': file({ 2: null }) })
    mirror()
    expect(await find({ seen, gone: moved })).toEqual([{ kind: 'kept', path: 'src/b.js', line: 14 }])
    const removal = await commit({ 'src/b.js': file({ 2: null, 15: null }) })
    mirror()
    expect(await find({ seen, gone: removal })).toEqual([
      { kind: 'removed', commit: removal, path: 'src/b.js', line: 14 },
    ])
  })

  test('is kept where its neighbours changed, and where only the blanks before it did', async () => {
    const seen = await commit({ [path]: file() })
    const gone = await merge({ [path]: file({ 14: null, 15: '    const line15 = 15', 16: 'x()' }) })
    mirror()
    expect(await find({ seen, gone })).toEqual([{ kind: 'kept', path, line: 14 }])
  })

  test('is not mixed up with other places of the same scans', async () => {
    const seen = await commit({ [path]: file(), 'src/c.js': file({ 1: 'other()' }) })
    const first = await merge({ [path]: file({ 15: null }) })
    const second = await merge({ 'src/c.js': file({ 1: 'other()', 15: 'x()' }) })
    mirror()
    const places = [at15, { path: 'src/c.js', line: 15 }, { path: 'src/c.js', line: 16 }, { path: 'gone.js', line: 1 }]
    expect(await find({ seen, gone: second, places })).toEqual([
      { kind: 'removed', commit: first, path, line: 15 },
      { kind: 'changed', commit: second, path: 'src/c.js', line: 15 },
      { kind: 'kept', path: 'src/c.js', line: 16 },
      { kind: 'unknown', reason: 'no_file' },
    ])
  })

  test('is unknown where the commits are, or where no way of the branch leads from one to the other', async () => {
    const seen = await commit({ [path]: file() })
    git('checkout', '-q', '-b', 'apart')
    const elsewhere = await commit({ [path]: file({ 15: null }) })
    git('checkout', '-q', 'main')
    const gone = await commit({ [path]: file({ 15: null }), 'x.md': 'x' })
    mirror()
    const unknown = (reason: string) => [{ kind: 'unknown', reason }]
    expect(await find({ seen: 'f'.repeat(40), gone })).toEqual(unknown('commit_unknown'))
    expect(await find({ seen: '--all', gone })).toEqual(unknown('commit_unknown'))
    expect(await find({ seen: 'main', gone })).toEqual(unknown('commit_unknown'))
    expect(await find({ seen: elsewhere, gone })).toEqual(unknown('apart'))
    expect(await find({ seen: gone, gone: seen })).toEqual(unknown('apart'))
    expect(await find({ seen, gone: seen })).toEqual(unknown('apart'))
  })

  test('is unknown where too much happened; what was found before that stays found', async () => {
    const seen = await commit({ [path]: file(), 'src/c.js': file() })
    const first = await commit({ [path]: file({ 15: null }) })
    await commit({ 'src/c.js': file({ 1: null }) })
    const gone = await commit({ 'src/c.js': file({ 1: null, 15: null }) })
    mirror()
    const places = [at15, { path: 'src/c.js', line: 15 }]
    expect(await find({ seen, gone, places, comparisonsAtMost: 2 })).toMatchObject([
      { kind: 'removed', commit: first },
      { kind: 'unknown', reason: 'too_far' },
    ])
    expect(await find({ seen, gone, places, comparisonsAtMost: 3 })).toMatchObject([
      { commit: first },
      { commit: gone },
    ])
  })

  test('is unknown in a file the host left out, and found beside it', async () => {
    const seen = await commit({ [path]: file(), 'large.js': file().repeat(200) })
    const gone = await commit({ [path]: file({ 15: null }), 'large.js': file({ 15: null }).repeat(200) })
    mirror('4k')
    expect(await find({ seen, gone, isPartial: true })).toMatchObject([{ kind: 'removed', commit: gone }])
    expect(await find({ seen, gone, isPartial: true, places: [{ path: 'large.js', line: 15 }] })).toEqual([
      { kind: 'unknown', reason: 'left_out' },
    ])
  })

  test('has whatever name: no name is an option, a pattern or a second line', async () => {
    const names = ['--output=x', ':(glob)*', 'a "b"\t\u202e.js', '-z']
    const seen = await commit(Object.fromEntries(names.map((name) => [name, file({ 1: name.slice(0, 2) })])))
    const gone = await commit(Object.fromEntries(names.map((name) => [name, file({ 1: name.slice(0, 2), 15: null })])))
    mirror()
    const fates = await find({ seen, gone, places: [...names, 'a\nb', ''].map((name) => ({ path: name, line: 15 })) })
    expect(fates.map(({ kind }) => kind)).toEqual([...names.map(() => 'removed'), 'unknown', 'unknown'])
  })
})
