import { isObject, type JsonObject, readList, readObject, readText } from '../json-fields.ts'

export type GitlabKind = 'sast' | 'secret' | 'dependency' | 'container' | 'web' | 'fuzzing'

const kinds: ReadonlyMap<string, GitlabKind> = new Map([
  ['sast', 'sast'],
  ['secret_detection', 'secret'],
  ['dependency_scanning', 'dependency'],
  ['container_scanning', 'container'],
  ['cluster_image_scanning', 'container'],
  ['dast', 'web'],
  ['api_fuzzing', 'web'],
  ['coverage_fuzzing', 'fuzzing'],
])

export type Identifier = { type: string; name: string; value: string; url: string | undefined }

export function readIdentifiers(told: JsonObject): Identifier[] {
  return readList(told['identifiers'])
    .filter(isObject)
    .flatMap((one) => {
      const text = (key: string): string => (readText(one[key]) ?? '').trim()
      const value = text('value') || text('name')
      return value === ''
        ? []
        : [{ type: text('type').toLowerCase(), name: text('name'), value, url: readText(one['url']) }]
    })
}

/** By what the report says of itself, else by what the result says; reports before version 14 often say neither. */
export function kindOf(told: JsonObject, scanType: string | null): GitlabKind {
  const said = kinds.get(scanType ?? '') ?? kinds.get(readText(told['category']) ?? '')
  if (said !== undefined) return said
  const location = readObject(told['location'])
  if (location['hostname'] !== undefined) return 'web'
  if (location['image'] !== undefined) return 'container'
  const dependency = readObject(location['dependency'])
  if (readText(readObject(dependency['package'])['name']) !== undefined) return 'dependency'
  return readIdentifiers(told).some(({ type }) => /^(gitleaks|trufflehog)/.test(type)) ? 'secret' : 'sast'
}

/**
 * The identifier that stands first is the rule (of a list of weaknesses alone, the first weakness). A bare number is one only
 * together with whose number it is, and a sentence is none where there is a word for it.
 */
export function ruleOf(identifiers: readonly Identifier[]): Identifier | undefined {
  const first = identifiers.find(({ type }) => type !== 'cwe' && type !== 'owasp') ?? identifiers[0]
  const isSentence = first !== undefined && /\s/.test(first.value) && /^\S+$/.test(first.name)
  const rule = isSentence ? { ...first, value: first.name } : first
  return rule === undefined || !/^\d+(\.\d+)*$/.test(rule.value)
    ? rule
    : { ...rule, value: `${rule.type}-${rule.value}` }
}

/** SHA-256 of nothing: the analyzer had no code at hand. */
const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** `cve` of older reports is `file:hash of the line:rule`. Others put the number of the line there, which is no fingerprint. */
export function fingerprintOf(told: JsonObject): string | null {
  const parts = (readText(told['cve']) ?? '').split(':')
  return parts.find((part) => /^[0-9a-f]{40,64}$/.test(part) && part !== ofNothing) ?? null
}
