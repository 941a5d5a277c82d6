import { migrate } from '../store/migrate.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir migrate'

/** Brings the schema up to date, as every start does. */
export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the database up to date (every start of Weir does so too)',
  usage,
  run: async (args, terminal) => {
    requireWords(parseOptions(args, {}, usage).positionals, 0, usage)
    const { database } = await openStore(terminal, { mayMake: true })
    try {
      const { applied } = await migrate(database.pool)
      terminal.say(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`)
      return exitCodes.done
    } finally {
      await database.close()
    }
  },
}
