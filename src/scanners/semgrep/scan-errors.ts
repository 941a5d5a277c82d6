import { type JsonObject, readText } from '../json-fields.ts'

/** How often something went wrong, by its name: what leaves gaps in the scan, and what is ordinary. */
export type ScanErrors = { gaps: Map<string, number>; partlyParsed: number; warnings: number }

const maxNames = 50
/** Named as warnings, though findings come and go with them. */
const giveUps = /time ?out|out of memory|stack ?overflow|too many matches|fatal|internal/i
const syntaxErrors = /syntax error|lexical error|parse ?error/i

export function newErrors(): ScanErrors {
  return { gaps: new Map(), partlyParsed: 0, warnings: 0 }
}

/**
 * Levels alone do not tell: a file that was parsed but for a few lines and one that ran out of time are warnings both. Code
 * of another language inside a file, which a single rule looks into, fails to parse in ordinary runs.
 */
export function countError(errors: ScanErrors, error: JsonObject): void {
  const type = readType(error['type'])
  const message = readText(error['message']) ?? readText(error['long_msg']) ?? ''
  const isSnippet = message.includes('metavariable-pattern')
  const isFile = syntaxErrors.test(type) && readText(error['path']) !== undefined
  if (type === 'PartialParsing') errors.partlyParsed += 1
  else if (!isSnippet && (error['level'] !== 'warn' || giveUps.test(type) || isFile)) {
    if (errors.gaps.size < maxNames || errors.gaps.has(type)) errors.gaps.set(type, (errors.gaps.get(type) ?? 0) + 1)
  } else errors.warnings += 1
}

export function hasGaps({ gaps }: ScanErrors): boolean {
  return gaps.size > 0
}

export function describeErrors({ gaps, partlyParsed, warnings }: ScanErrors): string[] {
  const named = [...gaps].map(([type, count]) => `${type} (${count})`).join(', ')
  return [
    ...(gaps.size === 0 ? [] : [`Semgrep could not scan everything: ${named}.`]),
    ...(partlyParsed === 0 ? [] : [`Files Semgrep could parse but for a few lines: ${partlyParsed}.`]),
    ...(warnings === 0 ? [] : [`Warnings of Semgrep on its rules and their runs: ${warnings}.`]),
  ]
}

/** A word, or a list of a word and what belongs to it. */
function readType(type: unknown): string {
  return (readText(Array.isArray(type) ? type[0] : type) ?? 'Error').slice(0, 100)
}
