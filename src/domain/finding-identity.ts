import { hash } from 'node:crypto'
import { orderAdvisoryNames } from './advisory-names.ts'
import type { FindingKind } from './finding-kind.ts'
import { type PackageRef, packageParts, projectOf, spellVersion } from './package-identity.ts'
import { sketchText } from './text-sketch.ts'

/** Where a running application was found weak. `origin` is scheme, host and port; each part may be unknown. */
export type Endpoint = { origin: string; method: string; path: string; parameter: string }

/** What is used to know a finding again. Line numbers are not: code above a finding comes and goes. */
export type IdentityFields = {
  kind: FindingKind
  scanner: string
  ruleId: string
  aliases: readonly string[]
  path: string | null
  fingerprint: string | null
  snippet: string | null
  message: string
  package: PackageRef | null
  endpoint: Endpoint | null
  resource: string | null
  /** The secret itself, where the report shows it. */
  secret: string | null
  isSecret: boolean
}

/** Texts of 22 or 23 characters. Equal findings have equal keys; they are told apart by their order of place. */
export type FindingKeys = {
  /** What the scanner itself calls the finding, or everything that is known of its place. */
  toolKey: string | null
  /** What it is about, wherever it moved within its file. */
  contentKey: string
  /** The file (and rule), or the package, that another wording of the same finding would be in. */
  placeKey: string | null
  /** What it is about, in whichever file. Begins with `a` where it is telling enough to be known alone, with `f` where not. */
  movedKey: string | null
  /** How alike its text is to another's (text-sketch.ts). */
  sketch: string | null
  /** The package in its version, whichever scanner names it; null for other kinds. */
  packageKey: string | null
  /** The names of the advisory, the one that stands for all first; empty for other kinds. */
  names: readonly string[]
}

/** Shorter code stands in too many files to be known again in another one. */
const leastToMoveAlone = 12

/**
 * The keys of a finding; all of them count within its scanner only. A secret goes into its key together with `salt` (one an
 * organization), so that stored keys cannot be looked up in a table of known passwords.
 */
export function findingKeys(finding: IdentityFields, salt: string): FindingKeys {
  if (finding.kind === 'dependency' && finding.package !== null) return dependencyKeys(finding, finding.package)
  if (finding.kind === 'web' && finding.endpoint !== null) return webKeys(finding, finding.endpoint)
  return codeKeys(finding, salt)
}

/** A short digest of texts in their order; no two lists share one by moving a border. */
export function digest(parts: readonly string[]): string {
  const text = hash('sha256', JSON.stringify(parts), 'base64url')
  // A copy: a mere slice would keep the whole text alive, three times a finding.
  return Buffer.from(text, 'latin1').toString('latin1', 0, 22)
}

const noNames: readonly string[] = []

function codeKeys(finding: IdentityFields, salt: string): FindingKeys {
  const { scanner, ruleId, fingerprint, resource } = finding
  const path = finding.path ?? ''
  const code = normaliseContent(finding.snippet)
  const telling = finding.secret ?? resource ?? code
  const content = telling || normaliseMessage(finding.message)
  const salted = finding.isSecret || finding.secret !== null ? [salt] : []
  const movesAlone = telling.replaceAll(' ', '').length >= leastToMoveAlone
  const moved = ['moved', scanner, ruleId, content, ...salted]
  return {
    toolKey: fingerprint === null ? null : digest(['tool', scanner, ruleId, path, fingerprint, ...salted]),
    contentKey: digest(['content', scanner, ruleId, path, content, ...salted]),
    // Another secret in its place is another leak.
    placeKey: finding.secret === null ? digest(['place', scanner, ruleId, path]) : null,
    movedKey: path === '' ? null : `${movesAlone ? 'a' : 'f'}${digest(moved)}`,
    // What is left of a secret or a name when another took its place is no likeness.
    sketch: salted.length > 0 || resource !== null ? null : sketchText(content),
    packageKey: null,
    names: noNames,
  }
}

/** An advisory for a package: the version is part of the place, for an update that does not help leaves the finding what it is. */
function dependencyKeys(finding: IdentityFields, ref: PackageRef): FindingKeys {
  const names = orderAdvisoryNames([finding.ruleId, ...finding.aliases])
  const [id = ''] = names
  const place = [finding.scanner, ...packageParts(ref), projectOf(finding.path, ref.version)]
  const version = spellVersion(ref.ecosystem, ref.version)
  return {
    toolKey: digest(['tool', id, ...place, version, finding.fingerprint ?? '']),
    contentKey: digest(['content', id, ...place]),
    placeKey: digest(['place', ...place]),
    movedKey: `f${digest(['moved', id, finding.scanner, ...packageParts(ref), version])}`,
    sketch: null,
    packageKey: digest(['package', ...packageParts(ref), version]),
    names,
  }
}

/** The same application is scanned under many addresses: host and port tell two findings of one report apart, no more. */
function webKeys({ scanner, ruleId, fingerprint }: IdentityFields, endpoint: Endpoint): FindingKeys {
  const { origin, method, path, parameter } = endpoint
  const place = [scanner, ruleId, method.toUpperCase(), path, parameter]
  return {
    toolKey: digest(['tool', ...place, origin.toLowerCase(), fingerprint ?? '']),
    contentKey: digest(['content', ...place]),
    placeKey: null,
    movedKey: null,
    sketch: null,
    packageKey: null,
    names: noNames,
  }
}

/** Layout is no content: a formatter must not make every finding new. */
function normaliseContent(snippet: string | null): string {
  return (snippet ?? '').replace(/\s+/g, ' ').trim()
}

function normaliseMessage(message: string): string {
  return normaliseContent(message).replace(/\b(lines?|columns?|col)([ :]+)\d+/gi, '$1$2#')
}
