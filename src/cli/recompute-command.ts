import { recompute } from '../usecases/delivery/reading/recompute.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openWeir } from './open-weir.ts'
import { jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir recompute [--organization NAME] [--json]'

/** For after an update of Weir that understands more of what was read. */
export const recomputeCommand: Command = {
  name: 'recompute',
  summary: 'understand what was read of the repositories anew, without any request',
  usage,
  options: [['--organization NAME', 'where this machine has several'], ...jsonHelp],
  run: async (args, terminal) => {
    const known = { organization: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = parseOptions(args, known, usage)
    requireWords(positionals, 0, usage)
    const weir = await openWeir(terminal)
    try {
      const organizationId = await chooseOrganization(weir.db, values.organization)
      const done = await recompute(weir, {
        organizationId,
        onPage: ({ pages }) => terminal.showProgress?.(`Understanding: ${pages} pages`),
      })
      terminal.showProgress?.('')
      if (values.json === true) terminal.say(JSON.stringify(done))
      else
        terminal.say(
          `${done.pages} pages with ${done.records} records were understood anew; ${done.bad} records make no sense.`,
        )
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}
