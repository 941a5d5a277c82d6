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

/** Bitbucket's query language: comparisons, AND, OR and parentheses. AND binds stronger. Throws 400. */
export function parseQuery(source: string): Condition {
  const tokens = tokenize(source)
  let position = 0
  const peek = () => tokens[position]
  const next = () => {
    const token = tokens[position]
    if (token === undefined) throw badRequest('Invalid query')
    position += 1
    return token
  }
  const isWord = (token: Token | undefined, word: string) => token?.kind === 'word' && token.text.toUpperCase() === word
  const expect = (text: string) => {
    const token = next()
    if (token.kind !== 'symbol' || token.text !== text) throw badRequest('Invalid query')
  }
  const parseOr = (): Condition => {
    let left = parseAnd()
    while (isWord(peek(), 'OR')) {
      next()
      left = { kind: 'or', left, right: parseAnd() }
    }
    return left
  }
  const parseAnd = (): Condition => {
    let left = parseOne()
    while (isWord(peek(), 'AND')) {
      next()
      left = { kind: 'and', left, right: parseOne() }
    }
    return left
  }
  const parseOne = (): Condition => {
    const token = next()
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = parseOr()
      expect(')')
      return inner
    }
    if (token.kind !== 'word') throw badRequest('Invalid query')
    return parseComparison(token.text)
  }
  const parseComparison = (field: string): Condition => {
    const token = next()
    const negated = isWord(token, 'NOT')
    const word = negated ? next() : token
    if (isWord(word, 'IN')) return { kind: 'compare', field, operator: negated ? 'NOT IN' : 'IN', values: parseList() }
    if (token.kind !== 'symbol') throw badRequest('Invalid query')
    return { kind: 'compare', field, operator: toOperator(token.text), values: [toLiteral(next())] }
  }
  const parseList = (): Literal[] => {
    expect('(')
    const values = [toLiteral(next())]
    while (peek()?.text === ',') {
      next()
      values.push(toLiteral(next()))
    }
    expect(')')
    return values
  }
  const condition = parseOr()
  if (position < tokens.length) throw badRequest('Invalid query')
  return condition
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
