import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { AppError } from '../lib/app-error.ts'

/** What git sends to the host when it is asked who we are; never longer lived than the command. */
export type GitSecret = { readonly username: string; readonly password: string }

export type GitCall = {
  gitDir: string
  args: readonly string[]
  /** Standard input, a line each. */
  lines?: Iterable<string>
  /** Takes objects from another folder than `gitDir`'s own. */
  objectFolder?: string
  /** The one transport git may use; without it git reaches nobody. */
  protocol?: 'https' | 'http'
  secret?: GitSecret
  timeoutMs?: number
  signal?: AbortSignal | undefined
  onStart?: (processId: number) => void
}

/** How a command ended. `error` is git's own text, shortened; it never holds a secret, since git was told none in words. */
export type GitEnd =
  | { kind: 'exit'; code: number; error: string }
  | { kind: 'missing' }
  | { kind: 'stopped'; why: 'timeout' | 'caller' }

/** Where systems keep git; the caller's own PATH is nobody's business here. */
const searchPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin'

/** Nothing of the machine's configuration, no prompts, no lazy fetches, no replacements, plain English. */
const quietEnvironment: Readonly<Record<string, string>> = {
  PATH: searchPath,
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_PROTOCOL_FROM_USER: '0',
}

const quietConfig = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'safe.directory=*',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  // Packs stay packs: many loose files are slow, and cannot be told from those of a command that was killed.
  'fetch.unpackLimit=1',
  'fetch.writeCommitGraph=true',
  'i18n.logOutputEncoding=UTF-8',
  'http.followRedirects=false',
  'http.proxy=',
  'http.lowSpeedLimit=500',
  'http.lowSpeedTime=60',
  'credential.helper=',
]

/** Reads the login from the pipe at descriptor 3, which git's own children inherit and nobody else can open. */
const pipeHelper = `credential.helper=!f() { test "$1" = get && IFS= read -r u <&3 && IFS= read -r p <&3 && printf 'username=%s\\npassword=%s\\n' "$u" "$p"; }; f`

/** git asks again for each connection it opens; a refusal ends it long before. */
const tellings = 4
const defaultTimeoutMs = 10 * 60_000
const errorBytes = 8000

type Running = { stdout: Readable; ended: Promise<GitEnd>; stop: () => void }
type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** Starts git in a process group of its own, which ends as a whole. Never rejects: `ended` tells. */
export function startGit(call: GitCall): Running {
  const configs = call.secret === undefined ? quietConfig : [...quietConfig, pipeHelper]
  const args = ['--git-dir', call.gitDir, ...configs.flatMap((config) => ['-c', config]), ...call.args]
  const child: Child = spawn('git', args, {
    cwd: '/',
    env: {
      ...quietEnvironment,
      GIT_ALLOW_PROTOCOL: call.protocol ?? 'none',
      ...(call.objectFolder !== undefined && { GIT_OBJECT_DIRECTORY: call.objectFolder }),
    },
    detached: true,
    stdio: call.secret === undefined ? ['pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  let stopped: 'timeout' | 'caller' | undefined
  const stopFor = (why: 'timeout' | 'caller'): void => {
    stopped ??= why
    endGroup(child.pid)
  }
  const timer = setTimeout(() => stopFor('timeout'), call.timeoutMs ?? defaultTimeoutMs)
  const onAbort = (): void => stopFor('caller')
  call.signal?.addEventListener('abort', onAbort, { once: true })
  if (call.signal?.aborted === true) onAbort()
  tellSecret(child, call.secret)
  feed(child.stdin, call.lines)
  const ended = waitForEnd(child, () => stopped).finally(() => {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', onAbort)
  })
  if (child.pid !== undefined) call.onStart?.(child.pid)
  return { stdout: child.stdout, ended, stop: onAbort }
}

/** Runs a short command to its end; its output is small. Throws as `requireGood` does. */
export async function gitText(call: GitCall): Promise<string> {
  const { stdout, ended } = startGit(call)
  const chunks: Buffer[] = []
  for await (const chunk of stdout) chunks.push(Buffer.from(chunk))
  requireGood(await ended, call)
  return Buffer.concat(chunks).toString('utf8')
}

/** Throws `unavailable`, with `git` in its meta: `missing`, `stopped`, or `damaged` when a mirror cannot be read. */
export function requireGood(end: GitEnd, { args }: Pick<GitCall, 'args'>): void {
  switch (end.kind) {
    case 'missing':
      throw new AppError('unavailable', gitMissing, { meta: { git: 'missing' } })
    case 'stopped':
      throw new AppError('unavailable', 'Reading the copy of the repository took too long or was stopped.', {
        meta: { git: 'stopped' },
      })
    case 'exit':
      if (end.code === 0) return
      throw new AppError(
        'unavailable',
        'The copy of the repository on disk cannot be read. It is made anew at the next read.',
        { cause: new Error(`git ${args[0] ?? ''} ended with ${end.code}: ${end.error}`), meta: { git: 'damaged' } },
      )
    default:
      return end satisfies never
  }
}

export const gitMissing =
  'The program git is not on this machine. Install git 2.37 or newer; commits, sizes and deployments are then read by themselves.'

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // Over already.
  }
}

function tellSecret(child: Child, secret: GitSecret | undefined): void {
  const pipe = child.stdio[3]
  if (secret === undefined || pipe === null || pipe === undefined || !('write' in pipe)) return
  pipe.on('error', () => undefined)
  for (let told = 0; told < tellings; told += 1) pipe.write(`${secret.username}\n${secret.password}\n`)
  child.on('close', () => pipe.destroy())
  child.on('exit', () => pipe.destroy())
}

/** git may end before it has read everything; its exit code says enough. */
function feed(stdin: Writable, lines: Iterable<string> | undefined): void {
  stdin.on('error', () => undefined)
  if (lines === undefined) stdin.end()
  else Readable.from(inPieces(lines)).pipe(stdin)
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (piece.length < 16_384) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

function waitForEnd(child: Child, whyStopped: () => 'timeout' | 'caller' | undefined): Promise<GitEnd> {
  let error = ''
  child.stderr.on('data', (chunk: Buffer) => {
    error = `${error}${chunk.toString('utf8')}`.slice(-errorBytes)
  })
  return new Promise((resolve) => {
    child.on('error', () => resolve({ kind: 'missing' }))
    child.on('close', (code) => {
      const why = whyStopped()
      if (why !== undefined) resolve({ kind: 'stopped', why })
      else resolve({ kind: 'exit', code: code ?? -1, error })
    })
  })
}
