import type { ReportFinding, ReportLimits, ReportResult, ReportTool, Scanner } from './scanner.ts'

/** A report given as text, read whole: what each result became, in the order of the file. */
export async function readText(
  scanner: Scanner,
  text: string,
  limits: ReportLimits = { maxResults: 1000, maxResultBytes: 64 * 1024 },
): Promise<{
  results: ReportResult[]
  findings: ReportFinding[]
  /** `finding`, or why it is skipped. */
  steps: string[]
  tools: readonly ReportTool[]
  unread: readonly string[]
  commit: string | null
  partial: string | undefined
}> {
  const bytes = Buffer.from(text)
  const source = {
    bytes: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    },
  }
  const report = await scanner.read(source, limits)
  const results: ReportResult[] = []
  for await (const result of report.results()) results.push(result)
  const findings = results.flatMap((result) => (result.kind === 'finding' ? [result.finding] : []))
  const steps = results.map((result) => (result.kind === 'finding' ? 'finding' : result.step))
  const { tools, unread, commit, partial } = report
  return { results, findings, steps, tools, unread, commit, partial }
}
