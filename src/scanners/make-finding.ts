import { orderAdvisoryNames } from '../domain/advisory-names.ts'
import { normalisePath } from '../domain/normalise-path.ts'
import type { PackageRef } from '../domain/package-identity.ts'
import { isSecretRule } from '../domain/secret-rule.ts'
import { cleanText } from './clean-text.ts'
import type { Rating } from './rate-finding.ts'
import type { Place, ReportFinding } from './scanner.ts'

/** The rule of a finding whose report names none. */
export const withoutRule = 'without-rule'

const maxRuleId = 300
const maxTitle = 200
const maxText = 20_000
const maxPath = 1000
const maxSnippet = 4000
const maxNames = 20

/** What a format has to say of a finding; the rest has a default. Texts may be of any length and hold any character. */
export type FindingInput = Rating &
  Pick<ReportFinding, 'kind' | 'scanner'> & {
    /** Blank: the finding has no rule. */
    ruleId: string
    /** One sentence; of a longer text the first one. */
    title: string
    /** Words that mark a rule for secrets, beside its id. */
    tags?: readonly string[]
    /** As the report says it: any separators, in front of it whatever the build machine called its folder. */
    path?: string | null | undefined
  } & {
    [Field in Exclude<keyof ReportFinding, keyof Rating | 'kind' | 'scanner' | 'ruleId' | 'title' | 'path'>]?:
      | ReportFinding[Field]
      | undefined
  }

/** A finding with texts that fit into the database, a normalised path, and everything nobody mentioned left empty. */
export function makeFinding(input: FindingInput): ReportFinding {
  const { kind, scanner, severity, severitySource, cvssVector, cvssScore } = input
  const ruleId = cleanText(input.ruleId.trim(), maxRuleId) || withoutRule
  const title = firstSentence(input.title) || ruleId
  const cwes = [...new Set(input.cwes)].toSorted((a, b) => a - b).slice(0, maxNames)
  const snippet = input.snippet ?? null
  return {
    kind,
    scanner,
    ruleId,
    title,
    message: cleanText((input.message ?? '').trim(), maxText) || title,
    description: cleanText((input.description ?? '').trim(), maxText),
    severity,
    severitySource,
    cvssVector,
    cvssScore,
    ...(input.invalidVector !== undefined && { invalidVector: cleanText(input.invalidVector, maxRuleId) }),
    cwes,
    aliases: orderAdvisoryNames(input.aliases ?? [])
      .filter((name) => name !== ruleId)
      .slice(0, maxNames),
    path: toPath(input.path),
    startLine: input.startLine ?? null,
    endLine: input.endLine ?? input.startLine ?? null,
    startColumn: input.startColumn ?? null,
    snippet: snippet === null || snippet.trim() === '' ? null : cleanText(snippet, maxSnippet),
    helpUri: toLink(input.helpUri),
    fingerprint: input.fingerprint ?? null,
    package: cleanPackage(input.package ?? null),
    fixedIn: cleanOptional(input.fixedIn, maxRuleId),
    endpoint: input.endpoint ?? null,
    resource: cleanOptional(input.resource, maxPath),
    secret: input.secret ?? null,
    isSecret: input.isSecret ?? (kind === 'secret' || isSecretRule({ scanner, ruleId, tags: input.tags ?? [], cwes })),
    suppressed: cleanOptional(input.suppressed, maxRuleId),
    flow: (input.flow ?? []).map(cleanPlace),
    otherPlaces: (input.otherPlaces ?? []).map(cleanPlace),
  }
}

/** The first sentence of a text, in one line. */
export function firstSentence(text: string): string {
  const line = cleanText(text, maxText).replace(/\s+/g, ' ').trim()
  const sentence = /^.{10,}?[.!?](?= |$)/.exec(line)?.[0] ?? line
  return cleanText(sentence.replace(/\.$/, ''), maxTitle)
}

function toPath(path: string | null | undefined): string | null {
  const normal = normalisePath(path ?? '')
  return normal === '' ? null : cleanText(normal, maxPath)
}

function toLink(uri: string | null | undefined): string | null {
  return uri !== null && uri !== undefined && /^https?:\/\//i.test(uri) ? cleanText(uri, maxPath) : null
}

function cleanOptional(text: string | null | undefined, maxLength: number): string | null {
  return text === null || text === undefined ? null : cleanText(text, maxLength) || null
}

function cleanPackage(ref: PackageRef | null): PackageRef | null {
  if (ref === null) return null
  const { ecosystem, name, version } = ref
  return {
    ecosystem: cleanText(ecosystem, maxRuleId),
    name: cleanText(name, maxPath),
    version: cleanOptional(version, maxRuleId),
  }
}

function cleanPlace({ path, line, message }: Place): Place {
  return {
    path: cleanText(normalisePath(path), maxPath),
    line,
    message: message === null ? null : cleanText(message, 500),
  }
}
