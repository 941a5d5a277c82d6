import { badRequest } from '../jira-error.ts'
import { type Token, tokenize } from './tokenize.ts'

export type Value = { kind: 'text'; text: string } | { kind: 'call'; name: string; args: string[] } | { kind: 'empty' }

export const operators = ['=', '!=', '~', '!~', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'] as const
export type Operator = (typeof operators)[number]

export type Clause =
  | { kind: 'and' | 'or'; parts: Clause[] }
  | { kind: 'not'; part: Clause }
  | { kind: 'term'; field: string; operator: Operator; values: Value[] }

export interface Jql {
  /** null: no restriction at all. */
  where: Clause | null
  order: { field: string; isDescending: boolean }[]
}

/** Deeper than anybody writes. Every NOT and parenthesis is a call within a call, and a stack ends. */
const deepestQuery = 100

/** Reads tokens from left to right; every refusal names the place. */
class Reader {
  readonly tokens: Token[]
  position = 0
  depth = 0

  constructor(tokens: Token[]) {
    this.tokens = tokens
  }

  get here(): Token | undefined {
    return this.tokens[this.position]
  }

  isWord(...words: string[]): boolean {
    return words.every((word, index) => {
      const token = this.tokens[this.position + index]
      return token?.kind === 'word' && token.text.toLowerCase() === word
    })
  }

  isSymbol(symbol: string): boolean {
    return this.here?.kind === 'symbol' && this.here.text === symbol
  }

  fail(expected: string): Error {
    const token = this.here
    const got = token === undefined ? 'reached the end of the query' : `got '${token.text}'`
    const place = token === undefined ? '' : ` (line 1, character ${token.at + 1})`
    return badRequest(`Error in the JQL Query: Expecting ${expected} but ${got}.${place}`)
  }

  expectSymbol(symbol: string): void {
    if (!this.isSymbol(symbol)) throw this.fail(`'${symbol}'`)
    this.position += 1
  }

  /** A word or a quoted text. */
  text(expected: string): string {
    const token = this.here
    if (token === undefined || token.kind === 'symbol') throw this.fail(expected)
    this.position += 1
    return token.text
  }
}

const reserved = new Set(['and', 'or', 'not', 'order', 'in', 'is', 'by'])

function readField(reader: Reader): string {
  if (reader.here?.kind === 'word' && reserved.has(reader.here.text.toLowerCase())) throw reader.fail('a field name')
  return reader.text('a field name')
}

function readOperator(reader: Reader): Operator {
  if (reader.isWord('not', 'in')) {
    reader.position += 2
    return 'not in'
  }
  if (reader.isWord('is', 'not')) {
    reader.position += 2
    return 'is not'
  }
  const found = operators.find((one) => reader.isWord(one) || reader.isSymbol(one))
  if (found === undefined) throw reader.fail('an operator')
  reader.position += 1
  return found
}

function readValue(reader: Reader): Value {
  const isQuoted = reader.here?.kind === 'quoted'
  if (reader.here?.kind === 'word' && reserved.has(reader.here.text.toLowerCase())) throw reader.fail('a value')
  const text = reader.text('a value')
  if (!isQuoted && reader.isSymbol('(')) {
    reader.position += 1
    const args: string[] = []
    while (!reader.isSymbol(')')) {
      args.push(reader.text('an argument'))
      if (!reader.isSymbol(',')) break
      reader.position += 1
    }
    reader.expectSymbol(')')
    return { kind: 'call', name: text, args }
  }
  return !isQuoted && /^(empty|null)$/i.test(text) ? { kind: 'empty' } : { kind: 'text', text }
}

function readList(reader: Reader): Value[] {
  if (!reader.isSymbol('(')) return [readValue(reader)]
  reader.position += 1
  const values = [readValue(reader)]
  while (reader.isSymbol(',')) {
    reader.position += 1
    values.push(readValue(reader))
  }
  reader.expectSymbol(')')
  return values
}

function readTerm(reader: Reader): Clause {
  if (reader.depth === deepestQuery) throw badRequest('Error in the JQL Query: It is nested too deeply.')
  reader.depth += 1
  const clause = readNestedTerm(reader)
  reader.depth -= 1
  return clause
}

function readNestedTerm(reader: Reader): Clause {
  if (reader.isWord('not') || reader.isSymbol('!')) {
    reader.position += 1
    return { kind: 'not', part: readTerm(reader) }
  }
  if (reader.isSymbol('(')) {
    reader.position += 1
    const inside = readChain(reader, 'or')
    reader.expectSymbol(')')
    return inside
  }
  const field = readField(reader)
  const operator = readOperator(reader)
  const values = operator === 'in' || operator === 'not in' ? readList(reader) : [readValue(reader)]
  return { kind: 'term', field, operator, values }
}

/** AND binds closer than OR. */
function readChain(reader: Reader, word: 'and' | 'or'): Clause {
  const next = () => (word === 'or' ? readChain(reader, 'and') : readTerm(reader))
  const parts = [next()]
  while (reader.isWord(word)) {
    reader.position += 1
    parts.push(next())
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind: word, parts }
}

function readOrder(reader: Reader): Jql['order'] {
  const order: Jql['order'] = []
  for (;;) {
    const field = readField(reader)
    const isDescending = reader.isWord('desc')
    if (isDescending || reader.isWord('asc')) reader.position += 1
    order.push({ field, isDescending })
    if (!reader.isSymbol(',')) return order
    reader.position += 1
  }
}

/** Reads the part of JQL a tracker uses. Throws Jira's 400 for what it cannot read. */
export function parseJql(text: string): Jql {
  const reader = new Reader(tokenize(text))
  const isOrderOnly = reader.here === undefined || reader.isWord('order', 'by')
  const where = isOrderOnly ? null : readChain(reader, 'or')
  let order: Jql['order'] = []
  if (reader.isWord('order', 'by')) {
    reader.position += 2
    order = readOrder(reader)
  }
  if (reader.here !== undefined) throw reader.fail("either 'OR' or 'AND'")
  return { where, order }
}
