import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../../simulators/bitbucket/simulator.ts'
import { createAddressGuard } from '../lib/address-guard.ts'
import { fetchMirror } from './fetch-mirror.ts'
import { type GitCredential, toGitLogin } from './git-login.ts'
import { deleteMirror, listMirrors, lockMirror, measureFolder, mirrorFolder } from './mirror-folder.ts'
import { pinAddress } from './pin-address.ts'
import { readCommits } from './read-commits.ts'
import { readGraph } from './read-graph.ts'

let simulator: Awaited<ReturnType<typeof startSimulator>>
let root: string
const roomy = { maxBytes: 1e9, keepFreeBytes: 0 }

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  root = await mkdtemp(join(tmpdir(), 'weir-mirror-'))
})
afterAll(async () => {
  await simulator.close()
  await rm(root, { recursive: true, force: true })
})

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

let made = 0
const nextKey = () => {
  made += 1
  const id = `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`
  return { organizationId: id, repositoryId: id }
}
const token = () => simulator.users.find(({ username }) => username === 'mara-lind')?.api_token ?? ''
const urlOf = (slug: string) => new URL(`${simulator.web}/meadow-goods/${slug}.git`)
const directoryOf = (slug: string) => simulator.sim.repositories.find((one) => one.slug === slug)?.directory ?? ''
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...who } }).trim()
const who = {
  GIT_AUTHOR_NAME: 'Ines "the\tnib" O\'Hara <x>',
  GIT_AUTHOR_EMAIL: 'ines@meadow-goods.example',
  GIT_COMMITTER_NAME: 'Ines',
  GIT_COMMITTER_EMAIL: 'ines@meadow-goods.example',
}

type Wish = {
  key?: ReturnType<typeof nextKey>
  slug?: string
  url?: URL
  credential?: GitCredential
  limits?: typeof roomy
}

async function fetch({ key = nextKey(), slug = 'storefront-api', ...wish }: Wish = {}) {
  const folder = mirrorFolder(root, key)
  const lock = await lockMirror(folder)
  if (lock === undefined) throw new Error('Another test holds this mirror.')
  try {
    const { url = urlOf(slug), credential = { kind: 'api_token', token: token() }, limits = roomy } = wish
    const fetched = await fetchMirror({ folder, url, secret: toGitLogin(credential), pinned: undefined, limits })
    return { key, folder, fetched }
  } finally {
    lock.release()
  }
}

test('all branches are fetched, and what came since the last time', async () => {
  const directory = directoryOf('storefront-api')
  const { key, folder, fetched } = await fetch()
  const heads = git(directory, 'rev-list', '--no-walk=unsorted', '--branches', '--tags').split('\n')
  expect(fetched.heads.toSorted()).toEqual([...new Set(heads)].toSorted())
  expect(fetched).toMatchObject({ operations: 1, isPartial: false })
  expect(fetched.bytes).toBe(await measureFolder(folder.mirror))
  expect(fetched.bytes).toBeGreaterThan(5000)
  const next = git(directory, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'Two\n\nlines')
  git(directory, 'update-ref', 'refs/heads/main', next)
  const again = await fetch({ key })
  expect(again.fetched.heads).toContain(next)
  const [commit] = await all(readCommits(again.folder, [next]))
  expect(commit).toMatchObject({
    sha: next,
    parents: [git(directory, 'rev-parse', `${next}^`)],
    authorName: 'Ines "the\tnib" O\'Hara x',
    authorEmail: 'ines@meadow-goods.example',
    message: 'Two\n\nlines\n',
  })
})

test('what a forced push dropped, and what a deleted branch held, stays known', async () => {
  const directory = directoryOf('ledger-core')
  const make = (parent: string, text: string) =>
    git(directory, 'commit-tree', `${parent}^{tree}`, '-p', parent, '-m', text)
  const [one, dropped] = [make('main', 'one'), make('main', 'dropped')]
  const lost = make(dropped, 'lost')
  git(directory, 'update-ref', 'refs/heads/work', lost)
  git(directory, 'update-ref', 'refs/heads/merged', git(directory, 'rev-parse', 'main'))
  const { key } = await fetch({ slug: 'ledger-core' })
  git(directory, 'update-ref', 'refs/heads/work', one)
  git(directory, 'update-ref', '-d', 'refs/heads/merged')
  const { folder } = await fetch({ key, slug: 'ledger-core' })
  const graph = await readGraph(folder)
  for (const sha of [one, dropped, lost]) expect(graph.find(sha.slice(0, 12))).toMatchObject({ kind: 'found' })
  const kept = git(folder.mirror, 'for-each-ref', '--format=%(refname)', 'refs/kept')
  expect(kept).toBe(`refs/kept/${lost}`)
})

test.each([
  [
    'a token that is refused',
    { credential: { kind: 'api_token', token: 'ATATT-wrong' } },
    'remote_unauthorized',
    'Renew',
  ],
  [
    'an app password',
    { credential: { kind: 'app_password', username: 'mara-lind', password: 'x' } },
    'remote_gone',
    'API token',
  ],
  ['a repository that is gone', { slug: 'never-was' }, 'remote_not_found', 'does not have'],
  ['a host that does not answer', { url: new URL('http://127.0.0.1:9/x/y.git') }, 'remote_unavailable', 'tried again'],
] satisfies [string, Wish, string, string][])('%s is told in a sentence', async (_what, wish, code, text) => {
  const app = simulator.app_password
  const isApp = 'credential' in wish && wish.credential?.kind === 'app_password'
  const credential = isApp ? { credential: { kind: 'app_password', ...app } as const } : {}
  await expect(fetch({ ...wish, ...credential })).rejects.toMatchObject({ code, detail: expect.stringContaining(text) })
})

