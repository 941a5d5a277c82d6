import { badRequest } from '../simulator-error.ts'
import { instant } from './instant.ts'

export type Operator = '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=' | 'IN' | 'NOT IN'
export type Literal =
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'date'; value: number }
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'compare'; field: string; operator: Operator; values: Literal[] }

const tokenPattern =
  /\s*(?:("[^"]*")|(!=|!~|>=|<=|=|~|>|<|\(|\)|,)|(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)|(-?\d+(?:\.\d+)?(?![\w.]))|([A-Za-z_][\w.-]*))/y

interface Token {
  kind: 'text' | 'symbol' | 'date' | 'number' | 'word'
  text: string
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(tokenPattern)
  // A + that was not encoded reached us as a blank inside a time zone.
  const text = source.replace(/(\d\d:\d\d(?::[\d.]+)?) (\d\d:?\d\d)/g, '$1+$2').trimEnd()
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (match === null) throw badRequest('Invalid query')
    const [, string, symbol, date, number, word] = match
    if (string !== undefined) tokens.push({ kind: 'text', text: string.slice(1, -1) })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol })
    else if (date !== undefined) tokens.push({ kind: 'date', text: date })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else tokens.push({ kind: 'word', text: word ?? '' })
  }
  return tokens
}

/** Deeper than anybody writes. Every parenthesis is a call within a call, and a stack ends. */
const deepestQuery = 100

function assertShallow(tokens: Token[]): void {
  let depth = 0
  for (const { kind, text } of tokens) {
    if (kind !== 'symbol') continue
    if (text === '(') depth += 1
    if (text === ')') depth -= 1
    if (depth > deepestQuery) throw badRequest('Invalid query')
  }
}

interface Cursor {
  peek: () => Token | undefined
  next: () => Token
}

function cursorOver(tokens: Token[]): Cursor {
  let position = 0
  return {
    peek: () => tokens[position],
    next: () => {
      const token = tokens[position]
      if (token === undefined) throw badRequest('Invalid query')
      position += 1
      return token
    },
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word
}

function expectSymbol(cursor: Cursor, text: string): void {
  const token = cursor.next()
  if (token.kind !== 'symbol' || token.text !== text) throw badRequest('Invalid query')
}

/** Bitbucket's query language: comparisons, AND, OR and parentheses. AND binds stronger. Throws 400. */
export function parseQuery(source: string): Condition {
  const tokens = tokenize(source)
  assertShallow(tokens)
  const cursor = cursorOver(tokens)
  const condition = parseOr(cursor)
  if (cursor.peek() !== undefined) throw badRequest('Invalid query')
  return condition
}

function parseOr(cursor: Cursor): Condition {
  let left = parseAnd(cursor)
  while (isWord(cursor.peek(), 'OR')) {
    cursor.next()
    left = { kind: 'or', left, right: parseAnd(cursor) }
  }
  return left
}

function parseAnd(cursor: Cursor): Condition {
  let left = parseOne(cursor)
  while (isWord(cursor.peek(), 'AND')) {
    cursor.next()
    left = { kind: 'and', left, right: parseOne(cursor) }
  }
  return left
}

function parseOne(cursor: Cursor): Condition {
  const token = cursor.next()
  if (token.kind === 'symbol' && token.text === '(') {
    const inner = parseOr(cursor)
    expectSymbol(cursor, ')')
    return inner
  }
  if (token.kind !== 'word') throw badRequest('Invalid query')
  return parseComparison(cursor, token.text)
}

function parseComparison(cursor: Cursor, field: string): Condition {
  const token = cursor.next()
  const negated = isWord(token, 'NOT')
  const word = negated ? cursor.next() : token
  if (isWord(word, 'IN'))
    return { kind: 'compare', field, operator: negated ? 'NOT IN' : 'IN', values: parseList(cursor) }
  if (token.kind !== 'symbol') throw badRequest('Invalid query')
  return { kind: 'compare', field, operator: toOperator(token.text), values: [toLiteral(cursor.next())] }
}

function parseList(cursor: Cursor): Literal[] {
  expectSymbol(cursor, '(')
  const values = [toLiteral(cursor.next())]
  while (cursor.peek()?.text === ',') {
    cursor.next()
    values.push(toLiteral(cursor.next()))
  }
  expectSymbol(cursor, ')')
  return values
}

const operators: Operator[] = ['=', '!=', '~', '!~', '>', '>=', '<', '<=']

function toOperator(text: string): Operator {
  const operator = operators.find((one) => one === text)
  if (operator === undefined) throw badRequest('Invalid query')
  return operator
}

function toLiteral(token: Token): Literal {
  switch (token.kind) {
    case 'text':
      return { kind: 'text', value: token.text }
    case 'number':
      return { kind: 'number', value: Number(token.text) }
    case 'date': {
      const value = instant(token.text)
      if (Number.isNaN(value)) throw badRequest('Invalid query')
      return { kind: 'date', value }
    }
    case 'word': {
      const word = token.text.toLowerCase()
      if (word === 'null') return { kind: 'null' }
      if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' }
      throw badRequest('Invalid query')
    }
    default:
      throw badRequest('Invalid query')
  }
}
