import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'

/**
 * The part of YAML that bitbucket-pipelines.yml files use: block mappings and sequences, quoted and plain scalars,
 * block scalars, flow lists and mappings, comments, anchors, aliases and merge keys. Everything else is refused.
 */
export class YamlError extends Error {}

interface Reader {
  lines: string[]
  /** Index of the current line. */
  at: number
  anchors: Map<string, Json>
}

const keyPattern = /^("[^"]*"|'[^']*'|[^\s"'[\]{}#&*!|>%@`-][^#]*?|\*\*?|-[^\s#:]+|<<)\s*:(?:\s+(.*))?$/

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

function plainValue(text: string): Json {
  if (/^(null|~|)$/i.test(text)) return null
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function splitFlow(text: string): string[] {
  const parts = ['']
  let depth = 0
  let quote = ''
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if ('[{'.includes(character)) depth += 1
    else if (']}'.includes(character)) depth -= 1
    if (character === ',' && depth === 0 && quote === '') parts.push('')
    else parts.push((parts.pop() ?? '') + character)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** A value that stands on one line. */
function inlineValue(reader: Reader, text: string): Json {
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
    return structuredClone(found)
  }
  if (/^["']/.test(text)) {
    if (text.length < 2 || text.at(-1) !== text[0]) throw fail(reader, 'unclosed quote')
    return unquote(text)
  }
  if (/^[[{@`%]/.test(text)) throw fail(reader, `cannot read ${text}`)
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
  if (anchor !== null) {
    const value = valueAfter(reader, anchor[2] ?? '', parent)
    reader.anchors.set(anchor[1] ?? '', value)
    return value
  }
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

function mapping(reader: Reader, indent: number): JsonObject {
  const found: JsonObject = {}
  for (let line = current(reader); line?.indent === indent; line = current(reader)) {
    const pair = keyPattern.exec(line.text)
    if (pair === null) throw fail(reader, `expected "key: value", found "${line.text}"`)
    reader.at += 1
    const key = unquote(pair[1] ?? '')
    const value = valueAfter(reader, pair[2] ?? '', indent)
    if (key === '<<' && isJsonObject(value)) Object.assign(found, { ...value, ...found })
    else found[key] = value
  }
  return found
}

function block(reader: Reader, indent: number): Json {
  const line = current(reader)
  if (line === undefined) return null
  if (/^-(\s|$)/.test(line.text)) return sequence(reader, indent)
  if (keyPattern.test(line.text)) return mapping(reader, indent)
  reader.at += 1
  return inlineValue(reader, line.text)
}

/** Reads one document; throws YamlError where it is none. */
export function parseYaml(text: string): Json {
  if (/^\s*\t/m.test(text)) throw new YamlError('tabs cannot indent')
  const reader: Reader = { lines: text.split(/\r?\n/), at: 0, anchors: new Map() }
  const first = current(reader)
  if (first === undefined) return null
  const value = block(reader, first.indent)
  if (current(reader) !== undefined) throw fail(reader, 'unexpected indentation')
  return value
}
