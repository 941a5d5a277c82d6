import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { groupAliases } from '../../../domain/intelligence/group-aliases.ts'
import { readAliases } from '../../../domain/intelligence/read-aliases.ts'
import { type AliasLeaders, toLeaders, widenNames } from '../../../domain/intelligence/widen-names.ts'
import { explainMatch, type MatchSide } from '../../../domain/matching/explain-match.ts'
import { type ExistingFinding, type MatchStep, matchSteps } from '../../../domain/matching/identities.ts'
import { judgeImport } from '../../../domain/matching/judge-import.ts'
import { matchFindings, type PlanItem } from '../../../domain/matching/match-findings.ts'
import type { ReportFinding } from '../../../scanners/scanner.ts'
import { describePlace } from './finding-body.ts'
import { type ReadReport, readReport } from './read-report.ts'

export type Comparison = {
  /** Findings of each report; suppressed ones are among them. */
  old: number
  new: number
  kept: number
  added: number
  closed: number
  by_step: Record<MatchStep, number>
  /** Why the newer report would wait for a person. */
  held: string | null
}

/** A finding of either report that is one with another, came or went. */
export type Explained = { kind: 'kept' | 'added' | 'closed'; step: MatchStep | null; finding: string; reason: string }

export type CompareInput = {
  oldFile: string
  newFile: string
  format: string | undefined
  maxResults: number
  /** A file of names of advisories; without one, names are one as the reports say. */
  aliasFile?: string | undefined
  /** Called for each finding, the kept ones first. */
  explain?: (one: Explained) => void
}

/** Compares two reports of one target as two imports would, without a database. Throws `report_…` errors. */
export async function compareReports(input: CompareInput): Promise<Comparison> {
  const leaders = await readLeaders(input.aliasFile)
  const before = await read(input.oldFile, input)
  const now = await read(input.newFile, input)
  const existing = widenNames(before.identities, leaders).map(
    (one, index): ExistingFinding => ({
      ...one,
      id: String(one.position),
      contentIndex: index,
      active: true,
      status: one.isSuppressed ? 'suppressed' : 'identified',
    }),
  )
  const report = widenNames(now.identities, leaders)
  const closingScanners = now.report.tools.filter((tool) => tool.problem === null).map((tool) => tool.name)
  const plan = matchFindings({ existing, report, closingScanners })
  const verdict = judgeImport({ plan, existing, report, isSameFile: false })
  if (input.explain !== undefined) await explainAll({ before, now, items: plan.items, explain: input.explain })
  const kept = plan.items.filter((item) => item.findingId !== null)
  return {
    old: existing.length,
    new: report.length,
    kept: kept.length,
    added: report.length - kept.length,
    closed: existing.length - kept.length,
    by_step: countSteps(kept),
    held: findOtherScanner(before, now) ?? (verdict.kind === 'held' ? verdict.reason : null),
  }
}

/** One scanner's silence says nothing of what another one found. */
function findOtherScanner(before: ReadReport, now: ReadReport): string | undefined {
  const [old = [], fresh = []] = [before, now].map(({ report }) => report.tools.map(({ name }) => name))
  if (old.length === 0 || fresh.length === 0 || old.some((name) => fresh.includes(name))) return undefined
  return `The older report is of ${old.join(', ')}, the newer one of ${fresh.join(', ')}: an import would close nothing, since only the same scanner can.`
}

async function readLeaders(path: string | undefined): Promise<AliasLeaders> {
  if (path === undefined) return new Map()
  return toLeaders(await groupAliases(readAliases(createReadStream(path))))
}

async function read(path: string, { format, maxResults }: CompareInput): Promise<ReadReport> {
  const { size: bytes } = await stat(path)
  return readReport({ path, bytes, format, maxResults, salt: '' })
}

function countSteps(items: readonly PlanItem[]): Record<MatchStep, number> {
  const counts: Record<MatchStep, number> = { exact: 0, content: 0, alias: 0, nearest: 0, renamed: 0 }
  for (const { step } of items) if (step !== 'new' && step !== 'merged') counts[step] += 1
  return counts
}

type ToExplain = {
  before: ReadReport
  now: ReadReport
  items: readonly PlanItem[]
  explain: (one: Explained) => void
}

async function explainAll({ before, now, items, explain }: ToExplain): Promise<void> {
  const [old, fresh] = [await describeFindings(before), await describeFindings(now)]
  for (const step of matchSteps)
    for (const item of items) {
      const [from, to] = [old.get(Number(item.findingId)), fresh.get(item.position)]
      if (item.step !== step || item.findingId === null || from === undefined || to === undefined) continue
      explain({ kind: 'kept', step, finding: to.label, reason: explainMatch(step, from.side, to.side) })
    }
  for (const item of items)
    if (item.findingId === null)
      explain({
        kind: 'added',
        step: null,
        finding: fresh.get(item.position)?.label ?? '',
        reason: 'not in the older report',
      })
  const kept = new Set(items.map((item) => item.findingId))
  for (const [position, { label }] of old)
    if (!kept.has(String(position)))
      explain({ kind: 'closed', step: null, finding: label, reason: 'not in the newer report' })
}

async function describeFindings({ report }: ReadReport): Promise<Map<number, { label: string; side: MatchSide }>> {
  const all = new Map<number, { label: string; side: MatchSide }>()
  let position = 0
  for await (const result of report.results()) {
    if (result.kind === 'finding') {
      const { finding } = result
      const place = finding.endpoint?.path ?? describePlace(finding) ?? finding.package?.name ?? ''
      all.set(position, { label: `${finding.ruleId} ${place}`, side: toMatchSide(finding) })
    }
    position += 1
  }
  return all
}

function toMatchSide(finding: ReportFinding): MatchSide {
  const { kind, ruleId, path, startLine: line, snippet } = finding
  const version = finding.package?.version ?? null
  return { kind, ruleId, path, line, hasCode: snippet !== null, version, origin: finding.endpoint?.origin ?? null }
}
