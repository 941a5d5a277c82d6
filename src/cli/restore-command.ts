import { createQueue } from '../jobs/queue.ts'
import { endRestoredLogins } from '../store/access/end-restored-logins.ts'
import { refuseRunning } from '../store/refuse-running.ts'
import { restoreBackup } from '../store/restore.ts'
import { expectEarlierAttempts } from '../store/sync/expect-earlier-attempts.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { resendJobs } from './resend-jobs.ts'

const usage = 'weir restore FILE [--wipe] [--revoke-tokens] [--json]'
const options = {
  wipe: { type: 'boolean' },
  'revoke-tokens': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Puts a database into the state of a backup. Weir must not run meanwhile. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'put an empty database (or with --wipe any) into the state of a backup; everybody logs in anew',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    const [file = ''] = requireWords(positionals, 1, usage)
    const { database, log } = await openStore(terminal, { isAlone: true, mayMake: true })
    try {
      await refuseRunning(database.pool)
      let tokens = 0
      const { header, counts, jobs } = await restoreBackup(database.pool, {
        file,
        isWipeAllowed: values.wipe === true,
        beforeCommit: async (client) => {
          await expectEarlierAttempts(client)
          tokens = await endRestoredLogins(client, { areTokensRevoked: values['revoke-tokens'] === true })
        },
      })
      const queue = await createQueue({ databaseUrl: database.url, log, role: 'sender' })
      try {
        await resendJobs(queue, jobs)
      } finally {
        await queue.stop()
      }
      const rows = Object.values(counts.rows).reduce((sum, count) => sum + count, 0)
      if (values.json === true)
        terminal.say(JSON.stringify({ file, made_at: header.made_at, ...counts, usable_api_tokens: tokens }))
      else {
        terminal.say(
          `Restored as of ${header.made_at}: ${rows} rows, ${jobs.length} jobs. Start Weir with the secret key of that time.`,
        )
        terminal.say(`All logins and open invitations have ended: everybody logs in anew. ${describeTokens(tokens)}`)
      }
      return exitCodes.done
    } finally {
      await database.close()
    }
  },
}

function describeTokens(count: number): string {
  if (count === 0) return 'No API token can be used.'
  const tokens = count === 1 ? 'One API token works' : `${count} API tokens work`
  return `${tokens} again, also if revoked since that backup: look through them, or restore with --revoke-tokens.`
}
