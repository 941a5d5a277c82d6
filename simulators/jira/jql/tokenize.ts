import { badRequest } from '../jira-error.ts'

export interface Token {
  kind: 'word' | 'quoted' | 'symbol'
  text: string
  /** Characters before it. */
  at: number
}

const pattern =
  /\s+|(?<symbol>!=|!~|<=|>=|[=~<>(),!])|"(?<double>(?:\\.|[^"\\])*)"|'(?<single>(?:\\.|[^'\\])*)'|(?<word>[^\s"'=~<>(),!]+)/gsuy

function unescape(text: string): string {
  return text.replace(/\\(.)/gsu, (_whole, character: string) => {
    if (character === 'n') return '\n'
    if (character === 't') return '\t'
    return character
  })
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  pattern.lastIndex = 0
  while (position < text.length) {
    const found = pattern.exec(text)
    if (found === null) {
      const character = text[position] ?? ''
      throw badRequest(
        `Error in the JQL Query: The character '${character}' is not expected here, or a quote is not closed. (line 1, character ${position + 1})`,
      )
    }
    const { symbol, double, single, word } = found.groups ?? {}
    const quoted = double ?? single
    if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at: position })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: unescape(quoted), at: position })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at: position })
    position = pattern.lastIndex
  }
  return tokens
}
