import { countOf } from '../count-of.ts'
import { found, skipped, xmlFormat } from '../define-format.ts'
import { htmlToText } from '../html-to-text.ts'
import { addEntry, findMain, type Problems } from '../same-problem.ts'
import type { ReportResult } from '../scanner.ts'
import { attributeOf, type XmlElement } from '../xml-element.ts'
import { type Issue, keyOf, readIssue, toFinding } from './issue.ts'

type Context = { version: string | null; problems: Problems; evidence: Map<string, number> }

/** What Burp recorded, by its element: of any length, and not kept. */
const evidence: ReadonlyMap<string, string> = new Map([
  ['requestresponse', 'recorded request'],
  ['collaboratorEvent', 'Collaborator event'],
  ['infiltratorEvent', 'Infiltrator event'],
  ['staticAnalysis', 'static analysis'],
  ['dynamicAnalysis', 'dynamic analysis'],
])

/** Burp's XML of issues: https://portswigger.net/burp/documentation/desktop/getting-started/generate-reports */
export const burp = xmlFormat<Context>({
  name: 'burp',
  title: 'Burp',
  recognise: (head) => /^\s*</.test(head) && /<issues\s[^<>]{0,500}burpVersion\s*=/.test(head),
  wish: (path) => (path[0] !== 'issues' ? 'skip' : path.length === 1 ? 'enter' : path[1] === 'issue' ? 'take' : 'skip'),
  isHollow: (name) => evidence.has(name),
  isResult: (path) => path[1] === 'issue',
  newContext: () => ({ version: null, problems: new Map(), evidence: new Map() }),
  learn: (context, { path, value, at }) => {
    if (path.length === 1) context.version = attributeOf(value, 'burpVersion') ?? null
    else {
      const issue = readIssue(value)
      addEntry(context.problems, { key: keyOf(issue), id: String(at), severity: issue.rating.severity, place: null })
      countEvidence(context.evidence, value)
    }
  },
  tools: ({ version }) => [{ name: 'Burp', version, problem: null }],
  unread: ({ evidence: counts }) =>
    [...counts].map(
      ([name, count]) => `${countOf(count, evidence.get(name) ?? name)} of Burp, which Weir does not keep.`,
    ),
  read: (value, { problems }, _, at) => [toResult(readIssue(value), problems, String(at))],
})

function countEvidence(counts: Map<string, number>, issue: XmlElement): void {
  for (const { name } of issue.children) if (evidence.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** One finding a type, page and parameter: Burp tells of each way it got there. */
function toResult(issue: Issue, problems: Problems, id: string): ReportResult {
  const main = findMain(problems, { key: keyOf(issue), id })
  if (main !== null) return found(toFinding(issue, main.count))
  const { title, address } = issue
  return skipped('repeated', htmlToText(`${title} at ${address}`), 'the same type, page and parameter')
}
