import { invalidAt, type Line, quote, readLines } from './read-lines.ts'

/** How likely it is that a vulnerability is exploited within 30 days, 0 to 1, and the share of all that are less likely. */
export type EpssScore = { cve: string; probability: number; percentile: number }

/** A file of scores; `scoredOn` is the day they are of, as 2027-03-01. The scores can be walked once. */
export type EpssFile = { modelVersion: string; scoredOn: string; scores: AsyncGenerator<EpssScore> }

const header = 'cve,epss,percentile'

/**
 * Opens the daily file of https://www.first.org/epss/data_stats, unpacked: a comment line, a header, and a line for each of
 * some 300,000 CVEs, which are handed out as they come. Throws `intelligence_invalid` with the line, when opened for the
 * first two and while walking for the rest: whoever stores them does so in one transaction.
 */
export async function openEpss(bytes: AsyncIterable<Uint8Array>): Promise<EpssFile> {
  const lines = readLines(bytes)
  const first = await nextText(lines)
  const [, modelVersion, scoredOn] =
    /^#\s*model_version:([^,]+),\s*score_date:(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(first) ?? []
  if (modelVersion === undefined || scoredOn === undefined)
    throw invalidAt(
      1,
      `This is not an EPSS file: it begins with ${quote(first)} instead of #model_version and score_date.`,
    )
  const second = await nextText(lines)
  if (second !== header) throw invalidAt(2, `The header is ${quote(second)} instead of “${header}”.`)
  return { modelVersion, scoredOn, scores: readScores(lines) }
}

async function nextText(lines: AsyncGenerator<Line>): Promise<string> {
  const next = await lines.next()
  return next.done === true ? '' : next.value.text.trim()
}

async function* readScores(lines: AsyncGenerator<Line>): AsyncGenerator<EpssScore> {
  const seen = new Set<string>()
  let last = 2
  for await (const { number, text } of lines) {
    last = number
    if (text.trim() === '') continue
    const score = readScore(number, text)
    if (seen.has(score.cve)) throw invalidAt(number, `${score.cve} has a score already.`)
    seen.add(score.cve)
    yield score
  }
  if (seen.size === 0) throw invalidAt(last, 'The file ends without a score.')
}

function readScore(line: number, text: string): EpssScore {
  const [cve = '', epss = '', percentile = '', ...more] = text.split(',')
  if (!/^CVE-\d{4}-\d{4,}$/.test(cve)) throw invalidAt(line, `${quote(cve)} is not the id of a CVE.`)
  if (more.length > 0) throw invalidAt(line, `There are ${more.length + 3} values where there should be 3.`)
  return { cve, probability: readShare(line, 'epss', epss), percentile: readShare(line, 'percentile', percentile) }
}

/** Digits, with a fraction and an exponent perhaps: what else JavaScript takes for a number (nothing, 0x1, Infinity) is none. */
function readShare(line: number, name: string, text: string): number {
  const share = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(share >= 0 && share <= 1)) throw invalidAt(line, `${name} is ${quote(text)} and not a number from 0 to 1.`)
  return share
}
