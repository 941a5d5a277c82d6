import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import type { Terminal } from './cli/command.ts'
import { runCommand } from './cli/run-command.ts'
import { readEnvironment } from './config.ts'
import { keepHeapModest } from './lib/modest-heap.ts'

const terminal: Terminal = {
  environment: readEnvironment(),
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  readInput: async () => text(process.stdin),
  // Back to the beginning of the line, what is to be shown, and nothing of what stood there before.
  ...(process.stderr.isTTY && { showProgress: (line: string) => void process.stderr.write(`\r${line}\u001B[K`) }),
  onStop: (stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopBy(signal, stop))
  },
}

/** What a shell shows for a program that a signal ended. */
let stoppedCode: number | undefined
/** Making a PostgreSQL, once begun, is ended first. */
const stopWithinMs = 30_000

function stopBy(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', stop: () => void): void {
  // Ctrl+C comes twice, from the terminal and from the process above us.
  if (stoppedCode !== undefined) return
  terminal.complain('Stopping …')
  stoppedCode = 128 + constants.signals[signal]
  setTimeout(() => process.exit(stoppedCode), stopWithinMs).unref()
  stop()
}

// Who reads on, such as `head`, has had enough: no failure, and nothing more to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
keepHeapModest()
try {
  const code = await runCommand(process.argv.slice(2), terminal)
  process.exitCode = stoppedCode ?? code
} catch (error) {
  if (stoppedCode === undefined)
    terminal.complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = stoppedCode ?? 1
}
