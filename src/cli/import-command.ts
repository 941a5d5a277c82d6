import { basename } from 'node:path'
import type { ReportImport } from '../../contract/security/imports.ts'
import { AppError } from '../lib/app-error.ts'
import { chooseRemote, type RemoteOptions } from './choose-remote.ts'
import type { Command, Terminal } from './command.ts'
import { describeImport } from './describe-import.ts'
import { exitCodes } from './exit-codes.ts'
import { importHere } from './import-here.ts'
import { watchProgress } from './import-progress-line.ts'
import { importRemotely } from './import-remotely.ts'
import { formatHelp, jsonHelp, remoteHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { requireFile } from './require-file.ts'
import { requireFormat } from './require-format.ts'

const usage =
  'weir import FILE --asset KEY [--branch B] [--target B] [--pull-request N] [--commit HASH] [--format F] [--partial] [--preview | --dry-run] [--organization NAME] [--url URL] [--token-file FILE | --token -] [--json]'

const options = {
  asset: { type: 'string' },
  branch: { type: 'string' },
  target: { type: 'string' },
  'pull-request': { type: 'string' },
  commit: { type: 'string' },
  format: { type: 'string' },
  organization: { type: 'string' },
  partial: { type: 'boolean' },
  preview: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  json: { type: 'boolean' },
} as const

/** What is to be imported, wherever the Weir is. */
export type ImportRequest = {
  file: string
  fileName: string
  asset: string
  branch: string | undefined
  /** Of a pull request's scan: the branch it goes to, and its number. */
  targetBranch: string | undefined
  pullRequestId: string | undefined
  commit: string | undefined
  format: string | undefined
  scope: 'full' | 'partial'
  preview: boolean
  /** A preview of which nothing is kept. */
  dryRun: boolean
  organization: string | undefined
}

/** Imports a report into the Weir of this machine, or into another one by its API. */
export const importCommand: Command = {
  name: 'import',
  summary: 'import a scanner report (or preview what it would do)',
  usage,
  options: [
    ['--asset KEY', 'the asset the report is about, by its key or id'],
    ['--branch B', 'what was scanned; without it the asset’s default branch'],
    ['--target B', 'the branch a pull request goes to: only what is new against it counts'],
    ['--pull-request N', 'the number of the pull request that was scanned'],
    ['--commit HASH', 'what was scanned, where the report does not say it'],
    ...formatHelp,
    ['--partial', 'only a part was scanned: nothing is closed'],
    ['--preview', 'keep it to be looked at, then applied or discarded on the page'],
    ['--dry-run', 'say what it would do, and keep nothing'],
    ...remoteHelp,
    ...jsonHelp,
  ],
  run,
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseOptions(args, options, usage)
  const [file = ''] = requireWords(positionals, 1, usage)
  if (values.asset === undefined)
    throw new AppError('validation_failed', `Say for which asset: --asset KEY.\nUsage: ${usage}`)
  requireFile(file)
  const request: ImportRequest = {
    file,
    fileName: basename(file),
    asset: values.asset,
    branch: values.branch,
    targetBranch: values.target,
    pullRequestId: values['pull-request'],
    commit: values.commit,
    format: values.format,
    scope: values.partial === true ? 'partial' : 'full',
    preview: values.preview === true,
    dryRun: values['dry-run'] === true,
    organization: values.organization,
  }
  const remote = { url: values.url, token: values.token, tokenFile: values['token-file'] }
  const done = await runImport(request, remote, terminal)
  if (values.json === true) terminal.say(JSON.stringify(done))
  else for (const line of describeImport(done, { isDryRun: request.dryRun })) terminal.say(line)
  return done.state === 'held' ? exitCodes.held : exitCodes.done
}

async function runImport(request: ImportRequest, options: RemoteOptions, terminal: Terminal): Promise<ReportImport> {
  const remote = await chooseRemote(options, terminal)
  if (remote === undefined) requireFormat(request.format)
  const watch = watchProgress(terminal)
  try {
    return await (remote === undefined
      ? importHere(request, terminal, watch?.show)
      : importRemotely(request, remote, watch?.show))
  } finally {
    watch?.end()
  }
}
