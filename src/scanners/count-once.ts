import { findingKeys } from '../domain/finding-identity.ts'
import { skipped } from './define-format.ts'
import type { ReportFinding, ReportResult, Scanner } from './scanner.ts'

/**
 * The same format, with every problem of a dependency or an endpoint once: scanners tell of it again for another name of the
 * advisory, another source, another way to the package. What is suppressed once and open another time stays both.
 */
export function countOnce(scanner: Scanner): Scanner {
  return {
    ...scanner,
    read: async (source, limits) => {
      const report = await scanner.read(source, limits)
      return { ...report, results: () => skipRepeated(report.results()) }
    },
  }
}

async function* skipRepeated(results: AsyncIterable<ReportResult>): AsyncGenerator<ReportResult> {
  const seen = new Set<string>()
  for await (const result of results) {
    const key = result.kind === 'finding' ? keyOf(result.finding) : null
    if (result.kind === 'finding' && key !== null && seen.has(key)) {
      yield repeated(result.finding)
      continue
    }
    if (key !== null) seen.add(key)
    yield result
  }
}

/** null for what may well be there twice, as two lines of code are. */
function keyOf(finding: ReportFinding): string | null {
  const isOne = finding.kind === 'dependency' ? finding.package !== null : finding.endpoint !== null
  if (!isOne) return null
  const { toolKey } = findingKeys(finding, '')
  return toolKey === null ? null : `${toolKey}${finding.suppressed === null ? '' : 's'}`
}

function repeated({ ruleId, package: ref, endpoint }: ReportFinding): ReportResult {
  const where = ref === null ? endpoint?.path : [ref.name, ref.version].filter((part) => part !== null).join(' ')
  return skipped('repeated', `${ruleId} in ${where ?? ''}`, 'told of before, under another name or on another way')
}
