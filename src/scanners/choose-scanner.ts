import { AppError } from '../lib/app-error.ts'
import { scanners } from './registry.ts'
import type { Scanner } from './scanner.ts'

/** What is none of our formats, by its beginning, so that a refusal can name it. */
const lookalikes: readonly (readonly [string, RegExp])[] = [
  ['an SPDX bill of materials, which names no weaknesses', /"spdxVersion"/],
  ['a web page', /^\s*<(!doctype\s+html|html[\s>])/i],
  ['XML of a kind Weir does not know', /^\s*<(\?xml|[A-Za-z!])/],
  ['an empty list, which looks alike in many formats', /^\s*\[\s*\]\s*$/],
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
