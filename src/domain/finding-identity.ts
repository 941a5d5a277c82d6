import { hash } from 'node:crypto'

/** What is used to know a finding again. Line numbers are not: code above a finding comes and goes. */
export type IdentityFields = {
  scanner: string
  ruleId: string
  path: string | null
  fingerprint: string | null
  snippet: string | null
  message: string
  isSecret: boolean
}

/** Texts of 22 characters. Equal findings have equal keys; they are told apart by their order of place. */
export type FindingKeys = { toolKey: string | null; contentKey: string }

/**
 * The keys of a finding. The scanner's own fingerprint counts within its scanner, rule and file only. A secret goes into
 * its key together with `salt` (one an organization), so that stored keys cannot be looked up in a table of known passwords.
 */
export function findingKeys(finding: IdentityFields, salt: string): FindingKeys {
  const scope = [finding.scanner, finding.ruleId, finding.path ?? '']
  const content = normaliseContent(finding.snippet) || normaliseMessage(finding.message)
  const secret = finding.isSecret ? [salt] : []
  return {
    toolKey: finding.fingerprint === null ? null : digest(['tool', ...scope, finding.fingerprint, ...secret]),
    contentKey: digest(['content', ...scope, content, ...secret]),
  }
}

/** A short digest of texts in their order; no two lists share one by moving a border. */
export function digest(parts: readonly string[]): string {
  const text = hash('sha256', JSON.stringify(parts), 'base64url')
  // A copy: a mere slice would keep the whole text alive, three times a finding.
  return Buffer.from(text, 'latin1').toString('latin1', 0, 22)
}

/** Layout is no content: a formatter must not make every finding new. */
function normaliseContent(snippet: string | null): string {
  return (snippet ?? '').replace(/\s+/g, ' ').trim()
}

function normaliseMessage(message: string): string {
  return normaliseContent(message).replace(/\b(lines?|columns?|col)([ :]+)\d+/gi, '$1$2#')
}
