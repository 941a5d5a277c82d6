import { createReadStream } from 'node:fs'
import { listIntelligence } from '../usecases/security/intelligence/list-intelligence.ts'
import { type LoadOutcome, loadIntelligence } from '../usecases/security/intelligence/load-intelligence.ts'
import { intelligenceFiles, requireIntelligenceFile } from '../usecases/security/intelligence/registry.ts'
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openWeir } from './open-weir.ts'
import { jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'
import { requireFile } from './require-file.ts'

const kinds = intelligenceFiles.map(({ kind }) => kind).join('|')
const loadUsage = `weir intelligence load ${kinds} FILE [--force] [--json]`
const statusUsage = 'weir intelligence status [--json]'

/** Takes in a published file about advisories, for every organization of the installation. */
export const intelligenceLoadCommand: Command = {
  name: 'intelligence load',
  summary: 'load a published file about advisories (docs/intelligence.md)',
  usage: loadUsage,
  options: [['--force', 'also when it is older, or much shorter, than what is loaded'], ...jsonHelp],
  run: async (args, terminal) => {
    const options = { force: { type: 'boolean' }, json: { type: 'boolean' } } as const
    const { values, positionals } = parseOptions(args, options, loadUsage)
    const [kind = '', path = ''] = requireWords(positionals, 2, loadUsage)
    requireIntelligenceFile(kind)
    requireFile(path)
    const weir = await openWeir(terminal)
    try {
      const actor = { kind: 'cli', name: 'Command line' } as const
      const input = { kind, bytes: createReadStream(path), force: values.force === true, actor }
      const outcome = await loadIntelligence(weir, input)
      terminal.say(values.json === true ? JSON.stringify(toJson(outcome)) : describe(outcome))
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}

/** What is loaded, and how old it is. */
export const intelligenceStatusCommand: Command = {
  name: 'intelligence status',
  summary: 'say which published files about advisories are loaded',
  usage: statusUsage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } } as const, statusUsage)
    requireWords(positionals, 0, statusUsage)
    const weir = await openWeir(terminal)
    try {
      const items = await listIntelligence(weir)
      if (values.json === true) terminal.say(JSON.stringify({ items }))
      else for (const item of items) terminal.say(`${item.kind.padEnd(9)}${describeStatus(item)}`)
      return exitCodes.done
    } finally {
      await weir.close()
    }
  },
}

type Item = Awaited<ReturnType<typeof listIntelligence>>[number]

function describeStatus({ kind, loaded, is_old: isOld }: Item): string {
  if (loaded === null) return `Nothing is loaded. Load a file: weir intelligence load ${kind} FILE`
  const of = loaded.published_on === null ? '' : ` of ${loaded.published_on}`
  const version = loaded.version === null ? '' : ` (${loaded.version})`
  return [
    `${loaded.entries} entries${of}${version}, loaded on ${loaded.loaded_at.slice(0, 10)}.`,
    ...(isOld ? ['Older than 30 days: load a newer one.'] : []),
    ...(loaded.is_applied ? [] : ['Not every vulnerability was told: load the same file again.']),
  ].join(' ')
}

function toJson({ kind, load, changed }: LoadOutcome) {
  const { kind: file, version, published_on, entries } = load
  return { outcome: kind, kind: file, version, published_on, entries, vulnerabilities_changed: changed }
}

function describe({ kind, load, changed }: LoadOutcome): string {
  const of = load.published_on === null ? '' : ` of ${load.published_on}`
  const told = `${changed} ${changed === 1 ? 'vulnerability' : 'vulnerabilities'}`
  if (kind === 'unchanged')
    return `This file is loaded already (${load.entries} entries${of})${changed === 0 ? '; nothing has changed.' : `; it was not told to ${told} yet, and is now.`}`
  return `Loaded ${load.entries} entries${of}. They say something new about ${told}.`
}
