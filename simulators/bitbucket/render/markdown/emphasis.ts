/** A piece of a line: finished markup, or a run of signs that may open or close emphasis. */
export type Token = { kind: 'html'; html: string } | Run

export interface Run {
  kind: 'run'
  sign: Sign
  /** Signs that stand for nothing yet. */
  length: number
  opens: boolean
  closes: boolean
  /** Tags this run closes and opens. */
  before: string
  after: string
}

export type Sign = '*' | '_' | '~'

/** Longer runs are lines and ornaments. */
const longestRun = 6

/** A run between two characters; undefined when it stands for itself. */
export function toRun(sign: Sign, length: number, around: { before: string; after: string }): Run | undefined {
  if (length > longestRun || (sign === '~' && length !== 2)) return undefined
  const { before, after } = around
  // `snake_case_names` stay whole; stars work inside words.
  const opens = /\S/.test(after) && !(sign === '_' && /\w/.test(before))
  const closes = /\S/.test(before) && !(sign === '_' && /\w/.test(after))
  return opens || closes ? { kind: 'run', sign, length, opens, closes, before: '', after: '' } : undefined
}

interface Openers {
  runs: Run[]
  /** Below this no opener of the sign is left: it is not looked for twice, which keeps hostile text linear. */
  floor: Record<Sign, number>
}

function findOpener({ runs, floor }: Openers, sign: Sign): number {
  for (let index = runs.length - 1; index >= floor[sign]; index -= 1) if (runs[index]?.sign === sign) return index
  return -1
}

function shrink(openers: Openers, length: number): void {
  openers.runs.length = length
  for (const sign of ['*', '_', '~'] as const) openers.floor[sign] = Math.min(openers.floor[sign], length)
}

function tagOf(sign: Sign, size: number): string {
  if (sign === '~') return 'del'
  return size === 2 ? 'strong' : 'em'
}

function close(openers: Openers, run: Run): void {
  while (run.length > 0) {
    const index = findOpener(openers, run.sign)
    const opener = openers.runs[index]
    if (opener === undefined) {
      openers.floor[run.sign] = openers.runs.length
      return
    }
    const both = Math.min(opener.length, run.length)
    // Three on both sides are emphasis inside strong.
    const size = both === 3 ? 1 : Math.min(2, both)
    const tag = tagOf(run.sign, size)
    opener.after = `<${tag}>${opener.after}`
    run.before += `</${tag}>`
    opener.length -= size
    run.length -= size
    shrink(openers, opener.length > 0 ? index + 1 : index)
  }
}

/** The markup of a line's tokens; runs that found no partner stay signs. */
export function joinTokens(tokens: readonly Token[]): string {
  const openers: Openers = { runs: [], floor: { '*': 0, _: 0, '~': 0 } }
  for (const token of tokens) {
    if (token.kind === 'html') continue
    if (token.closes) close(openers, token)
    if (token.opens && token.length > 0) openers.runs.push(token)
  }
  return tokens
    .map((token) =>
      token.kind === 'html' ? token.html : `${token.before}${token.sign.repeat(token.length)}${token.after}`,
    )
    .join('')
}
