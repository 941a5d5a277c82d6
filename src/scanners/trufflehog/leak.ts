import type { Severity } from '../../domain/severity.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import type { Place, ReportFinding } from '../scanner.ts'

/** A secret as either version tells of it. */
export type Leak = {
  /** The kind of secret; it is the rule. */
  detector: string
  title: string
  description: string
  severity: Severity
  path: string | null
  line: number | null
  /** In clear; null where it is not shown. */
  secret: string | null
  /** The part of it that may be shown. */
  hint: string
  helpUri: string | null
  place: Place | null
}

export function toFinding(leak: Leak, otherPlaces: Place[]): ReportFinding {
  return makeFinding({
    kind: 'secret',
    scanner: 'TruffleHog',
    ruleId: leak.detector,
    title: leak.title,
    message: leak.title,
    description: leak.description,
    ...rateFinding({ word: leak.severity }),
    cwes: [798],
    path: leak.path,
    startLine: leak.line,
    snippet: leak.hint === '' ? null : leak.hint,
    secret: leak.secret,
    helpUri: leak.helpUri,
    otherPlaces,
  })
}
