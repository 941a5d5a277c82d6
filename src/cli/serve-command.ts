import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir serve'

/** Hands over to src/main.ts, which runs until it is stopped. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'start Weir (the roles of WEIR_ROLES) until it is stopped',
  usage,
  run: async (args) => {
    requireWords(parseOptions(args, {}, usage).positionals, 0, usage)
    await import('../main.ts')
    return exitCodes.done
  },
}
