import { normalisePath } from '../../domain/normalise-path.ts'
import { cleanText } from '../clean-text.ts'
import { readObject, readText, readWhole } from '../json-fields.ts'
import type { SarifRun } from './run.ts'

/** `originalUriBaseIds` (§3.14.14): base by its name. */
export type BaseIds = ReadonlyMap<string, { uri: string; base: string | undefined }>

/** The part of a physical location (§3.29) that is used. */
export type Region = {
  path: string | null
  startLine: number | null
  endLine: number | null
  startColumn: number | null
  snippet: string | null
}

const maxPath = 1000
const maxSnippet = 4000
/** Bases may stand on each other, and a hostile file may stand them in a circle. */
const maxBases = 8

export function readBaseIds(value: unknown): BaseIds {
  const entries = Object.entries(readObject(value)).slice(0, 100)
  return new Map(
    entries.map(([name, item]) => {
      const location = readObject(item)
      return [name, { uri: readText(location['uri']) ?? '', base: readText(location['uriBaseId']) }]
    }),
  )
}

/** The file, lines and text of a location; every field may be missing. */
export function readRegion(location: unknown, run: SarifRun): Region {
  const physical = readObject(readObject(location)['physicalLocation'])
  const region = readObject(physical['region'])
  const startLine = readWhole(region['startLine']) || null
  const snippet = readText(readObject(region['snippet'])['text'])
  return {
    path: readPath(physical['artifactLocation'], run) ?? readLogicalName(location),
    startLine,
    endLine: readWhole(region['endLine']) || startLine,
    startColumn: readWhole(region['startColumn']) || null,
    snippet: snippet === undefined ? null : cleanText(snippet, maxSnippet),
  }
}

/** For scanners without files: "which function, which resource" is the place (§3.28.4). */
function readLogicalName(location: unknown): string | null {
  const logical = readObject(location)['logicalLocations']
  const first = readObject(Array.isArray(logical) ? logical[0] : undefined)
  const name = readText(first['fullyQualifiedName']) ?? readText(first['name'])
  return name === undefined ? null : cleanText(name, maxPath)
}

function readPath(value: unknown, run: SarifRun): string | null {
  const location = readObject(value)
  const index = readWhole(location['index'])
  const listed = index === undefined ? undefined : run.artifacts[index]
  const uri = readText(location['uri']) ?? readText(listed?.uri)
  if (uri === undefined) return null
  const path = resolve(uri, readText(location['uriBaseId']) ?? listed?.base, run.baseIds)
  return path === '' ? null : cleanText(path, maxPath)
}

function resolve(uri: string, base: string | undefined, bases: BaseIds): string {
  if (/^https?:\/\//i.test(uri)) return uri.split(/[?#]/, 1)[0] ?? uri
  const own = toPath(uri)
  if (isAbsolute(own)) return normalisePath(withoutBase(own, bases))
  let path = own
  let next = base
  for (let step = 0; step < maxBases && next !== undefined; step++) {
    const found = bases.get(next)
    if (found === undefined) break
    const folder = toPath(found.uri)
    // An absolute base is where the repository was checked out: what people know begins behind it.
    if (isAbsolute(folder)) break
    if (folder !== '') path = `${folder.replace(/\/$/, '')}/${path}`
    next = found.base
  }
  return normalisePath(path)
}

function withoutBase(path: string, bases: BaseIds): string {
  const folders = [...bases.values()].map((base) => `${toPath(base.uri).replace(/\/$/, '')}/`)
  const fitting = folders.filter((folder) => folder.length > 1 && isAbsolute(folder) && path.startsWith(folder))
  const longest = fitting.toSorted((a, b) => b.length - a.length)[0]
  return longest === undefined ? path : path.slice(longest.length)
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path)
}

/** A file URI or a path in either spelling as a path with forward slashes; `%20` and the like are decoded where they can be. */
function toPath(uri: string): string {
  const bare = uri.replace(/^file:(\/\/[^/]*)?/i, '').replaceAll('\\', '/')
  const decoded = decode(bare)
  return /^\/[A-Za-z]:\//.test(decoded) ? decoded.slice(1) : decoded
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    // Some tools write plain paths where a URI belongs; a single % is then just a character.
    return text
  }
}
