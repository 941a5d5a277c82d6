import { spellAdvisory } from '../../domain/advisory-names.ts'
import type { Endpoint } from '../../domain/finding-identity.ts'
import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding } from '../scanner.ts'
import { toEndpoint } from '../to-endpoint.ts'

export type Match = {
  /** What makes two matches one problem. */
  key: string[]
  ruleId: string
  title: string
  description: string
  rating: Rating
  cwes: number[]
  aliases: string[]
  tags: string[]
  helpUri: string | null
  address: string
  /** null for a match in a file. */
  endpoint: Endpoint | null
  /** Drawn out of the answer: a version, a name, sometimes a secret. */
  extracted: string[]
  /** With `-matcher-status` Nuclei tells of templates that did not match, too. */
  isMiss: boolean
}

/** null for what is no match: it has no template. */
export function readMatch(entry: JsonObject): Match | null {
  const text = (...names: string[]): string =>
    names
      .map((name) => readText(entry[name]))
      .find(Boolean)
      ?.trim() ?? ''
  const template = text('template-id', 'templateID')
  if (template === '') return null
  const info = readObject(entry['info'])
  const classification = readObject(info['classification'])
  const matcher = text('matcher-name', 'matcher_name')
  const ruleId = [spellTemplate(template), matcher, text('extractor-name', 'extractor_name')]
  const address = text('matched-at', 'matched', 'host') || text('url', 'path').replace(/^\/(?=[a-z]+:)/, '')
  const endpoint = text('type') === 'file' ? null : readEndpoint(address, text)
  return {
    key: [...ruleId, endpoint === null ? address : JSON.stringify(endpoint)],
    ruleId: ruleId.filter((part) => part !== '').join(':'),
    title: [readText(info['name']) ?? template, matcher].filter((part) => part !== '').join(': '),
    description: ['description', 'impact', 'remediation']
      .flatMap((name) => readText(info[name])?.trim() ?? [])
      .join('\n\n'),
    rating: rateFinding({
      word: info['severity'],
      vectors: [classification['cvss-metrics']],
      scores: [classification['cvss-score']],
    }),
    cwes: readCwes(classification['cwe-id']),
    aliases: readWords(classification['cve-id']),
    tags: readWords(info['tags']),
    helpUri: readWords(info['reference'])[0] ?? null,
    address,
    endpoint,
    extracted: readList(entry['extracted-results'] ?? entry['extracted_results']).flatMap((one) => readText(one) ?? []),
    isMiss: entry['matcher-status'] === false,
  }
}

/** Templates of advisories were spelled `cve-2020-1234` once. */
function spellTemplate(id: string): string {
  return /^cve-\d/i.test(id) ? spellAdvisory(id) : id
}

/** DNS, TLS and network templates know a host, and a port perhaps. */
function readEndpoint(address: string, text: (name: string) => string): Endpoint {
  const verb = /^([A-Z]{3,10}) \S/.exec(text('request').slice(0, 100))?.[1] ?? ''
  const method = text('fuzzing_method') || (/^https?:/i.test(address) ? verb : '')
  return toEndpoint(address, { method, parameter: text('fuzzing_parameter') })
}

/** A list, or its members in one text. */
function readWords(value: unknown): string[] {
  const words = typeof value === 'string' ? value.split(/[,\s]+/) : readList(value)
  return words.flatMap((word) => readText(word)?.trim() ?? [])
}

export function toFinding(match: Match, extracted: readonly string[]): ReportFinding {
  const { ruleId, title, description, rating, cwes, aliases, tags, helpUri, address, endpoint } = match
  const drawn = extracted.length === 0 ? '' : `\nFound there: ${extracted.join(', ')}`
  const mayBeSecret = tags.some((tag) => /^(tokens?|keys?|creds?|default-login|cookie)$/i.test(tag))
  return makeFinding({
    kind: endpoint === null ? 'code' : 'web',
    scanner: 'Nuclei',
    ruleId,
    title,
    message: `${title} at ${address}${drawn}`,
    description,
    ...rating,
    cwes,
    aliases,
    tags,
    helpUri,
    path: endpoint === null ? address : null,
    snippet: endpoint === null ? (extracted[0] ?? null) : null,
    endpoint,
    ...(mayBeSecret && { isSecret: true }),
  })
}