test('somebody without rights is refused, and a limit of the host is said', async () => {
  const outsider = simulator.users.find(({ username }) => username === 'piet-oosten')?.api_token ?? ''
  await expect(fetch({ credential: { kind: 'api_token', token: outsider } })).rejects.toMatchObject({
    code: expect.stringMatching(/^remote_(forbidden|not_found)$/),
  })
})

test('an access token goes under its own name', async () => {
  const { fetched } = await fetch({ credential: { kind: 'access_token', token: simulator.workspace_access_token } })
  expect(fetched.heads.length).toBeGreaterThan(3)
})

test('the credential is in no argument and in no environment while git has it', async () => {
  const seen: string[] = []
  const logins: string[] = []
  const key = nextKey()
  const host = createServer((request, reply) => {
    const { authorization } = request.headers
    if (authorization === undefined) {
      reply.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return
    }
    logins.push(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString())
    // Git waits for this answer: it and its helpers are there to be looked at.
    void readProcesses(mirrorFolder(root, key).mirror).then((texts) => {
      seen.push(...texts)
      return reply.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  const address = host.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await expect(fetch({ key, url: new URL(`http://127.0.0.1:${port}/x/y.git`) })).rejects.toMatchObject({
    code: 'remote_not_found',
  })
  host.close()
  expect(logins).toEqual([`x-bitbucket-api-token-auth:${token()}`])
  expect(seen.join('\n')).toContain('remote-http')
  expect(seen.filter((text) => text.includes(token()))).toEqual([])
})

/** Command lines and environments of every git that works in a folder, and of its helpers. */
async function readProcesses(folder: string): Promise<string[]> {
  const tell = (id: string, file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '')
  const found: string[] = []
  for (const id of await readdir('/proc')) {
    const environment = /^\d+$/.test(id) ? await tell(id, 'environ') : ''
    const command = environment === '' ? '' : await tell(id, 'cmdline')
    if (command.includes(folder) || environment.includes(`GIT_DIR=${folder}`)) found.push(command, environment)
  }
  return found
}

test('the credential is in no file', async () => {
  const { folder } = await fetch()
  const entries = await readdir(join(folder.mirror, '..'), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  expect(paths.length).toBeGreaterThan(5)
  expect(paths.filter((_, at) => contents[at]?.includes(token()))).toEqual([])
})

test('one process at a time works on a mirror; what a killed one left is cleared away', async () => {
  const { key, folder } = await fetch()
  const lock = await lockMirror(folder)
  expect(await lockMirror(folder)).toBeUndefined()
  lock?.release()
  // As a killed process leaves them: a git of its own in our folder, its locks, half a pack.
  const orphan = spawn('git', ['--git-dir', folder.mirror, 'cat-file', '--batch'], { detached: true, stdio: 'pipe' })
  const ended = new Promise((resolve) => orphan.on('close', (_code, signal) => resolve(signal)))
  await writeFile(folder.running, String(orphan.pid))
  await writeFile(join(folder.mirror, 'packed-refs.lock'), '')
  await writeFile(join(folder.objects, 'pack/tmp_pack_x1'), 'PACK')
  const { fetched } = await fetch({ key })
  expect(await ended).toBe('SIGKILL')
  expect(fetched.heads.length).toBeGreaterThan(3)
  expect((await readdir(join(folder.objects, 'pack'))).filter((name) => name.startsWith('tmp_'))).toEqual([])
})

test('a process that only has the same number as the one that was killed is left alone', async () => {
  const { key, folder } = await fetch()
  const stranger = spawn('sleep', ['20'], { detached: true })
  await writeFile(folder.running, String(stranger.pid))
  await fetch({ key })
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
  stranger.kill()
})

test('too large a copy, and too full a disk, are said before and while it is fetched', async () => {
  const { key } = await fetch()
  await expect(fetch({ key, limits: { maxBytes: 1000, keepFreeBytes: 0 } })).rejects.toMatchObject({
    code: 'unavailable',
    detail: expect.stringContaining('WEIR_GIT_REPOSITORY_MB'),
  })
  await expect(fetch({ limits: { maxBytes: 1e9, keepFreeBytes: 1e18 } })).rejects.toMatchObject({
    detail: expect.stringContaining('WEIR_GIT_FREE_MB'),
  })
})

test('a copy is deleted, but not while somebody works on it', async () => {
  const { key, folder } = await fetch()
  const lock = await lockMirror(folder)
  expect(await deleteMirror(root, key)).toBe(false)
  lock?.release()
  expect(await listMirrors(root)).toContainEqual(key)
  expect(await deleteMirror(root, key)).toBe(true)
  expect(await listMirrors(root)).not.toContainEqual(key)
})

test('git connects only where other requests may go', async () => {
  const resolve = (_host: string, done: (error: null, found: { address: string; family: number }[]) => void) =>
    done(null, [{ address: '93.184.216.34', family: 4 }])
  const inside = (_host: string, done: (error: null, found: { address: string; family: number }[]) => void) =>
    done(null, [{ address: '10.0.0.7', family: 4 }])
  const url = new URL('https://bitbucket.example/x/y.git')
  expect(await pinAddress(createAddressGuard([], resolve), url)).toBe('bitbucket.example:443:93.184.216.34')
  await expect(pinAddress(createAddressGuard([], inside), url)).rejects.toMatchObject({ code: 'address_refused' })
  expect(await pinAddress(createAddressGuard(['bitbucket.example:443'], inside), url)).toBeUndefined()
  const literal = new URL('http://169.254.169.254/x/y.git')
  await expect(pinAddress(createAddressGuard([], resolve), literal)).rejects.toMatchObject({ code: 'address_refused' })
})
