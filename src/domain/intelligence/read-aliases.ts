import * as z from 'zod'
import { cutText } from '../../lib/cut-text.ts'
import { leaveOutGathered, spellAdvisory } from '../advisory-names.ts'
import { invalidAt, quote, readLines } from './read-lines.ts'

/** Names of one advisory, in one spelling, each once; `line` is where they stand. */
export type AliasSet = { line: number; names: string[] }

/** What of a record of https://ossf.github.io/osv-schema/ says how an advisory is called. */
const record = z.object({ id: z.string(), aliases: z.array(z.string()).nullish() })

/**
 * Reads a file of aliases as it comes. Each line is one advisory: names with commas between, or a record of OSV in JSON.
 * Empty lines and those that begin with # are passed over. Throws `intelligence_invalid` with the line.
 */
export async function* readAliases(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<AliasSet> {
  for await (const { number, text } of readLines(bytes)) {
    const bare = text.trim()
    if (bare === '' || bare.startsWith('#')) continue
    const names = bare.startsWith('{') ? parseRecord(number, bare) : bare.split(',').map(unquote)
    for (const name of names) if (!isAdvisoryName(name)) throw invalidAt(number, `${quote(name)} names no advisory.`)
    yield { line: number, names: [...new Set(names.map(spellAdvisory))] }
  }
}

function parseRecord(line: number, text: string): string[] {
  const parsed = record.safeParse(parseJson(line, text))
  if (!parsed.success) throw invalidAt(line, 'A record has an “id” and a list of “aliases”, all of them texts.')
  return leaveOutGathered([parsed.data.id, ...(parsed.data.aliases ?? [])])
}

function parseJson(line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidAt(line, `This is not JSON: ${cause instanceof Error ? cutText(cause.message, 120) : 'it is broken'}.`)
  }
}

/** A letter first, parts with - or : between, and a digit (but in the names of GHSA): “N/A” and “none-known” name nothing. */
function isAdvisoryName(name: string): boolean {
  return (
    /^GHSA(?:-[0-9a-z]{4}){3}$/i.test(name) ||
    (name.length <= 100 && /^(?!GHSA-|CVE-)[a-z][\w.]*(?:[-:][\w.]+)+$/i.test(name) && /\d/.test(name)) ||
    /^CVE-\d{4}-\d{4,}$/i.test(name)
  )
}

function unquote(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
}
