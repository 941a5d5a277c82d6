import type { GateResult } from '../../contract/security/gate.ts'
import { explainFailure } from '../explain-failure.ts'
import { AppError, isAppError } from '../lib/app-error.ts'
import { chooseRemote } from './choose-remote.ts'
import type { Command, Terminal } from './command.ts'
import { describeGate } from './describe-gate.ts'
import { exitCodes } from './exit-codes.ts'
import { gateHere, gateRemotely } from './judge-by.ts'
import { jsonHelp, remoteHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage =
  'weir gate --asset KEY [--branch B] [--organization NAME] [--url URL] [--token-file FILE | --token -] [--json]'

const options = {
  asset: { type: 'string' },
  branch: { type: 'string' },
  organization: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  json: { type: 'boolean' },
} as const

/** For a pipeline: 1 is for what the gate refused, so whatever else goes wrong is 2. */
const codes = { passed: exitCodes.done, warning: exitCodes.done, failed: 1, could_not_decide: 2 } as const

/** Asks the security gate of the Weir of this machine, or of another one by its API. */
export const gateCommand: Command = {
  name: 'gate',
  summary: 'ask whether a branch of an asset passes the security gate',
  usage,
  options: [
    ['--asset KEY', 'the asset, by its key or id'],
    ['--branch B', 'without it the asset’s default branch'],
    ...remoteHelp,
    ...jsonHelp,
  ],
  exitCodes: 'Exit codes: 0 passed, or warned · 1 failed · 2 could not decide, whatever the reason',
  run,
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await ask(args, terminal)
  } catch (error) {
    const reason = explainFailure(error) ?? `The gate could not be asked, by a defect of Weir: ${String(error)}`
    const code = isAppError(error) ? error.code : 'unavailable'
    if (args.includes('--json')) terminal.say(JSON.stringify({ verdict: 'could_not_decide', reason, error: { code } }))
    terminal.complain(`Could not decide. ${reason}`)
    return codes.could_not_decide
  }
}

async function ask(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseOptions(args, options, usage)
  requireWords(positionals, 0, usage)
  if (values.asset === undefined)
    throw new AppError('validation_failed', `Say which asset: --asset KEY.\nUsage: ${usage}`)
  const question = { asset: values.asset, branch: values.branch, organization: values.organization }
  const choice = { url: values.url, token: values.token, tokenFile: values['token-file'] }
  const remote = await chooseRemote(choice, terminal)
  const result = remote === undefined ? await gateHere(question, terminal) : await gateRemotely(question, remote)
  tell(result, { isJson: values.json === true, terminal })
  return codes[result.verdict]
}

function tell(result: GateResult, { isJson, terminal }: { isJson: boolean; terminal: Terminal }): void {
  if (isJson) terminal.say(JSON.stringify(result))
  else for (const line of describeGate(result)) terminal.say(line)
  if (result.verdict === 'could_not_decide') terminal.complain(`Could not decide. ${result.reason ?? ''}`.trim())
}
