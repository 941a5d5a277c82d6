import { AppError } from '../lib/app-error.ts'
import { createOrganization } from '../usecases/access/create-organization.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openWeir } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir organization create NAME --admin EMAIL [--json]'
const options = { admin: { type: 'string' }, json: { type: 'boolean' } } as const

/** A further organization, with an invitation link for its first administrator. */
export const organizationCommand: Command = {
  name: 'organization create',
  summary: 'make an organization and an invitation for its first administrator',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    const [name = ''] = requireWords(positionals, 1, usage)
    const adminEmail = values.admin?.trim().toLowerCase() ?? ''
    if (!/^[^\s@]+@[^\s@]+$/.test(adminEmail) || name.trim() === '')
      throw new AppError('validation_failed', `Usage: ${usage}`)
    const weir = await openWeir(terminal)
    try {
      const { config, db, clock, newId } = weir
      const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`
      const made = await createOrganization({ db, clock, newId, publicUrl }, { name: name.trim(), adminEmail })
      if (values.json === true)
        terminal.say(
          JSON.stringify({ id: made.organizationId, invitation_link: made.invitationLink, expires_at: made.expiresAt }),
        )
      else
        terminal.say(
          `Made ${name.trim()}. ${adminEmail} joins as administrator until ${made.expiresAt.toISOString()}: ${made.invitationLink}`,
        )
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}
