import { countOnce } from '../count-once.ts'
import { jsonFormat } from '../define-format.ts'
import { foundDependency } from '../found-dependency.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { toFinding } from './to-finding.ts'

type Context = { version: string | null }

const format = jsonFormat<Context>({
  name: 'grype',
  title: 'Grype',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    /"matches"\s*:\s*(\[|null)/.test(head) &&
    (/"vulnerability"\s*:\s*\{/.test(head) ||
      /"name"\s*:\s*"grype"/.test(head) ||
      /"matches"\s*:\s*(\[\s*\]|null)\s*,\s*"(ignoredMatches|source|distro|descriptor)"/.test(head)),
  wish,
  isResult: (path) => path[0] !== 'descriptor' && path.length === 2,
  newContext: () => ({ version: null }),
  learn: (context, { path: [top, field], value }) => {
    if (top === 'descriptor' && field === 'version') context.version = readText(value) ?? null
  },
  tools: ({ version }) => [{ name: 'Grype', version, problem: null }],
  read: (value, _context, path) => {
    const finding = toFinding(value)
    return [foundDependency(path[0] === 'matches' ? finding : { ...finding, suppressed: readReason(value) })]
  },
})

/**
 * Grype's JSON (`grype -o json`): https://github.com/anchore/grype#output-formats. Before 0.10 CVSS stood in `cvssV2` and
 * `cvssV3`, `matchDetails` was an object, and there were no URLs of packages. A CVE and the GHSA it comes from may both match.
 */
export const grype = countOnce(format)

function wish(path: JsonPath): Wish {
  const [top, field] = path
  if (path.length === 0) return 'enter'
  if (top === 'matches' || top === 'ignoredMatches') return path.length === 1 ? 'enter' : 'take'
  if (top !== 'descriptor') return 'skip'
  return path.length === 1 ? 'enter' : field === 'version' ? 'take' : 'skip'
}

/** Why Grype ignores a match: the words of the rule, or of the VEX document. */
function readReason(value: unknown): string {
  for (const rule of readList(readObject(value)['appliedIgnoreRules'])) {
    const { reason, 'vex-status': status, 'vex-justification': why, 'match-type': type } = readObject(rule)
    const vex = [readText(status), readText(why)].filter((one) => one !== undefined).join(', ')
    const told = readText(reason) ?? (vex === '' ? readText(type) : `VEX: ${vex}`)
    if (told !== undefined) return told
  }
  return 'ignored by a rule of Grype'
}
