import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MirrorFolder, mirrorFolder } from './mirror-folder.ts'
import { type Origins, originLimits, readOrigins } from './read-origins.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-origins-'))
const work = join(root, 'work')
const folder: MirrorFolder = mirrorFolder(root, { organizationId: 'o', repositoryId: 'r' })
const env = {
  PATH: '/usr/bin:/bin',
  GIT_AUTHOR_NAME: 'Ida',
  GIT_AUTHOR_EMAIL: 'ida@meadow-goods.example',
  GIT_COMMITTER_NAME: 'Ida',
  GIT_COMMITTER_EMAIL: 'ida@meadow-goods.example',
}
const git = (...args: string[]) => execFileSync('git', args, { cwd: work, encoding: 'utf8', env }).trim()

beforeAll(async () => {
  await mkdir(work)
  git('init', '-q', '-b', 'main')
  await mkdir(dirname(folder.mirror), { recursive: true })
  git('init', '-q', '--bare', folder.view)
})
afterAll(() => rmSync(root, { recursive: true }))

async function commit(files: Record<string, string | Buffer>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), content)
  }
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', 'change')
  return git('rev-parse', 'HEAD')
}
function mirror(without?: string): void {
  rmSync(folder.mirror, { recursive: true, force: true })
  git('config', 'uploadpack.allowFilter', 'true')
  const filter = without === undefined ? [] : [`--filter=blob:limit=${without}`]
  git('clone', '-q', '--bare', '--no-local', ...filter, `file://${work}`, folder.mirror)
}
const read = (from: string | undefined, to: string, more = {}) =>
  readOrigins(folder, { change: { from, to }, isPartial: false, ...more })
const plain = (origins: Origins) =>
  origins.kind === 'read' ? { newLines: origins.newLines, origins: Object.fromEntries(origins.origins) } : origins
const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')

test('lines that go are told by the commit that wrote them, lines that come in no other’s place are new', async () => {
  const first = await commit({ 'a.ts': text('one', 'two', 'three', 'four'), 'gone.ts': text('x', 'y') })
  const second = await commit({ 'a.ts': text('one', 'TWO', 'three', 'four', 'five') })
  git('rm', '-q', 'gone.ts')
  const third = await commit({
    // “TWO” is replaced by two lines, “four” goes, two come at the end.
    'a.ts': text('one', 'deux', 'zwei', 'three', 'five', 'six', 'seven'),
    'b.ts': text('new'),
    'package-lock.json': text('a', 'b', 'c'),
    'picture.png': Buffer.from([0, 1, 0]),
  })
  mirror()
  expect(plain(await read(second, third))).toEqual({
    // One of the two for “TWO”, two at the end, one of b.ts.
    newLines: 4,
    // “four”, and both of gone.ts; “TWO”.
    origins: { [first]: 3, [second]: 1 },
  })
  expect(plain(await read(undefined, first))).toEqual({ newLines: 6, origins: {} })
  expect(plain(await read(third, third))).toEqual({ newLines: 0, origins: {} })
})

test('a renamed file keeps who wrote its lines, whatever it is called; contents that look like a patch are contents', async () => {
  const odd = ':(icase)-L1 "odd"\nname.ts'
  const base = await commit({ [odd]: text(...Array.from({ length: 20 }, (_, at) => `kept ${at}`), '-- a', '++ b') })
  git('mv', '--', odd, 'plain.ts')
  const moved = await commit({})
  const lines = Array.from({ length: 20 }, (_, at) => (at === 7 ? 'diff --git a/x b/x' : `kept ${at}`))
  const head = await commit({ 'plain.ts': text(...lines, '@@ -1,9 +1,9 @@', '++ b') })
  mirror()
  expect(plain(await read(base, moved))).toEqual({ newLines: 0, origins: {} })
  expect(plain(await read(base, head))).toEqual({ newLines: 0, origins: { [base]: 2 } })
  expect(plain(await read(moved, head))).toEqual({ newLines: 0, origins: { [base]: 2 } })
})

test('what is too large, takes too long or is not there is left out, each for its reason', async () => {
  const base = await commit({
    'many.ts': text(...Array.from({ length: 50 }, (_, at) => `${at}`)),
    'other.ts': text('a'),
  })
  const head = await commit({ 'many.ts': text('none'), 'other.ts': text('b') })
  mirror()
  const limits = (some: Partial<typeof originLimits>) => ({ limits: { ...originLimits, ...some } })
  // 50 lines go and one comes in many.ts, one each in other.ts.
  expect(await read(base, head, limits({ lines: 53 }))).toMatchObject({ kind: 'read' })
  expect(await read(base, head, limits({ lines: 52 }))).toEqual({ kind: 'left_out', reason: 'too_many_lines' })
  expect(await read(base, head, limits({ files: 1 }))).toEqual({ kind: 'left_out', reason: 'too_many_lines' })
  expect(await read(base, head, limits({ blameMs: 0 }))).toEqual({ kind: 'left_out', reason: 'too_slow_to_blame' })
  expect(await read('a'.repeat(40), head)).toEqual({ kind: 'left_out', reason: 'files_missing' })
  await expect(read(base, head, { signal: AbortSignal.abort() })).rejects.toMatchObject({ meta: { git: 'stopped' } })
})

test('files the host left out for their size count no lines; a file that once was one is not told', async () => {
  const base = await commit({
    'huge.sql': text(...Array.from({ length: 3000 }, (_, at) => `row ${at}`)),
    's.ts': text('a'),
  })
  const small = await commit({ 'huge.sql': text('row 0', 'row 1'), 's.ts': text('b') })
  const head = await commit({ 'huge.sql': text('row 0', 'row one') })
  mirror('5k')
  expect(plain(await read(base, small, { isPartial: true }))).toEqual({ newLines: 0, origins: { [base]: 1 } })
  expect(await read(small, head, { isPartial: true })).toEqual({ kind: 'left_out', reason: 'files_missing' })
})

test('new lines and replaced ones are each hunk’s greater side, and every line that goes has one origin', async () => {
  const line = fc.constantFrom('a', 'b', 'c', 'd')
  const file = fc.array(line, { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(file, file, file, async (one, two, three) => {
      await commit({ 'law.ts': text(...one) })
      const from = await commit({ 'law.ts': text(...two) })
      const to = await commit({ 'law.ts': text(...three) })
      mirror()
      const found = await read(from, to)
      const [added = 0, removed = 0] = git('diff', '--numstat', from, to, '--', 'law.ts').split('\t').map(Number)
      const gone = found.kind === 'read' ? [...found.origins.values()].reduce((all, lines) => all + lines, 0) : -1
      const fresh = found.kind === 'read' ? found.newLines : -1
      expect(gone).toBe(removed)
      expect(fresh).toBeGreaterThanOrEqual(Math.max(0, added - removed))
      expect(fresh).toBeLessThanOrEqual(added)
    }),
    { numRuns: 12 },
  )
})
