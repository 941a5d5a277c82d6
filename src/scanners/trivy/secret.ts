import { readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportFinding } from '../scanner.ts'
import { readCause } from './cause.ts'
import type { FindPath } from './layout.ts'

/** Trivy writes asterisks for the secret; what stands around it is what the place is known by. */
export function toSecret(value: unknown, findPath: FindPath): ReportFinding {
  const entry = readObject(value)
  const title = readText(entry['Title']) ?? readText(entry['RuleID']) ?? ''
  return makeFinding({
    kind: 'secret',
    scanner: 'Trivy',
    ruleId: readText(entry['RuleID']) ?? '',
    title,
    message: `${title} stands in the file.`,
    ...rateFinding({ word: entry['Severity'] }),
    cwes: [798],
    path: findPath(undefined),
    startLine: readLine(entry['StartLine']),
    endLine: readLine(entry['EndLine']),
    snippet: readCause(entry['Code']) ?? readText(entry['Match']) ?? null,
  })
}
