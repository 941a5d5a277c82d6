import { parseCvss } from '../domain/cvss.ts'
import { type Severity, severityOfScore } from '../domain/severity.ts'
import { readNumber } from './json-fields.ts'

/** How bad a finding is, and who says so. */
export type Rating = {
  severity: Severity
  severitySource: 'cvss' | 'tool'
  cvssVector: string | null
  cvssScore: number | null
  /** What stands where a vector should, and is none. */
  invalidVector?: string
}

/** What scanners commonly say; a format with words of its own hands them in. */
const words: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['blocker', 'critical'],
  ['very high', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['error', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['warning', 'medium'],
  ['warn', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['negligible', 'notification'],
  ['info', 'notification'],
  ['information', 'notification'],
  ['informational', 'notification'],
  ['note', 'notification'],
  ['style', 'notification'],
  ['trace', 'notification'],
  ['none', 'notification'],
])

type Told = {
  /** What the scanner says; any case. */
  word: unknown
  /** CVSS vectors in the order of trust; the first that is one counts. */
  vectors?: readonly unknown[]
  /** CVSS scores in the order of trust, numbers or texts, for reports without a vector. */
  scores?: readonly unknown[]
  words?: ReadonlyMap<string, Severity>
  /** For a word nobody knows, and where nothing is said at all. */
  otherwise?: Severity
}

/**
 * A CVSS vector beats the scanner's own word, and is recomputed; the word beats a score without a vector, for nobody can
 * tell what that is made of. A vector that is none is passed over and told (`invalidVector`).
 */
export function rateFinding({ word, vectors = [], scores = [], words: own, otherwise = 'medium' }: Told): Rating {
  const spelled = typeof word === 'string' ? word.trim().toLowerCase() : ''
  const told = own?.get(spelled) ?? words.get(spelled)
  const cvss = vectors.flatMap((vector) => (typeof vector === 'string' ? (parseCvss(vector) ?? []) : []))[0]
  const score = cvss?.score ?? scores.map(readNumber).find((one) => one !== undefined && one > 0 && one <= 10) ?? null
  const wrong = cvss === undefined ? vectors.find(looksLikeVector) : undefined
  const rated = {
    cvssVector: cvss?.vector ?? null,
    cvssScore: score,
    ...(wrong !== undefined && { invalidVector: wrong.slice(0, maxVector) }),
  }
  if (cvss !== undefined) return { severity: cvss.severity, severitySource: 'cvss', ...rated }
  if (told !== undefined) return { severity: told, severitySource: 'tool', ...rated }
  if (score !== null) return { severity: severityOfScore(score), severitySource: 'cvss', ...rated }
  return { severity: otherwise, severitySource: 'tool', ...rated }
}

const maxVector = 100

/** Formats hand in whatever stands in the field, a bare score too. */
function looksLikeVector(text: unknown): text is string {
  return typeof text === 'string' && /^\s*\(?(?:CVSS:|AV:)/i.test(text)
}
