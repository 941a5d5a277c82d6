import { existsSync } from 'node:fs'
import { readConfig } from '../config.ts'
import { AppError } from '../lib/app-error.ts'
import { type Comparison, compareReports, type Explained } from '../usecases/security/imports/compare-reports.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { formatHelp, jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { requireFormat } from './require-format.ts'

const usage = 'weir compare OLD NEW [--format F] [--aliases FILE] [--explain] [--json]'

const options = {
  format: { type: 'string' },
  aliases: { type: 'string' },
  explain: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Two reports of the same target: which findings are the same, which came and which went. Needs no database. */
export const compareCommand: Command = {
  name: 'compare',
  summary: 'compare two reports of one target, and say which findings are the same and why',
  usage,
  options: [
    ...formatHelp,
    ['--aliases FILE', 'names that advisories go by in several databases (docs/intelligence.md)'],
    ['--explain', 'each finding with the reason'],
    ...jsonHelp,
  ],
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    const [oldFile = '', newFile = ''] = requireWords(positionals, 2, usage)
    requireFormat(values.format)
    for (const file of [oldFile, newFile, ...(values.aliases === undefined ? [] : [values.aliases])])
      if (!existsSync(file)) throw new AppError('validation_failed', `There is no file ${file}.`)
    const isJson = values.json === true
    const explained: Explained[] = []
    const { maxResults } = readConfig(terminal.environment)
    const done = await compareReports({
      oldFile,
      newFile,
      format: values.format,
      aliasFile: values.aliases,
      maxResults,
      ...(values.explain === true ? { explain: (one: Explained) => void explained.push(one) } : {}),
    })
    if (isJson) terminal.say(JSON.stringify(values.explain === true ? { ...done, pairs: explained } : done))
    else for (const line of [...explained.map(describeOne), ...describeAll(done)]) terminal.say(line)
    return exitCodes.done
  },
}

function describeOne({ kind, step, finding, reason }: Explained): string {
  return `${kind.padEnd(7)} ${(step ?? '').padEnd(8)} ${finding}: ${reason}`
}

function describeAll(done: Comparison): string[] {
  const steps = Object.entries(done.by_step).map(([step, count]) => `${count} ${step}`)
  return [
    `${done.old} findings before, ${done.new} now: ${done.kept} kept (${steps.join(', ')}), ${done.added} added, ${done.closed} closed.`,
    ...(done.held === null ? [] : [`Would be held. ${done.held}`]),
  ]
}
