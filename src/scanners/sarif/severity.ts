import { parseCvss } from '../../domain/cvss.ts'
import { type Severity, severityOfScore } from '../../domain/severity.ts'
import { type JsonObject, readNumber, readText } from '../json-fields.ts'
import { findVector, type SarifRule } from './rule.ts'

export type JudgedSeverity = {
  severity: Severity
  source: 'cvss' | 'tool'
  vector: string | null
  score: number | null
}

/**
 * A CVSS vector beats `security-severity`, that beats the level; the result's own word beats its rule's.
 * Without any, a result is a warning (§3.27.10); one whose kind is not `fail` has no level.
 */
export function judgeSeverity(input: {
  result: JsonObject
  properties: JsonObject
  rule: SarifRule | undefined
}): JudgedSeverity {
  const { result, properties, rule } = input
  const vector = findVector(properties) ?? rule?.cvssVector
  const cvss = vector === undefined ? undefined : parseCvss(vector)
  if (cvss !== undefined) return { severity: cvss.severity, source: 'cvss', vector: cvss.vector, score: cvss.score }
  const score = readNumber(properties['security-severity']) ?? rule?.score
  if (score !== undefined && score <= 10) return byTool(severityOfScore(score))
  const level = readText(result['level'])
  if (level !== undefined) return byTool(severityOfLevel(level))
  const kind = readText(result['kind'])
  if (kind !== undefined && kind !== 'fail') return byTool('notification')
  return byTool(severityOfLevel(rule?.level ?? 'warning'))
}

function byTool(severity: Severity): JudgedSeverity {
  return { severity, source: 'tool', vector: null, score: null }
}

function severityOfLevel(level: string): Severity {
  switch (level.toLowerCase()) {
    case 'error':
      return 'high'
    case 'note':
      return 'low'
    case 'none':
      return 'notification'
    default:
      return 'medium'
  }
}
