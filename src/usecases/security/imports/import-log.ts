import type { ImportVerdict } from '../../../domain/matching/judge-import.ts'
import { lookFirst } from '../../../domain/matching/judge-import.ts'
import type { Clock } from '../../../lib/clock.ts'
import { type ImportLogLine, toLogLine } from '../../../store/security/import-log.ts'
import type { ImportState } from '../../../store/security/imports.ts'
import type { ReadReport } from './read-report.ts'

type Told = {
  stages: readonly ImportLogLine[]
  read: ReadReport
  verdict: ImportVerdict
  state: ImportState
  /** Who decided on what had waited, and what the guard had against it; undefined where nothing waited. */
  decision: { actor: string; doubt: string | null } | undefined
  actor: string
  isFileKept: boolean
}

/** What an import that came to its end did, stage by stage, with what was found out between them. */
export function toImportLog({ clock }: { clock: Clock }, told: Told): ImportLogLine[] {
  const { stages, decision, state } = told
  const [first] = stages
  return [
    ...(decision === undefined ? [] : [confirmed(first?.at ?? clock(), decision)]),
    ...stages.flatMap((stage, index) => {
      const endsAt = stages[index + 1]?.at ?? clock()
      if (stage.kind === 'reading') return [stage, ...(decision === undefined ? tellReport(told.read, endsAt) : [])]
      return stage.kind === 'comparing' ? [stage, judged(told.verdict, endsAt)] : [stage]
    }),
    ...tellEnd(told, state, clock()),
  ]
}

/** What an import that failed did until then. */
export function toFailedLog(
  { clock }: { clock: Clock },
  told: Pick<Told, 'stages' | 'decision'> & { reason: string },
): ImportLogLine[] {
  const { stages, decision, reason } = told
  return [
    ...(decision === undefined ? [] : [confirmed(stages[0]?.at ?? clock(), decision)]),
    ...stages,
    toLogLine('failed', clock(), { detail: reason }),
  ]
}

function confirmed(at: Date, { actor, doubt }: NonNullable<Told['decision']>): ImportLogLine {
  return toLogLine('confirmed', at, { actor, detail: doubt && withoutCall(doubt) })
}

function tellReport({ scanner, report }: ReadReport, at: Date): ImportLogLine[] {
  const tools = report.tools.map(({ name, version }) => [name, version].filter((text) => text !== null).join(' '))
  const problems = report.tools.flatMap(({ problem }) => problem ?? [])
  const warnings = [...report.unread, ...(report.partial === undefined ? [] : [report.partial]), ...problems]
  return [
    toLogLine('recognised', at, { detail: [scanner.title, ...tools].join(' · ') }),
    ...warnings.map((text) => toLogLine('warned', at, { detail: text.charAt(0).toUpperCase() + text.slice(1) })),
  ]
}

function judged(verdict: ImportVerdict, at: Date): ImportLogLine {
  return toLogLine('judged', at, { detail: verdict.kind === 'held' ? withoutCall(verdict.reason) : null })
}

/** What the guard says, without what it asks of whoever reads it before the decision. */
function withoutCall(reason: string): string {
  return reason.replace(lookFirst, '').trim()
}

function tellEnd({ actor, isFileKept }: Told, state: ImportState, at: Date): ImportLogLine[] {
  if (state === 'applied')
    return [toLogLine('applied', at, { actor }), ...(isFileKept ? [] : [toLogLine('file_deleted', at)])]
  return state === 'previewed' || state === 'held' || state === 'unchanged' ? [toLogLine(state, at)] : []
}
