import { parseCvss } from '../../domain/cvss.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, readList, readNumber, readObject, readText } from '../json-fields.ts'

/** What is kept of a rule (SARIF 2.1.0 §3.49): the rest is of no use to a vulnerability. */
export type SarifRule = {
  id: string
  short: string
  description: string
  helpUri: string | null
  level: string | undefined
  /** `security-severity`: 0.0 to 10.0 on the scale of CVSS. */
  score: number | undefined
  cvssVector: string | undefined
  cwes: readonly number[]
  tags: readonly string[]
  messages: ReadonlyMap<string, string>
}

const maxTitle = 300
const maxDescription = 16_000
const vectorKeys = [
  'cvssV4_vector',
  'cvssv4_vector',
  'cvssV3_vector',
  'cvssv3_vector',
  'cvss_vector',
  'cvssVector',
  'cvss',
  'cvssv3',
]

export function toRule(value: unknown): SarifRule {
  const rule = readObject(value)
  const properties = readObject(rule['properties'])
  const tags = readTags(properties)
  const description = messageText(rule['fullDescription']) ?? messageText(rule['help']) ?? ''
  return {
    id: cleanText(readText(rule['id']) ?? '', maxTitle),
    short: cleanText(messageText(rule['shortDescription']) ?? readText(rule['name']) ?? '', maxTitle),
    description: cleanText(description, maxDescription),
    helpUri: toWebAddress(rule['helpUri']),
    level: readText(readObject(rule['defaultConfiguration'])['level']),
    score: readNumber(properties['security-severity']),
    cvssVector: findVector(properties),
    cwes: [...new Set([...readCwes(properties, tags), ...readRelations(rule)])],
    tags,
    messages: readMessages(rule['messageStrings']),
  }
}

/** `multiformatMessageString.text` (§3.12), or its Markdown where only that is given. */
export function messageText(value: unknown): string | undefined {
  if (typeof value === 'string') return readText(value)
  const message = readObject(value)
  return readText(message['text']) ?? readText(message['markdown'])
}

export function readMessages(value: unknown): ReadonlyMap<string, string> {
  const found = Object.entries(readObject(value)).slice(0, 1000)
  return new Map(found.flatMap(([id, message]) => [[id, messageText(message) ?? ''] as const]))
}

/** The first CVSS vector among the property names that tools use for one. */
export function findVector(properties: JsonObject): string | undefined {
  for (const key of vectorKeys) {
    const value = properties[key]
    const text = typeof value === 'string' ? value : readText(readObject(value)['vector'])
    if (text !== undefined && parseCvss(text) !== undefined) return text
  }
  return undefined
}

export function readTags(properties: JsonObject): string[] {
  const tags = readList(properties['tags']).filter((tag) => typeof tag === 'string')
  return tags.slice(0, 100).map((tag) => cleanText(tag, 200))
}

/** CWE numbers from tags (`external/cwe/cwe-079`, `CWE-79: …`) and from the `cwe` property some tools use. */
export function readCwes(properties: JsonObject, tags: readonly string[]): number[] {
  const own = [properties['cwe'], properties['cwes']].flatMap((value) =>
    typeof value === 'string' ? [value] : readList(value),
  )
  return [...tags, ...own].flatMap((text) => (typeof text === 'string' ? parseCwe(text) : []))
}

export function parseCwe(text: string): number[] {
  const found = /(?:^|[^a-z])cwe[-_: /]{0,3}0*(\d{1,5})\b/i.exec(text)
  return found?.[1] === undefined ? [] : [Number(found[1])]
}

/** Relationships (§3.53) to the CWE taxonomy. */
function readRelations(rule: JsonObject): number[] {
  return readList(rule['relationships']).flatMap((item) => toCwe(readObject(item)['target']))
}

/** A reference to a taxon (§3.54): of the CWE taxonomy by its name, or with an id that says so itself. */
export function toCwe(reference: unknown): number[] {
  if (!isObject(reference)) return []
  const id = readText(reference['id'])
  if (id === undefined) return []
  const taxonomy = readText(readObject(reference['toolComponent'])['name'])
  return taxonomy?.toUpperCase() === 'CWE' && /^\d{1,5}$/.test(id) ? [Number(id)] : parseCwe(id)
}

function toWebAddress(value: unknown): string | null {
  const text = readText(value)
  if (text === undefined || text.length > 2000 || !URL.canParse(text)) return null
  const { protocol, href } = new URL(text)
  if (!/^https?:$/.test(protocol)) return null
  // The parser overlooks line breaks; written into a comment they would end the link and begin something else.
  return cleanText(/[\s\p{Cc}<>]/u.test(text) ? href : text, 2000)
}
