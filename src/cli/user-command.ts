import { newSecret } from '../lib/ids.ts'
import { resetPassword } from '../usecases/access/change-password.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openWeir } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir user reset-password EMAIL [--stdin]'

/** The way back in when no administrator can help. The password never stands on the command line, where others could read it. */
export const userCommand: Command = {
  name: 'user reset-password',
  summary: 'give a user a new password and end all their sessions',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, { stdin: { type: 'boolean' } } as const, usage)
    const [email = ''] = requireWords(positionals, 1, usage)
    const given = values.stdin === true ? (await terminal.readInput()).split('\n', 1)[0]?.trim() : undefined
    const newPassword = given ?? newSecret(15)
    const weir = await openWeir(terminal)
    try {
      await resetPassword(weir, { email: email.trim().toLowerCase(), newPassword })
      terminal.say(`${email} has a new password and is logged out everywhere.`)
      if (given === undefined) terminal.say(`New password: ${newPassword}`)
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}
