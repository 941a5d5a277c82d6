import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MirrorFolder, mirrorFolder } from './mirror-folder.ts'
import { readCommits } from './read-commits.ts'
import { readSizes } from './read-sizes.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-sizes-'))
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

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

const lines = (count: number, word = 'line') =>
  `${Array.from({ length: count }, (_, at) => `${word} ${at}`).join('\n')}\n`

async function commit(files: Record<string, string | Buffer>, message = 'change'): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), content)
  }
  git('add', '-A')
  git('commit', '-q', '-m', message)
  return git('rev-parse', 'HEAD')
}

/** The mirror as a host would hand it over; `without`: it leaves out files larger than this. */
function mirror(without?: string): void {
  rmSync(folder.mirror, { recursive: true, force: true })
  git('config', 'uploadpack.allowFilter', 'true')
  const filter = without === undefined ? [] : [`--filter=blob:limit=${without}`]
  git('clone', '-q', '--bare', '--no-local', ...filter, `file://${work}`, folder.mirror)
}

test('lines are counted without what nobody wrote; renames are none; binary files have no lines', async () => {
  const base = await commit({ 'a.ts': lines(10), 'old name.ts': lines(30, 'kept') })
  git('mv', 'old name.ts', 'moved.ts')
  const head = await commit({
    'a.ts': `${lines(10)}more\n`,
    'package-lock.json': lines(500),
    'web/Yarn.lock': lines(400),
    'web/app.min.js': lines(90),
    'vendor/lib/x.go': lines(70),
    'node_modules/x/index.js': lines(60),
    'picture.png': Buffer.from([0, 1, 2, 0, 255]),
    'with\nline end "and" quotes\t.ts': lines(2),
    ['f'.repeat(40)]: lines(3),
  })
  mirror()
  const sizes = await readSizes(folder, {
    isPartial: false,
    changes: [
      { from: base, to: head },
      { from: undefined, to: base },
      { from: head, to: head },
    ],
  })
  expect(sizes).toEqual([
    { added: 1 + 2 + 3, removed: 0, files: 5 },
    { added: 40, removed: 0, files: 2 },
    { added: 0, removed: 0, files: 0 },
  ])
})

test('what the host left out for its size is left out of the count, and asks nobody', async () => {
  const base = await commit({ 'small.ts': lines(5) })
  const big = await commit({ 'small.ts': lines(6), 'huge.sql': lines(9000) })
  const next = await commit({ 'small.ts': lines(8), 'huge.sql': `${lines(9000)}x\n` })
  mirror('20k')
  const changes = [
    { from: base, to: big },
    { from: big, to: next },
    { from: base, to: base },
  ]
  const sizes = await readSizes(folder, { isPartial: true, changes })
  expect(sizes).toEqual([
    { added: 1, removed: 0, files: 1 },
    { added: 2, removed: 0, files: 1 },
    { added: 0, removed: 0, files: 0 },
  ])
})

test('500 changes take one run of git', async () => {
  const tree = git('rev-parse', 'HEAD^{tree}')
  const empty = git('commit-tree', tree, '-p', 'HEAD', '-m', 'nothing')
  git('update-ref', 'refs/heads/empty', empty)
  const [head, before] = [git('rev-parse', 'main'), git('rev-parse', 'main^')]
  mirror()
  const changes = Array.from({ length: 500 }, (_, at) =>
    at % 2 === 0 ? { from: before, to: head } : { from: head, to: empty },
  )
  const startedMs = performance.now()
  const sizes = await readSizes(folder, { isPartial: false, changes })
  expect(sizes).toHaveLength(500)
  expect(sizes.filter(({ files }) => files === 0)).toHaveLength(250)
  expect(performance.now() - startedMs).toBeLessThan(5000)
})

test('dates no calendar has, texts that are no UTF-8 and very long messages become a commit all the same', async () => {
  const tree = git('rev-parse', 'HEAD^{tree}')
  const bytes = Buffer.concat([
    Buffer.from(`tree ${tree}\nauthor Ren`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(' <ren@x> 99999999999999 +0000\ncommitter Ren <ren@x> 12 +9999\n\n'),
    Buffer.from('m'.repeat(200_000)),
  ])
  const sha = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
    cwd: work,
    env,
    input: bytes,
  })
    .toString()
    .trim()
  git('update-ref', 'refs/heads/odd', sha)
  mirror()
  const [odd] = await all(readCommits(folder, [sha]))
  expect(odd).toMatchObject({ sha, authorEmail: 'ren@x', parents: [] })
  expect(odd?.authorName).toMatch(/^Ren\uFFFD/)
  expect(odd?.message).toHaveLength(8000)
  expect(odd?.authoredAt.getUTCFullYear()).toBeLessThanOrEqual(9999)
  expect(odd?.committedAt).toEqual(new Date(12_000))
})
