import { systemClock } from '../lib/clock.ts'
import { version } from '../lib/version.ts'
import { writeBackup } from '../store/backup.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir backup FILE [--json]'

/** Writes everything but the secret key into one file, while Weir goes on. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'write the whole database into a file, while Weir runs',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } } as const, usage)
    const [file = ''] = requireWords(positionals, 1, usage)
    const { database } = await openStore(terminal)
    try {
      const counts = await writeBackup(database.pool, { file, weirVersion: version, clock: systemClock })
      const rows = Object.values(counts.rows).reduce((sum, count) => sum + count, 0)
      if (values.json === true) terminal.say(JSON.stringify({ file, ...counts }))
      else
        terminal.say(
          `${file}: ${rows} rows of ${Object.keys(counts.rows).length} tables, ${counts.jobs} jobs. Keep the secret key apart: it is not in the file.`,
        )
      return exitCodes.done
    } finally {
      await database.close()
    }
  },
}
