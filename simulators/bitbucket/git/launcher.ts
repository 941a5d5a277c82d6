import { type ChildProcess, fork } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject, numberAt, stringAt } from '../../shared/json.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { GitInput, GitResult } from './run-git.ts'

interface Launcher {
  run: (directory: string, args: string[], input: GitInput) => Promise<GitResult>
  close: () => Promise<void>
}

interface LauncherProcess extends Launcher {
  isOver: () => boolean
}

/** By the folder that the repositories of one running simulator lie in: all that a call to git knows of it. */
const launchers = new Map<string, Launcher>()

/**
 * To start a program, a process is copied, and for one of hundreds of megabytes that takes longer than git does, while
 * nobody else is answered. From now on git in the folders below `root` is started by a small process of its own. When
 * that one dies, what it was doing fails, and the next command gets another.
 */
export function startLauncher(root: string): void {
  let current = startProcess()
  launchers.set(root, {
    run: async (directory, args, input) => {
      if (current.isOver()) current = startProcess()
      return await current.run(directory, args, input)
    },
    close: async () => {
      launchers.delete(root)
      await current.close()
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

function died(): SimulatorError {
  return new SimulatorError(503, 'git was stopped while it worked on this request.')
}

/** Settles when the process is over, or was never there. */
async function endOf(child: ChildProcess, atEnd: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.on('error', () => {
      if (child.pid === undefined) resolve()
    })
  })
  atEnd()
}

function startProcess(): LauncherProcess {
  const child = fork(fileURLToPath(new URL('./launcher-process.ts', import.meta.url)), { serialization: 'advanced' })
  const waiting = new Map<number, { resolve: (result: GitResult) => void; reject: (error: Error) => void }>()
  let last = 0
  let isOver = false
  child.on('message', (message: unknown) => {
    const id = numberAt(message, 'id') ?? 0
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    const result = readResult(message)
    if (result !== undefined) resolve?.(result)
    else reject?.(new Error(stringAt(message, 'problem') ?? 'git could not be started'))
  })
  const ended = endOf(child, () => {
    isOver = true
    for (const { reject } of waiting.values()) reject(died())
    waiting.clear()
  })
  return {
    isOver: () => isOver || !child.connected,
    // A signal cannot be sent: whatever is under way ends with the process.
    run: async (directory, args, { signal: _signal, ...input }) =>
      await new Promise((resolve, reject) => {
        const id = (last += 1)
        waiting.set(id, { resolve, reject })
        child.send({ id, directory, args, input }, (error) => {
          if (error === null || !waiting.delete(id)) return
          reject(died())
        })
      }),
    close: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

function readResult(message: unknown): GitResult | undefined {
  const result = isObject(message) ? message['result'] : undefined
  const [code, stderr] = [numberAt(result, 'code'), stringAt(result, 'stderr')]
  const stdout = isObject(result) ? result['stdout'] : undefined
  if (code === undefined || stderr === undefined || !(stdout instanceof Uint8Array)) return undefined
  return { code, stderr, stdout: Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength) }
}
