import { explainFailure } from '../explain-failure.ts'
import { isAppError } from '../lib/app-error.ts'
import { version } from '../lib/version.ts'
import { backupCommand } from './backup-command.ts'
import { checkReportCommand } from './check-report-command.ts'
import type { Command, Terminal } from './command.ts'
import { compareCommand } from './compare-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes.ts'
import { explainCommand } from './explain-command.ts'
import { exportCommand } from './export-command.ts'
import { gateCommand } from './gate-command.ts'
import { importCommand } from './import-command.ts'
import { intelligenceLoadCommand, intelligenceStatusCommand } from './intelligence-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { layOutOptions } from './option-help.ts'
import { organizationCommand } from './organization-command.ts'
import { recomputeCommand } from './recompute-command.ts'
import { restoreCommand } from './restore-command.ts'
import { serveCommand } from './serve-command.ts'
import { syncCommand } from './sync-command.ts'
import { userCommand } from './user-command.ts'

const commands: readonly Command[] = [
  importCommand,
  gateCommand,
  exportCommand,
  checkReportCommand,
  compareCommand,
  syncCommand,
  recomputeCommand,
  explainCommand,
  serveCommand,
  backupCommand,
  restoreCommand,
  migrateCommand,
  intelligenceLoadCommand,
  intelligenceStatusCommand,
  organizationCommand,
  userCommand,
  doctorCommand,
]

/** Runs the command the words name; answers the exit code. Foreseen failures are one sentence on standard error (or JSON with --json). */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = args
  if (first === '--version') {
    terminal.say(version)
    return exitCodes.done
  }
  const command = commands.find(({ name }) => args.slice(0, name.split(' ').length).join(' ') === name)
  if (command === undefined) return help(first, terminal)
  const rest = args.slice(command.name.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) {
    const options = command.options === undefined ? '' : `\n${layOutOptions(command.options)}\n`
    terminal.say(`${command.summary}\nUsage: ${command.usage}\n${options}\n${command.exitCodes ?? exitCodesHelp}`)
    return exitCodes.done
  }
  try {
    return await command.run(rest, terminal)
  } catch (error) {
    const detail = explainFailure(error)
    if (detail === undefined) throw error
    const code = isAppError(error) ? error.code : 'unavailable'
    if (rest.includes('--json')) terminal.say(JSON.stringify({ error: { code, detail } }))
    else terminal.complain(detail)
    return exitCodeOf(code)
  }
}

function help(word: string | undefined, terminal: Terminal): number {
  const begun = commands.filter(({ name }) => name.startsWith(`${word} `))
  if (begun.length > 0) {
    for (const { usage } of begun) terminal.complain(`Usage: ${usage}`)
    return exitCodes.wrongUse
  }
  const isWanted = word === undefined || word === '--help' || word === '-h' || word === 'help'
  const lines = [
    ...(isWanted ? [] : [`weir has no command "${word}".`]),
    'Usage: weir COMMAND [OPTIONS]',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(22)}${summary}`),
    '',
    'weir COMMAND --help tells more. The configuration comes from the environment (docs/configuration.md).',
    exitCodesHelp,
  ]
  const write = isWanted ? terminal.say : terminal.complain
  for (const line of lines) write(line)
  return isWanted ? exitCodes.done : exitCodes.wrongUse
}
