import { readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import type { ReportFinding } from '../scanner.ts'
import type { SnykProject } from './layout.ts'

/** An issue of `snyk iac test`. */
export function toMisconfiguration(value: unknown, project: SnykProject): ReportFinding {
  const entry = readObject(value)
  const told = readObject(entry['iacDescription'])
  const text = (field: string): string | undefined => readText(entry[field]) ?? readText(told[field])
  const id = readText(entry['publicId']) ?? readText(entry['id']) ?? ''
  const sentences = [text('issue'), text('impact'), text('resolve')].filter((one) => one !== undefined)
  return makeFinding({
    kind: 'configuration',
    scanner: 'Snyk',
    ruleId: id,
    title: readText(entry['title']) ?? id,
    message: sentences[0] ?? readText(entry['title']) ?? '',
    description: sentences.join('\n\n'),
    ...rateFinding({ word: entry['severity'] }),
    path: project.file,
    startLine: readLine(entry['lineNumber']),
    helpUri:
      readText(entry['documentation']) ??
      `https://security.snyk.io/rules/cloud/${encodeURIComponent(id.toWellFormed())}`,
    resource: readResource(entry['path'] ?? entry['cloudConfigPath']) ?? readText(entry['msg']) ?? null,
    suppressed: entry['isIgnored'] === true ? "ignored by Snyk's policy" : null,
  })
}

/** `resource.aws_s3_bucket[invoices].acl`: the number of the document in a file of several is left away, it shifts. */
function readResource(path: unknown): string | undefined {
  const steps = readList(path).flatMap((step) => readText(step) ?? [])
  const named = steps.filter((step) => !/^\[DocId: ?\d+\]$/i.test(step) && step !== 'input')
  return named.length === 0 ? undefined : named.join('.')
}
