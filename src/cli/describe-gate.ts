import type { GateResult } from '../../contract/security/gate.ts'

const verdictWords = { passed: 'Passed.', warning: 'Passed with a warning.', failed: 'Failed.', could_not_decide: '' }
const levelWords = { passed: 'passed', warning: 'WARNING', failed: 'FAILED' }
/** More would push the table out of a pipeline's log. */
const mostShown = 20

/** A verdict in words: the limits, then what stands in the way. */
export function describeGate(result: GateResult): string[] {
  const { asset, branch, checks, offenders, offenders_total: total, verdict } = result
  const head = `Security gate of ${asset.key}, branch ${branch}`
  if (verdict === 'could_not_decide') return [head]
  const shown = offenders.slice(0, mostShown)
  return [
    head,
    ...(checks.length === 0 ? ['  No limit is set.'] : checks.map(describeCheck)),
    ...(total === 0
      ? []
      : [`${total === 1 ? '1 vulnerability stands' : `${total} vulnerabilities stand`} in the way, or nearly:`]),
    ...shown.flatMap((one) => [
      `  ${levelWords[one.level].padEnd(8)} ${one.severity.padEnd(12)} ${days(one.age_days).padStart(9)}  #${one.number} ${toLine(one.title)}`,
      `           ${one.url}`,
    ]),
    ...(total > shown.length ? [`  … and ${total - shown.length} more; --json tells the first hundred.`] : []),
    verdictWords[verdict],
  ]
}

function describeCheck({ severity, limit, most, actual, level }: GateResult['checks'][number]): string {
  const said = limit === 'most_open' ? `${actual} open, at most ${most}` : `oldest ${days(actual)}, up to ${days(most)}`
  return `  ${levelWords[level].padEnd(8)} ${severity.padEnd(12)} ${said}`
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`
}

/** A scanner's title in one line, without what a terminal would obey. */
function toLine(title: string): string {
  return title.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 120)
}
