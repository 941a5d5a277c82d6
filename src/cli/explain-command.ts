import type { MetricExplanation } from '../../contract/delivery/explain.ts'
import { AppError } from '../lib/app-error.ts'
import { explainMetric } from '../usecases/delivery/explain/explain-metric.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Command } from './command.ts'
import { describeExplanation } from './describe-explanation.ts'
import { exitCodes } from './exit-codes.ts'
import { openWeir } from './open-weir.ts'
import { jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir explain METRIC (--pr REPO#ID | --deployment ID) [--organization NAME] [--json]'

/** What made a figure, down to the single event. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'every event and every rule that made the part of a pull request in a figure',
  usage,
  options: [
    ['--pr REPO#ID', 'the pull request, such as storefront-api#42 or meadow/storefront-api#42'],
    ['--deployment ID', 'the deployment, for a figure that is made of deployments'],
    ['--organization NAME', 'where this machine has several'],
    ...jsonHelp,
  ],
  run: async (args, terminal) => {
    const known = {
      pr: { type: 'string' },
      deployment: { type: 'string' },
      organization: { type: 'string' },
      json: { type: 'boolean' },
    } as const
    const { values, positionals } = parseOptions(args, known, usage)
    const [key = ''] = requireWords(positionals, 1, usage)
    if ((values.pr === undefined) === (values.deployment === undefined))
      throw new AppError('validation_failed', `Usage: ${usage}`)
    const weir = await openWeir(terminal)
    try {
      const organizationId = await chooseOrganization(weir.db, values.organization)
      const asked = { organizationId, key, pull_request: values.pr, deployment: values.deployment }
      const told: MetricExplanation = await explainMetric(weir, asked)
      if (values.json === true) terminal.say(JSON.stringify(told))
      else for (const line of describeExplanation(told)) terminal.say(line)
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}
