import type { ExistingFinding, Identity, ReportIdentity } from './identities.ts'
import type { MatchPlan, PlanOutcome } from './match-findings.ts'

/** What to do with a plan. `held` waits for a person, who reads the reason. */
export type ImportVerdict = { kind: 'apply' } | { kind: 'unchanged' } | { kind: 'held'; reason: string }

export type VerdictInput = {
  plan: MatchPlan
  /** What was stored and what the report holds: the two sides of the plan. */
  existing: readonly ExistingFinding[]
  report: readonly ReportIdentity[]
  /** The very file was the last one applied to this asset and branch, for the same commit. */
  isSameFile: boolean
}

/** More than this share and more than this many closed at once is rather a broken scan than a good day. */
const mostClosedShare = 0.5
const mostClosed = 10
/** Fewer are no sign of anything, even when the report knows none of them. */
const fewClosed = 3
/** So much less is enough where nearly all of it is of rules, or in folders, that the report knows nothing of. */
const mostStrangeShare = 0.25
const strange = 0.8

/** What a person is asked to do about an import that is held; said no more once they did. */
export const lookFirst = 'Look at the list, then apply or discard.'

const quietOutcomes: readonly PlanOutcome[] = ['kept', 'suppressed', 'known']

/** Judges a plan before it is applied: nothing to do, safe to apply, or to be looked at first. */
export function judgeImport(input: VerdictInput): ImportVerdict {
  const { plan, isSameFile } = input
  const { items, closed } = plan
  const reason = closed.length === 0 ? undefined : findDoubt(input)
  if (reason !== undefined) return { kind: 'held', reason: `${reason} ${lookFirst}` }
  const isQuiet = closed.length === 0 && items.every((item) => quietOutcomes.includes(item.outcome))
  if (isQuiet && isSameFile && items.every((item) => item.findingId !== null && !item.isChanged))
    return { kind: 'unchanged' }
  return { kind: 'apply' }
}

/** Why the report may not be what it seems, in a sentence. */
function findDoubt({ plan: { items, closed }, existing, report }: VerdictInput): string | undefined {
  const active = existing.filter((finding) => finding.active).length
  if (items.length === 0)
    return `The report is empty, and applying it would close all ${closed.length} active findings of its scanner. Check that the scan ran.`
  const would = `The report would close ${closed.length} of ${active} active findings`
  const knownNone = closed.length >= fewClosed && items.every((item) => item.findingId === null)
  const share = closed.length / active
  const isMuch = closed.length > mostClosed && share > mostClosedShare
  if (isMuch || knownNone || (closed.length > mostClosed && share > mostStrangeShare)) {
    const [ofRules, inFolders] = [missing(closed, report, ruleOf), missing(closed, report, folderOf)]
    if (ofRules.share >= strange && (knownNone || ofRules.names.length > 2))
      return `${would}, and ${few(ofRules.names, 'rule')} they are of ${has(ofRules.names)} nothing in it: it seems that another set of rules was scanned.`
    if (inFolders.share >= strange)
      return `${would}, and ${few(inFolders.names, 'folder')} they are in ${has(inFolders.names)} nothing in it: it seems that another tree was scanned.`
  }
  return isMuch ? `${would}. That happens when another folder, branch or set of rules was scanned.` : undefined
}

const ruleOf = ({ ruleId }: Identity): string => ruleId
/** The outermost folder; files outside of folders are in a folder of their own. */
const folderOf = ({ path }: Identity): string => (path?.includes('/') === true ? path.slice(0, path.indexOf('/')) : '.')

/** Of what is closed: how much has a name that nothing in the report has, and those names. */
function missing(
  closed: readonly ExistingFinding[],
  report: readonly ReportIdentity[],
  name: (one: Identity) => string,
): { share: number; names: string[] } {
  const told = new Set(report.map(name))
  const lost = closed.filter((finding) => !told.has(name(finding)))
  return { share: lost.length / closed.length, names: [...new Set(lost.map(name))].toSorted() }
}

function few(names: readonly string[], word: string): string {
  const [first = ''] = names
  return names.length === 1
    ? `the ${word} (${first})`
    : `${names.length} ${word}s (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`
}

function has(names: readonly string[]): string {
  return names.length === 1 ? 'has' : 'have'
}
