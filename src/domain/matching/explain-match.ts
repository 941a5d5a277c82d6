import type { FindingKind } from '../finding-kind.ts'
import type { MatchStep } from './identities.ts'

/** Of a finding, what a sentence about its match tells. */
export type MatchSide = {
  kind: FindingKind
  ruleId: string
  path: string | null
  line: number | null
  /** Known again by its code, not by the message alone. */
  hasCode: boolean
  version: string | null
  origin: string | null
}

/** Why two findings are one, for people: "same rule, same line text, moved from line 120 to 131". */
export function explainMatch(step: MatchStep, before: MatchSide, now: MatchSide): string {
  return [...sameIn(step, now), ...changedIn(before, now)].join(', ')
}

function sameIn(step: MatchStep, now: MatchSide): string[] {
  const content = contentOf(now)
  switch (step) {
    case 'exact':
      return now.kind === 'dependency'
        ? ['same advisory', 'same package and version']
        : now.kind === 'web'
          ? [...content, 'same address']
          : ['the scanner calls it the same']
    case 'content':
    case 'renamed':
      return content
    case 'alias':
      return ['same package', 'the advisory by another of its names']
    case 'nearest':
      return ['same rule', 'same file', 'text edited']
  }
}

function contentOf({ kind, hasCode }: MatchSide): string[] {
  switch (kind) {
    case 'dependency':
      return ['same advisory', 'same package']
    case 'web':
      return ['same rule', 'same method, path and parameter']
    case 'secret':
      return ['same rule', 'same secret']
    case 'configuration':
      return ['same check', 'same resource']
    case 'code':
      return ['same rule', hasCode ? 'same line text' : 'same message']
  }
}

function changedIn(before: MatchSide, now: MatchSide): string[] {
  const said: string[] = []
  if (before.path !== now.path) said.push(`file ${before.path ?? 'unknown'} is now ${now.path ?? 'unknown'}`)
  if (before.line !== now.line && before.line !== null && now.line !== null)
    said.push(`moved from line ${before.line} to ${now.line}`)
  if (now.kind === 'dependency' && before.ruleId !== now.ruleId) said.push(`${before.ruleId} is now ${now.ruleId}`)
  if (before.version !== now.version)
    said.push(`version ${before.version ?? 'unknown'} is now ${now.version ?? 'unknown'}`)
  if (before.origin !== now.origin) said.push(`${before.origin ?? 'unknown'} is now ${now.origin ?? 'unknown'}`)
  return said
}
