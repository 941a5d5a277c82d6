import type { FindingKind } from './finding-kind.ts'

/** What two vulnerabilities of one asset and branch can have in common, the most telling first. */
export const likenessReasons = [
  'other_scanner',
  'same_advisory',
  'same_package',
  'same_rule',
  'same_file',
  'near_line',
  'same_title',
  'same_cwe',
] as const
export type LikenessReason = (typeof likenessReasons)[number]

/** What is compared of a vulnerability. `packages` are keys of packages in a version, as its findings have them. */
export type Comparable = {
  kind: FindingKind
  source: 'scan' | 'person'
  scanner: string
  ruleId: string
  title: string
  path: string | null
  line: number | null
  cwes: readonly number[]
  aliases: readonly string[]
  packages: readonly string[]
}

/** `rank` 0 is the most alike; `linesApart` is set within one file where both lines are known. */
export type Likeness = { rank: number; reasons: LikenessReason[]; linesApart: number | null }

/** The rank of what has nothing in common. */
export const unlike = 7

/** Lines that still are near: two tools that mean the same code point at its first line, its last, or the call within. */
export const nearLines = 5

/** How alike two vulnerabilities are, and by what. */
export function compareLikeness(one: Comparable, other: Comparable): Likeness {
  const isSameFile = one.path !== null && one.path === other.path
  const linesApart = isSameFile && one.line !== null && other.line !== null ? Math.abs(one.line - other.line) : null
  const holds: Record<LikenessReason, boolean> = {
    other_scanner: one.scanner !== other.scanner,
    same_advisory: haveCommon(namesOf(one), namesOf(other)),
    same_package: haveCommon(one.packages, other.packages),
    same_rule: isRule(one) && isRule(other) && one.ruleId === other.ruleId,
    same_file: isSameFile,
    near_line: linesApart !== null && linesApart <= nearLines,
    same_title: one.title.toLowerCase() === other.title.toLowerCase(),
    same_cwe: haveCommon(one.cwes, other.cwes),
  }
  const isCode = one.kind !== 'dependency' && other.kind !== 'dependency'
  const rank = rankOf(holds, isCode)
  // That another scanner says something remotely alike is no reason by itself.
  const reasons = likenessReasons.filter((reason) => holds[reason] && (reason !== 'other_scanner' || rank <= 1))
  return { rank, reasons: rank === unlike ? [] : reasons, linesApart }
}

/** Hundreds of packages stand in one lock file, so that of them a file in common says little. */
function rankOf(holds: Record<LikenessReason, boolean>, isCode: boolean): number {
  if (isCode && holds.other_scanner && holds.same_file && (holds.near_line || holds.same_cwe)) return 0
  if (holds.same_advisory && holds.same_package) return 1
  if ((holds.same_rule || holds.same_advisory) && holds.same_file) return 2
  if (holds.same_rule || holds.same_advisory) return 3
  if (holds.same_title) return 4
  if (holds.same_file) return 5
  return holds.same_cwe ? 6 : unlike
}

/** Orders what `compareLikeness` said: by rank, then the nearer line, then more in common. Below 0 where the first is more alike. */
export function byLikeness(one: Likeness, other: Likeness): number {
  if (one.rank !== other.rank) return one.rank - other.rank
  if (one.linesApart !== other.linesApart) return compareLines(one.linesApart, other.linesApart)
  return other.reasons.length - one.reasons.length
}

/** Names of the advisory, in capitals: of a package, the rule is one of them. */
export function namesOf({ kind, ruleId, aliases }: Pick<Comparable, 'kind' | 'ruleId' | 'aliases'>): string[] {
  const names = kind === 'dependency' ? [ruleId, ...aliases] : aliases
  return [...new Set(names.map((name) => name.toUpperCase()))]
}

/** Whether its rule says what it is: that of a package is the advisory, and what people write down has none. */
export function isRule({ kind, source }: Pick<Comparable, 'kind' | 'source'>): boolean {
  return kind !== 'dependency' && source === 'scan'
}

function compareLines(one: number | null, other: number | null): number {
  return (one ?? Number.MAX_SAFE_INTEGER) - (other ?? Number.MAX_SAFE_INTEGER)
}

function haveCommon<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.some((item) => others.includes(item))
}
