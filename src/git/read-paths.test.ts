import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MirrorFolder, mirrorFolder } from './mirror-folder.ts'
import { readPaths } from './read-paths.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-paths-'))
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

async function commit(files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), content)
  }
  git('add', '-A')
  git('commit', '-q', '-m', 'change')
  return git('rev-parse', 'HEAD')
}

/** The mirror as a host hands it over that leaves out every file. */
function mirrorFolders(): void {
  rmSync(folder.mirror, { recursive: true, force: true })
  git('config', 'uploadpack.allowFilter', 'true')
  git('clone', '-q', '--bare', '--no-local', '--filter=blob:none', `file://${work}`, folder.mirror)
}

test('names of changed files are read without the files, whatever they are called; a renamed one has both', async () => {
  const named = 'f'.repeat(40)
  const base = await commit({ 'a.ts': 'a\n', 'kept.ts': 'kept\n', 'old name.ts': 'one\ntwo\nthree\n' })
  git('mv', 'old name.ts', 'moved.ts')
  const head = await commit({ 'a.ts': 'b\n', [named]: 'x\n', ':100644 odd\n"name".ts': 'y\n', 'go.sum': 'z\n' })
  mirrorFolders()
  const [first, empty, second] = await readPaths(folder, [
    { from: undefined, to: base },
    { from: head, to: head },
    { from: base, to: head },
  ])
  expect(first).toEqual({ paths: ['a.ts', 'kept.ts', 'old name.ts'], count: 3 })
  expect(empty).toEqual({ paths: [], count: 0 })
  expect(second?.paths.toSorted()).toEqual(
    [':100644 odd\n"name".ts', 'a.ts', named, 'go.sum', 'moved.ts', 'old name.ts'].toSorted(),
  )
  expect(await readPaths(folder, [])).toEqual([])
})

test('of a change of more than a thousand files a thousand are named, and all are counted', async () => {
  const base = git('rev-parse', 'HEAD')
  const many = Object.fromEntries(Array.from({ length: 1203 }, (_, at) => [`many/${at}.ts`, `${at}\n`]))
  const head = await commit(many)
  mirrorFolders()
  const [found] = await readPaths(folder, [{ from: base, to: head }])
  expect([found?.paths.length, found?.count]).toEqual([1000, 1203])
})
