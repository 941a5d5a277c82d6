import type { Endpoint } from '../domain/finding-identity.ts'
import type { FindingKind } from '../domain/finding-kind.ts'
import type { PackageRef } from '../domain/package-identity.ts'
import type { Severity } from '../domain/severity.ts'

/** A report on disk: every call of `open` reads it again from its first byte, as UTF-8 without a byte order mark. */
export type ReportSource = { readonly bytes: number; open: () => AsyncIterable<Uint8Array> }

export type ReportLimits = {
  /** Results one report may hold; more is `report_too_many_results`. */
  readonly maxResults: number
  /** Longest single result in bytes that is read; a longer one is counted as skipped. */
  readonly maxResultBytes: number
}

/** A place in the code; `path` is relative to the root of the repository, lines and columns count from 1. */
export type Place = { path: string; line: number; message: string | null }

/** One scanner's evidence of a problem, as its format told it; texts are free of NUL and lone surrogates. */
export type ReportFinding = {
  /** The scanner's name: findings of different scanners are never taken for each other. */
  scanner: string
  kind: FindingKind
  /** What was broken: a rule, a check, or for a dependency the advisory. The same from version to version of the scanner. */
  ruleId: string
  title: string
  message: string
  description: string
  severity: Severity
  severitySource: 'cvss' | 'tool'
  cvssVector: string | null
  cvssScore: number | null
  /** What stands where a CVSS vector should, and is none: told, and passed over. */
  invalidVector?: string
  cwes: number[]
  /** Other names of the advisory: CVE, GHSA, OSV. */
  aliases: string[]
  path: string | null
  startLine: number | null
  endLine: number | null
  startColumn: number | null
  /** The flagged code alone, without the lines around it. */
  snippet: string | null
  helpUri: string | null
  /** What the scanner itself calls this result, steady from scan to scan; null when it gave nothing usable. */
  fingerprint: string | null
  /** Of a dependency: the package, and the versions that are not affected, in the scanner's words. */
  package: PackageRef | null
  fixedIn: string | null
  /** Of a running application. */
  endpoint: Endpoint | null
  /** Of a configuration: what is configured, `aws_s3_bucket.invoices`. */
  resource: string | null
  /** The secret in clear, for its key alone: it is never kept. null where the report hides it. */
  secret: string | null
  /** The rule looks for passwords, tokens or keys: the place in clear must not be kept. */
  isSecret: boolean
  /** Why the report says not to count it; null for a result that counts. */
  suppressed: string | null
  flow: Place[]
  otherPlaces: Place[]
}

/** Each result of the file is exactly one of these, in the order of the file. */
export type ReportResult =
  | { kind: 'finding'; finding: ReportFinding }
  | { kind: 'skipped'; step: string; label: string; detail: string | null }

/** A scanner that ran. `problem` says why its report cannot prove that something is gone (its run failed, say). */
export type ReportTool = { name: string; version: string | null; problem: string | null }

/** What a report holds. `results` may be walked any number of times and always answers the same. */
export type Report = {
  readonly tools: readonly ReportTool[]
  /** The revision the scan saw, when the report tells. */
  readonly commit: string | null
  /** What the file holds that is not read, in sentences with counts. */
  readonly unread: readonly string[]
  /** Why the report, by its own words, tells of a part of the code only, as the end of a sentence; left out for a whole one. */
  readonly partial?: string
  results: () => AsyncIterable<ReportResult>
}

/** A report format. Both functions throw `report_…` errors only, with a sentence that says what to do. */
export type Scanner = {
  /** Lower case, part of the API: `sarif`. */
  readonly name: string
  readonly title: string
  /** Whether a file that begins with this text (at most 64 KiB of it) is of this format. */
  recognise: (head: string) => boolean
  read: (source: ReportSource, limits: ReportLimits) => Promise<Report>
}
