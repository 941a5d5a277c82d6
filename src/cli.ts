import { text } from 'node:stream/consumers'
import type { Terminal } from './cli/command.ts'
import { runCommand } from './cli/run-command.ts'
import { readEnvironment } from './config.ts'

const terminal: Terminal = {
  environment: readEnvironment(),
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  readInput: async () => text(process.stdin),
}

try {
  process.exitCode = await runCommand(process.argv.slice(2), terminal)
} catch (error) {
  terminal.complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
}
