import { readConfig } from '../config.ts'
import { severities } from '../domain/severity.ts'
import { checkReport, type ReportCheck } from '../usecases/security/imports/check-report.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { formatHelp, jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { requireFile } from './require-file.ts'
import { requireFormat } from './require-format.ts'

const usage = 'weir check-report FILE [--format F] [--json]'

const options = { format: { type: 'string' }, json: { type: 'boolean' } } as const

/** What Weir reads in a report, without importing it. Needs no database. */
export const checkReportCommand: Command = {
  name: 'check-report',
  summary: 'say what Weir reads in a report: its format, findings, and what is left out and why',
  usage,
  options: [...formatHelp, ...jsonHelp],
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    const [file = ''] = requireWords(positionals, 1, usage)
    requireFormat(values.format)
    requireFile(file)
    const { maxResults } = readConfig(terminal.environment)
    const done = await checkReport({ file, format: values.format, maxResults })
    if (values.json === true) terminal.say(JSON.stringify(done))
    else for (const line of describe(done)) terminal.say(line)
    return exitCodes.done
  },
}

function describe(done: ReportCheck): string[] {
  const { format, format_title: title, tools, commit, results, findings, suppressed, skipped, unread } = done
  const counts = severities.map((severity) => [done.by_severity[severity], severity] as const)
  const kinds = Object.entries(done.by_kind).map(([kind, count]) => `${count} ${kind}`)
  return [
    `${title} (format ${format}): ${results} results${commit === null ? '' : `, of commit ${commit}`}`,
    ...tools.map((tool) => `  tool         ${[tool.name, tool.version].filter((text) => text !== null).join(' ')}`),
    `  findings     ${findings}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`,
    ...counts.flatMap(([count, severity]) => (count === 0 ? [] : [`  ${severity.padEnd(13)}${count}`])),
    ...(suppressed === 0 ? [] : [`  suppressed   ${suppressed}`]),
    ...skipped.map(({ step, count, example }) => `  skipped      ${count} ${step}, as ${example}`),
    ...unread.map((sentence) => `  note: ${sentence}`),
    ...tools.flatMap(({ name, problem }) =>
      problem === null ? [] : [`  note: nothing of ${name} would be closed, for ${problem}.`],
    ),
  ]
}
