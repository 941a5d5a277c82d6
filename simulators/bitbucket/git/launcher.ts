import { fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject, numberAt, stringAt } from '../../shared/json.ts'
import type { GitInput, GitResult } from './run-git.ts'

interface Launcher {
  run: (directory: string, args: string[], input: GitInput) => Promise<GitResult>
  close: () => Promise<void>
}

/** By the folder that the repositories of one running simulator lie in. */
const launchers = new Map<string, Launcher>()

/**
 * To start a program, a process is copied, and for one of hundreds of megabytes that takes longer than git does, while
 * nobody else is answered. From now on git in the folders below `root` is started by a small process of its own.
 */
export function startLauncher(root: string): void {
  const child = fork(fileURLToPath(new URL('./launcher-process.ts', import.meta.url)), { serialization: 'advanced' })
  const waiting = new Map<number, { resolve: (result: GitResult) => void; reject: (error: Error) => void }>()
  let last = 0
  child.on('message', (message: unknown) => {
    const id = numberAt(message, 'id') ?? 0
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    const result = readResult(message)
    if (result !== undefined) resolve?.(result)
    else reject?.(new Error(stringAt(message, 'problem') ?? 'git could not be started'))
  })
  const ended = once(child, 'exit')
  child.on('exit', () => {
    launchers.delete(root)
    for (const { reject } of waiting.values()) reject(new Error('git was stopped'))
  })
  launchers.set(root, {
    run: async (directory, args, input) =>
      await new Promise((resolve, reject) => {
        const id = (last += 1)
        waiting.set(id, { resolve, reject })
        child.send({ id, directory, args, input })
      }),
    close: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  })
}

export async function stopLauncher(root: string): Promise<void> {
  await launchers.get(root)?.close()
}

/** What starts git in a folder; undefined where this process does it itself. */
export function launcherFor(directory: string): Launcher | undefined {
  return launchers.get(dirname(directory))
}

function readResult(message: unknown): GitResult | undefined {
  const result = isObject(message) ? message['result'] : undefined
  const [code, stderr] = [numberAt(result, 'code'), stringAt(result, 'stderr')]
  const stdout = isObject(result) ? result['stdout'] : undefined
  if (code === undefined || stderr === undefined || !(stdout instanceof Uint8Array)) return undefined
  return { code, stderr, stdout: Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength) }
}
