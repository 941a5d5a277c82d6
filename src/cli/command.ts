import type { Environment } from '../config.ts'
import type { OptionHelp } from './option-help.ts'

/** Where a command reads and writes; handed in, so that tests see what a person would see. */
export type Terminal = {
  environment: Environment
  /** One line to standard output. */
  say: (line: string) => void
  /** One line to standard error. */
  complain: (line: string) => void
  readInput: () => Promise<string>
  /** Shows one line on standard error in place of the one before it; left out where nobody watches. `''` takes it away. */
  showProgress?: (line: string) => void
  /** Notes what ends the command in order when a signal asks for it; without a note a signal ends the process. */
  onStop?: (stop: () => void) => void
}

/** One command of `weir`. `run` answers the exit code (exit-codes.ts) or throws an AppError. */
export type Command = {
  /** One or two words: `import`, `organization create`. */
  name: string
  summary: string
  usage: string
  /** What the options mean, where their names do not tell. */
  options?: OptionHelp
  /** Where they differ from the others' (exit-codes.ts). */
  exitCodes?: string
  run: (args: string[], terminal: Terminal) => Promise<number>
}
