import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { exportFormats } from '../../contract/security/exports.ts'
import { AppError } from '../lib/app-error.ts'
import { chooseRemote } from './choose-remote.ts'
import type { Command, Terminal } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { exportHere, exportRemotely, type Sink } from './export-by.ts'
import { remoteHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage =
  'weir export --format csv|json|sarif|vex [-o FILE] [--severity S]... [--status S]... [--scanner N]... [--branch B] [--q TEXT] [--filter NAME=VALUE]... [--organization NAME] [--url URL] [--token-file FILE | --token -]'

const options = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  severity: { type: 'string', multiple: true },
  status: { type: 'string', multiple: true },
  scanner: { type: 'string', multiple: true },
  branch: { type: 'string' },
  q: { type: 'string' },
  filter: { type: 'string', multiple: true },
  organization: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
} as const

type Values = ReturnType<typeof parseOptions<typeof options>>['values']

/** Writes what the filters match into a file, from the Weir of this machine or from another one by its API. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'write vulnerabilities as CSV, JSON, SARIF or CycloneDX VEX',
  usage,
  options: [
    ['--format F', 'csv, json, sarif, or vex (CycloneDX)'],
    ['-o FILE', 'without it, standard output'],
    ['--severity S', 'critical, high, medium, low, notification; again for several, as --status and --scanner'],
    ['--branch B', 'without it the default branches; * for all'],
    ['--q TEXT', 'words of title, place or rule, a CVE, or a number'],
    ['--filter NAME=VALUE', 'any other filter of the list by its name in the API, such as kind=secret or tag=pci'],
    ...remoteHelp,
  ],
  run,
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseOptions(args, options, usage)
  requireWords(positionals, 0, usage)
  const format = exportFormats.find((one) => one === values.format)
  if (format === undefined)
    throw new AppError(
      'validation_failed',
      values.format === undefined
        ? `Say which format: --format csv, json, sarif or vex.\nUsage: ${usage}`
        : `--format ${values.format}: choose csv, json, sarif or vex.`,
    )
  const wish = { format, query: toQuery(values), organization: values.organization }
  const choice = { url: values.url, token: values.token, tokenFile: values['token-file'] }
  const remote = await chooseRemote(choice, terminal)
  const take = async (sink: Sink) =>
    remote === undefined ? exportHere(wish, terminal, sink) : exportRemotely(wish, remote, sink)
  const { output } = values
  if (output === undefined) await toTerminal(terminal, take)
  else {
    const count = await toFile(output, take)
    terminal.complain(`${count} ${count === 1 ? 'vulnerability' : 'vulnerabilities'} written to ${output}.`)
  }
  return exitCodes.done
}

/** Filters by the names of the API. Throws `validation_failed`. */
function toQuery(values: Values): URLSearchParams {
  const query = new URLSearchParams()
  const lists = { severity: values.severity, status: values.status, scanner: values.scanner }
  for (const [name, list] of Object.entries(lists)) for (const value of list ?? []) query.append(name, value)
  if (values.branch !== undefined) query.append('branch', values.branch)
  if (values.q !== undefined) query.append('q', values.q)
  for (const filter of values.filter ?? []) {
    const at = filter.indexOf('=')
    if (at < 1) throw new AppError('validation_failed', `--filter ${filter}: write NAME=VALUE, such as open=true.`)
    query.append(filter.slice(0, at), filter.slice(at + 1))
  }
  return query
}

/** Line by line, so that a pipe may begin before the end has come. */
async function toTerminal(terminal: Terminal, take: (sink: Sink) => Promise<number>): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  await take(async (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) terminal.say(line)
  })
  if (rest !== '') terminal.say(rest)
}

/** Under another name until it is whole: half a file is none. */
async function toFile(file: string, take: (sink: Sink) => Promise<number>): Promise<number> {
  const part = `${file}.part`
  const stream = createWriteStream(part)
  try {
    await once(stream, 'open')
    const count = await take(async (bytes) => {
      if (!stream.write(bytes)) await once(stream, 'drain')
    })
    stream.end()
    await once(stream, 'finish')
    await rename(part, file)
    return count
  } catch (error) {
    stream.destroy()
    await rm(part, { force: true })
    if (error instanceof Error && 'path' in error)
      throw new AppError('validation_failed', `${file} cannot be written.`, { cause: error })
    throw error
  }
}
