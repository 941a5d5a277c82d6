import { createQueue } from '../jobs/queue.ts'
import { refuseRunning } from '../store/refuse-running.ts'
import { restoreBackup } from '../store/restore.ts'
import { expectEarlierAttempts } from '../store/sync/expect-earlier-attempts.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { resendJobs } from './resend-jobs.ts'

const usage = 'weir restore FILE [--wipe] [--json]'
const options = { wipe: { type: 'boolean' }, json: { type: 'boolean' } } as const

/** Puts a database into the state of a backup. Weir must not run meanwhile. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'put an empty database (or with --wipe any) into the state of a backup',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    const [file = ''] = requireWords(positionals, 1, usage)
    const { database, log } = await openStore(terminal, { isAlone: true })
    try {
      await refuseRunning(database.pool)
      const { header, counts, jobs } = await restoreBackup(database.pool, {
        file,
        isWipeAllowed: values.wipe === true,
        beforeCommit: expectEarlierAttempts,
      })
      const queue = await createQueue({ databaseUrl: database.url, log, role: 'sender' })
      try {
        await resendJobs(queue, jobs)
      } finally {
        await queue.stop()
      }
      const rows = Object.values(counts.rows).reduce((sum, count) => sum + count, 0)
      if (values.json === true) terminal.say(JSON.stringify({ file, made_at: header.made_at, ...counts }))
      else
        terminal.say(
          `Restored as of ${header.made_at}: ${rows} rows, ${jobs.length} jobs. Start Weir with the secret key of that time.`,
        )
      return exitCodes.done
    } finally {
      await database.close()
    }
  },
}
