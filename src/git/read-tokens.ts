import type { Readable } from 'node:stream'
import { type GitCall, requireGood, startGit } from './git-process.ts'

/** Bytes kept of one field: a message or path beyond is cut, however long its author made it. */
const longestField = 64 * 1024

/**
 * The output of a git command, field by field as NUL separates them; never all of it in memory. What is no UTF-8 becomes
 * U+FFFD. Throws as `requireGood` does, after the last field.
 */
export async function* readTokens(call: GitCall): AsyncGenerator<string> {
  const running = startGit(call)
  let isEnded = false
  try {
    yield* splitAt(running.stdout, 0)
    requireGood(await running.ended, call)
    isEnded = true
  } finally {
    // Whoever stops listening ends git, too.
    if (!isEnded) running.stop()
  }
}

/** The same by lines, for what can hold no line end of its own. */
export async function* readLines(call: GitCall): AsyncGenerator<string> {
  const running = startGit(call)
  let isEnded = false
  try {
    yield* splitAt(running.stdout, 0x0a)
    requireGood(await running.ended, call)
    isEnded = true
  } finally {
    if (!isEnded) running.stop()
  }
}

async function* splitAt(stream: Readable, separator: number): AsyncGenerator<string> {
  let held: Buffer[] = []
  let size = 0
  const hold = (bytes: Buffer): void => {
    const room = longestField - size
    if (room <= 0 || bytes.length === 0) return
    held.push(bytes.subarray(0, room))
    size += Math.min(bytes.length, room)
  }
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    let from = 0
    for (let at = bytes.indexOf(separator); at !== -1; at = bytes.indexOf(separator, from)) {
      hold(bytes.subarray(from, at))
      yield Buffer.concat(held).toString('utf8')
      held = []
      size = 0
      from = at + 1
    }
    hold(bytes.subarray(from))
  }
  if (size > 0) yield Buffer.concat(held).toString('utf8')
}
