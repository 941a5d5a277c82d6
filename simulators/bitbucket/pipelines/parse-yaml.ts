import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'

/**
 * The part of YAML that bitbucket-pipelines.yml files use: block mappings and sequences, quoted and plain scalars,
 * block scalars, flow lists and mappings, comments, anchors, aliases and merge keys. Everything else is refused, as is
 * what is nested deeper or, with every alias spelt out, larger than anybody means it.
 */
export class YamlError extends Error {}

interface Reader {
  lines: string[]
  /** Index of the current line. */
  at: number
  anchors: Map<string, { value: Json; size: number }>
  /** How many values the current one is inside of. */
  depth: number
  /** Values so far, those that aliases stand for among them. */
  size: number
}

const deepest = 100
const largest = 100_000

const keyPattern = /^(?:("[^"]*"|'[^']*'|\*\*?|-[^\s#:]+|<<)\s*|([^\s"'[\]{}#&*!|>%@`-][^#]*?)):(?:\s+(.*))?$/s

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

/** Cuts a comment off: a # at the start or after a blank, outside of quotes. */
function withoutComment(text: string): string {
  let quote = ''
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if ((character === '"' || character === "'") && (index === 0 || /[\s[{,:]/.test(text[index - 1] ?? '')))
      quote = character
    else if (character === '#' && (index === 0 || /\s/.test(text[index - 1] ?? ''))) return text.slice(0, index)
  }
  return text
}

/** The current line without its comment; blank ones and document marks are passed over. */
function current(reader: Reader): { indent: number; text: string } | undefined {
  while (reader.at < reader.lines.length) {
    const line = withoutComment(reader.lines[reader.at] ?? '').trimEnd()
    if (line.trim() !== '' && !/^(---|\.\.\.)$/.test(line)) return { indent: indentOf(line), text: line.trimStart() }
    reader.at += 1
  }
  return undefined
}

function fail(reader: Reader, problem: string): YamlError {
  return new YamlError(`${problem} at line ${reader.at + 1}`)
}

function count(reader: Reader, values: number): void {
  reader.size += values
  if (reader.size > largest) throw fail(reader, 'too many values')
}

/** Reads a value inside of another. */
function nested<T>(reader: Reader, read: () => T): T {
  if (reader.depth === deepest) throw fail(reader, 'nested too deeply')
  reader.depth += 1
  count(reader, 1)
  const value = read()
  reader.depth -= 1
  return value
}

function anchored(reader: Reader, name: string, read: () => Json): Json {
  const before = reader.size
  const value = nested(reader, read)
  reader.anchors.set(name, { value, size: reader.size - before })
  return value
}

function plainValue(text: string): Json {
  if (/^(null|~|)$/i.test(text)) return null
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

function splitFlow(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** A value that stands on one line. */
function inlineValue(reader: Reader, text: string): Json {
  return nested(reader, () => readInline(reader, text))
}

function readInline(reader: Reader, text: string): Json {
  const anchor = /^&([\w.-]+)\s+(.*)$/s.exec(text)
  if (anchor !== null) return anchored(reader, anchor[1] ?? '', () => inlineValue(reader, anchor[2] ?? ''))
  if (text.startsWith('[') && text.endsWith(']'))
    return splitFlow(text.slice(1, -1)).map((part) => inlineValue(reader, part))
  if (text.startsWith('{') && text.endsWith('}')) {
    return Object.fromEntries(
      splitFlow(text.slice(1, -1)).map((part) => {
        const [key = '', value = ''] = part.split(/:\s+(.*)/s)
        return [unquote(key), inlineValue(reader, value)]
      }),
    )
  }
  const alias = /^\*([\w.-]+)$/.exec(text)
  if (alias !== null) {
    const found = reader.anchors.get(alias[1] ?? '')
    if (found === undefined) throw fail(reader, `unknown alias ${text}`)
    count(reader, found.size)
    return found.value
  }
  if (/^["']/.test(text)) {
    if (text.length < 2 || text.at(-1) !== text[0]) throw fail(reader, 'unclosed quote')
    return unquote(text)
  }
  if (/^[[{@`%&*!|>]/.test(text)) throw fail(reader, `cannot read ${text}`)
  return plainValue(text)
}

const escapes: Record<string, string> = { n: '\n', t: '\t', '"': '"', '\\': '\\' }

function unquote(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  if (!text.startsWith('"')) return text
  return text.slice(1, -1).replace(/\\(.)/g, (all, character: string) => escapes[character] ?? all)
}

/** The lines below that are indented deeper, as a `|` or `>` scalar. */
function blockScalar(reader: Reader, parent: number, folded: boolean): string {
  const taken: string[] = []
  let indent = 0
  while (reader.at < reader.lines.length) {
    const line = reader.lines[reader.at] ?? ''
    if (line.trim() !== '') {
      if (indentOf(line) <= parent) break
      if (indent === 0) indent = indentOf(line)
    }
    taken.push(line.slice(indent))
    reader.at += 1
  }
  const text = taken.join(folded ? ' ' : '\n').trimEnd()
  return `${text}\n`
}

/** What follows a key or a dash: on the same line, or as a block below. */
function valueAfter(reader: Reader, rest: string, parent: number): Json {
  const anchor = /^&([\w.-]+)\s*(.*)$/s.exec(rest)
  if (anchor !== null) return anchored(reader, anchor[1] ?? '', () => valueAfter(reader, anchor[2] ?? '', parent))
  if (/^[|>][+-]?\d?$/.test(rest)) return blockScalar(reader, parent, rest.startsWith('>'))
  if (rest !== '') {
    let text = rest
    for (let next = current(reader); next !== undefined && next.indent > parent; next = current(reader)) {
      if (keyPattern.test(next.text)) throw fail(reader, `unexpected "${next.text}"`)
      text += ` ${next.text}`
      reader.at += 1
    }
    return inlineValue(reader, text)
  }
  const next = current(reader)
  if (next === undefined || next.indent < parent) return null
  // A list may stand as deep as its key.
  if (next.indent === parent) return /^-(\s|$)/.test(next.text) ? sequence(reader, parent) : null
  return block(reader, next.indent)
}

function sequence(reader: Reader, indent: number): Json[] {
  const items: Json[] = []
  for (let line = current(reader); line?.indent === indent; line = current(reader)) {
    const dash = /^-(\s+|$)(.*)$/s.exec(line.text)
    if (dash === null) break
    const [, space = '', rest = ''] = dash
    const inner = indent + 1 + space.length
    if (/^&[\w.-]+\s/.test(rest) && keyPattern.test(rest.replace(/^\S+\s+/, '')))
      throw fail(reader, `cannot read ${rest}`)
    const opensBlock = keyPattern.test(rest) || /^-\s/.test(rest)
    if (opensBlock) {
      reader.lines[reader.at] = ' '.repeat(inner) + rest
      items.push(block(reader, inner))
    } else {
      reader.at += 1
      items.push(valueAfter(reader, rest, indent + 1))
    }
  }
  return items
}

/** What a merge key names: a mapping, or several of which the first that has a key decides it. */
function merged(reader: Reader, value: Json): [string, Json][] {
  const all = Array.isArray(value) ? value : [value]
  if (!all.every(isJsonObject)) throw fail(reader, 'a merge key needs a mapping')
  return all.toReversed().flatMap((one) => Object.entries(one))
}

function mapping(reader: Reader, indent: number): JsonObject {
  const found = new Map<string, Json>()
  const inherited: [string, Json][] = []
  for (let line = current(reader); line?.indent === indent; line = current(reader)) {
    const pair = keyPattern.exec(line.text)
    if (pair === null) throw fail(reader, `expected "key: value", found "${line.text}"`)
    reader.at += 1
    const key = unquote(pair[1] ?? (pair[2] ?? '').trimEnd())
    const value = valueAfter(reader, pair[3] ?? '', indent)
    if (key === '<<') inherited.unshift(...merged(reader, value))
    else found.set(key, value)
  }
  return Object.fromEntries([...inherited, ...found])
}

function block(reader: Reader, indent: number): Json {
  return nested(reader, () => readBlock(reader, indent))
}

function readBlock(reader: Reader, indent: number): Json {
  const line = current(reader)
  if (line === undefined) return null
  if (/^-(\s|$)/.test(line.text)) return sequence(reader, indent)
  if (keyPattern.test(line.text)) return mapping(reader, indent)
  reader.at += 1
  return inlineValue(reader, line.text)
}

/** Reads one document; throws YamlError where it is none. */
export function parseYaml(text: string): Json {
  if (/^ *\t/m.test(text)) throw new YamlError('tabs cannot indent')
  const reader: Reader = { lines: text.split(/\r?\n/), at: 0, anchors: new Map(), depth: 0, size: 0 }
  const first = current(reader)
  if (first === undefined) return null
  const value = block(reader, first.indent)
  if (current(reader) !== undefined) throw fail(reader, 'unexpected indentation')
  return value
}
