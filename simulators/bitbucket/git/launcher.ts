import { fork } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject, numberAt, stringAt } from '../../shared/json.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { GitInput, GitResult } from './run-git.ts'

type RunGit = (directory: string, args: string[], input: GitInput) => Promise<GitResult>

interface LauncherProcess {
  run: RunGit
  /** Ends what is under way below a folder; settles when nothing is. */
  stop: (root: string) => Promise<void>
  isOver: () => boolean
}

/** The folders that the repositories of running simulators lie in: all that a call to git knows of them. */
const roots = new Set<string>()

/** One for this process, however many simulators run in it; it ends with us. */
let current: LauncherProcess | undefined

/**
 * To start a program, a process is copied, and for one of hundreds of megabytes that takes longer than git does, while
 * nobody else is answered. From now on git in the folders below `root` is started by a small process of its own. When
 * that one dies, what it was doing fails, and the next command gets another.
 */
export function startLauncher(root: string): void {
  roots.add(root)
  current = livingProcess()
}

function livingProcess(): LauncherProcess {
  return current === undefined || current.isOver() ? startProcess() : current
}

export async function stopLauncher(root: string): Promise<void> {
  if (roots.delete(root)) await current?.stop(root)
}

/** What starts git in a folder; undefined where this process does it itself. */
export function launcherFor(directory: string): { run: RunGit } | undefined {
  if (!roots.has(dirname(directory))) return undefined
  current = livingProcess()
  return current
}

function died(): SimulatorError {
  return new SimulatorError(503, 'git was stopped while it worked on this request.')
}

interface Waiting {
  root: string
  resolve: (result: GitResult) => void
  reject: (error: Error) => void
}

function startProcess(): LauncherProcess {
  const child = fork(fileURLToPath(new URL('./launcher-process.ts', import.meta.url)), { serialization: 'advanced' })
  const waiting = new Map<number, Waiting>()
  let last = 0
  let isOver = false
  // It keeps us alive only as long as somebody waits for an answer.
  child.unref()
  const take = (id: number) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) child.channel?.unref()
    return one
  }
  child.on('message', (message: unknown) => {
    const one = take(numberAt(message, 'id') ?? 0)
    const result = readResult(message)
    if (result !== undefined) one?.resolve(result)
    else one?.reject(new Error(stringAt(message, 'problem') ?? 'git could not be started'))
  })
  const end = () => {
    isOver = true
    for (const { reject } of waiting.values()) reject(died())
    waiting.clear()
  }
  child.once('exit', end)
  child.on('error', () => {
    if (child.pid === undefined) end()
  })
  return {
    isOver: () => isOver || !child.connected,
    run: async (directory, args, { signal, ...input }) => {
      const id = (last += 1)
      const stop = () => child.connected && child.send({ id, stop: true })
      signal?.addEventListener('abort', stop, { once: true })
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { root: dirname(directory), resolve, reject })
          child.channel?.ref()
          child.send({ id, directory, args, input }, (error) => {
            if (error !== null) take(id)?.reject(died())
          })
          if (signal?.aborted === true) stop()
        })
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    },
    stop: async (root) => {
      const left = [...waiting].filter(([, one]) => one.root === root)
      const ends = left.map(async ([id, one]) => await settled(one, (observed) => waiting.set(id, observed)))
      if (child.connected) for (const [id] of left) child.send({ id, stop: true })
      await Promise.all(ends)
    },
  }
}

/** Puts in its place one that tells us too, when there is an answer or none comes. */
async function settled(one: Waiting, replace: (observed: Waiting) => void): Promise<void> {
  await new Promise<void>((done) => {
    const resolve = (result: GitResult) => done(one.resolve(result))
    const reject = (error: Error) => done(one.reject(error))
    replace({ ...one, resolve, reject })
  })
}

function readResult(message: unknown): GitResult | undefined {
  const result = isObject(message) ? message['result'] : undefined
  const [code, stderr] = [numberAt(result, 'code'), stringAt(result, 'stderr')]
  const stdout = isObject(result) ? result['stdout'] : undefined
  if (code === undefined || stderr === undefined || !(stdout instanceof Uint8Array)) return undefined
  return { code, stderr, stdout: Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength) }
}
