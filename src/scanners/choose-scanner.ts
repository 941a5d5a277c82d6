import { AppError } from '../lib/app-error.ts'
import { scanners } from './registry.ts'
import type { Scanner } from './scanner.ts'

/** What other files look like at their beginning, so that a refusal can name them. */
const lookalikes: readonly (readonly [string, RegExp])[] = [
  ['a CycloneDX bill of materials', /"bomFormat"\s*:\s*"CycloneDX"|cyclonedx\.org\/schema\/bom/i],
  ['an SPDX bill of materials', /"spdxVersion"/],
  ['a Trivy report', /"ArtifactName"\s*:|"Results"\s*:\s*\[\s*\{\s*"Target"/],
  ['a Grype report', /"matches"\s*:\s*\[\s*\{\s*"vulnerability"/],
  ['a Semgrep report', /"check_id"\s*:/],
  ['a Bandit report', /"issue_confidence"\s*:/],
  ['a Snyk report', /"packageManager"\s*:|"isUpgradable"\s*:/],
  ['a Gitleaks report', /"StartLine"\s*:[\s\S]*"Secret"\s*:/],
  ['an npm audit report', /"auditReportVersion"\s*:|"advisories"\s*:\s*\{/],
  ['a Checkov report', /"check_type"\s*:/],
  ['a GitLab security report', /"scan"\s*:\s*\{|"schema"\s*:\s*"[^"]*gitlab/i],
  ['an OSV-Scanner report', /"results"\s*:\s*\[\s*\{\s*"source"/],
  ['an XML file', /^\s*<(\?xml|[A-Za-z!])/],
]

/** Who reads a file that begins with `head` (at most 64 KiB of text), or is named by `format`. Throws `report_not_recognised`. */
export function chooseScanner(head: string, format: string | undefined): Scanner {
  const titles = scanners.map((scanner) => scanner.title).join(', ')
  if (format !== undefined) {
    const named = scanners.find((scanner) => scanner.name === format)
    if (named !== undefined) return named
    throw new AppError('report_not_recognised', `Weir does not know a report format "${format}". It reads ${titles}.`)
  }
  if (head.trim() === '')
    throw new AppError('report_not_recognised', 'The file is empty. Check that the scan wrote its report.')
  const found = scanners.find((scanner) => scanner.recognise(head))
  if (found !== undefined) return found
  const lookalike = lookalikes.find(([, pattern]) => pattern.test(head))?.[0]
  const isJson = /^\s*[[{]/.test(head)
  const what = lookalike ?? (isJson ? 'JSON of a kind Weir does not know' : 'not JSON')
  throw new AppError(
    'report_not_recognised',
    `The file is ${what}. Weir reads ${titles}; most scanners write it with an option like "--format sarif" or "--sarif".`,
    { meta: { looksLike: what } },
  )
}
