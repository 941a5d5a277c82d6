import { AppError } from '../lib/app-error.ts'
import { scanners } from './registry.ts'
import type { Scanner } from './scanner.ts'

/** What is none of our formats, by its beginning, so that a refusal can name it. */
const lookalikes: readonly (readonly [string, RegExp])[] = [
  ['an SPDX bill of materials, which names no weaknesses', /"spdxVersion"/],
  ['an advisory or VEX document in CSAF, and no report of a scan', /"csaf_version"\s*:/],
  ['a VEX document (OpenVEX), and no report of a scan', /"@context"\s*:\s*"https:\/\/openvex\.dev\//],
  [
    'what the Trivy operator keeps in Kubernetes; "trivy k8s --format json" writes a report',
    /"aquasecurity\.github\.io\//,
  ],
  ['a list of tests in the XML of JUnit, not of findings', /^\s*<(\?xml[^>]{0,200}\?>\s*<)?testsuites?[\s>]/],
  ['a web page', /^\s*<(!doctype\s+html|html[\s>])/i],
  ['XML of a kind Weir does not know', /^\s*<(\?xml|[A-Za-z!])/],
  ['an empty list, which looks alike in many formats', /^\s*\[\s*\]\s*$/],
  ['the word null, which some scanners write when they find nothing', /^\s*null\s*$/],
  [
    'a report without a result, which looks alike in many formats',
    /^\s*\{\s*"\w{1,40}"\s*:\s*(\[\s*\]|null)(\s*,\s*"\w{1,40}"\s*:\s*(\[\s*\]|null)){0,20}\s*\}\s*$/,
  ],
  ['JSON of a kind Weir does not know', /^\s*[[{]/],
]

/** Who reads a file that begins with `head` (at most 64 KiB of text), or is named by `format`. Throws `report_not_recognised`. */
export function chooseScanner(head: string, format: string | undefined): Scanner {
  if (format !== undefined) {
    const named = scanners.find((scanner) => scanner.name === format)
    if (named !== undefined) return named
    const names = scanners.map(({ name }) => name).join(', ')
    throw new AppError('report_not_recognised', `Weir does not know a report format "${format}". It knows ${names}.`)
  }
  if (head.trim() === '')
    throw new AppError('report_not_recognised', 'The file is empty. Check that the scan wrote its report.')
  const found = scanners.find((scanner) => scanner.recognise(head))
  if (found !== undefined) return found
  const what = lookalikes.find(([, pattern]) => pattern.test(head))?.[0] ?? 'no report Weir knows'
  throw new AppError(
    'report_not_recognised',
    `The file is ${what}. Name the format if it is one of the ${scanners.length} that Weir reads ("weir import --format"); most other scanners write SARIF with an option like "--format sarif" or "--sarif".`,
    { meta: { looksLike: what } },
  )
}

/**
 * A report without a result that was named by hand: what begins like one of another format is that, and no clean scan.
 * Throws `report_not_recognised`.
 */
export function requireLookalike(named: Scanner, head: string): void {
  const found = scanners.find((scanner) => scanner.recognise(head))
  if (found === undefined || found === named || named.recognise(head)) return
  throw new AppError(
    'report_not_recognised',
    `Nothing in the file is of a ${named.title} report; it looks like ${found.title}. Leave the format out, or name "${found.name}".`,
    { meta: { looksLike: found.name } },
  )
}
