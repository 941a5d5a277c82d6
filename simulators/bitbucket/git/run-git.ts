import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { badRequest, notFound, type SimulatorError } from '../simulator-error.ts'
import { launcherFor } from './launcher.ts'
import { ensureUnpacked } from './unpack-on-demand.ts'

/** Nothing of the machine's configuration, no prompts, no hooks, no helpers: the same answer everywhere. */
export const gitEnvironment: Record<string, string> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CONFIG_COUNT: '5',
  GIT_CONFIG_KEY_0: 'core.hooksPath',
  GIT_CONFIG_VALUE_0: '/dev/null',
  GIT_CONFIG_KEY_1: 'gc.auto',
  GIT_CONFIG_VALUE_1: '0',
  GIT_CONFIG_KEY_2: 'safe.directory',
  GIT_CONFIG_VALUE_2: '*',
  GIT_CONFIG_KEY_3: 'core.quotePath',
  GIT_CONFIG_VALUE_3: 'false',
  // What a simulator keeps ends with it: nothing has to outlive a power cut.
  GIT_CONFIG_KEY_4: 'core.fsync',
  GIT_CONFIG_VALUE_4: 'none',
}

export interface GitResult {
  code: number
  stdout: Buffer
  stderr: string
}

export interface GitInput {
  stdin?: string | Uint8Array
  environment?: Record<string, string>
  /** For what may take for ever: ends git, and the helpers that git itself leaves behind. */
  signal?: AbortSignal
}

/** In bytes: what the system passes to a program in one argument, and in all of them, is more. */
const longestArgument = 64 * 1024
const longestArguments = 1024 * 1024

/** Names, revisions and paths come from callers: what no program can be told names nothing either. Throws 400. */
function assertSayable(args: string[], environment: Record<string, string> = {}): void {
  const texts = [...args, ...Object.values(environment)]
  const sizes = texts.map((text) => Buffer.byteLength(text))
  const isTooLong =
    sizes.some((size) => size > longestArgument) || sizes.reduce((sum, size) => sum + size, 0) > longestArguments
  if (isTooLong || texts.some((text) => text.includes('\0'))) throw badRequest('Bad request')
}

/** Runs git in a bare repository and hands back whatever it says; a non-zero exit code is no exception. */
export async function tryGit(directory: string, args: string[], input: GitInput = {}): Promise<GitResult> {
  assertSayable(args, input.environment)
  await ensureUnpacked(directory)
  return await startGit(directory, args, input)
}

/** Deleted since the request found it. */
function gone(): SimulatorError {
  return notFound('Repository not found')
}

/** The same in a folder that is only just being made. */
export async function startGit(directory: string, args: string[], input: GitInput = {}): Promise<GitResult> {
  try {
    return await (launcherFor(directory)?.run(directory, args, input) ?? spawnGit(directory, args, input))
  } catch (error) {
    if (!existsSync(directory)) throw gone()
    throw error
  }
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader)
  } catch {
    // Over already.
  }
}

/** The same, by this very process. */
export async function spawnGit(directory: string, args: string[], input: GitInput = {}): Promise<GitResult> {
  return await new Promise((resolve, reject) => {
    const { environment, signal } = input
    const child = spawn('git', args, {
      cwd: directory,
      env: { ...gitEnvironment, ...environment },
      // A group of its own, so that it can be ended as a whole.
      detached: signal !== undefined,
    })
    const end = () => endGroup(child.pid)
    signal?.addEventListener('abort', end, { once: true })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, endedBy) => {
      signal?.removeEventListener('abort', end)
      // Somebody ended it: whatever it was asked, that is no answer.
      if (code === null) reject(new Error(`git ${args[0] ?? ''} was ended by ${endedBy ?? 'a signal'}`))
      else resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') })
    })
    // git may end before it has read everything; its exit code says enough.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input.stdin ?? '')
  })
}

/** Runs git and throws when it fails. */
export async function runGit(directory: string, args: string[], input: GitInput = {}): Promise<Buffer> {
  const result = await tryGit(directory, args, input)
  if (result.code !== 0 && !existsSync(directory)) throw gone()
  if (result.code !== 0) throw new Error(`git ${args[0] ?? ''} failed (${result.code}): ${result.stderr.trim()}`)
  return result.stdout
}

export async function gitText(directory: string, args: string[], input: GitInput = {}): Promise<string> {
  return (await runGit(directory, args, input)).toString('utf8')
}
