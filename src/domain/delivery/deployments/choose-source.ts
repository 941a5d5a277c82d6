import { matchesPattern } from './is-repair.ts'

export const sourceKinds = ['bitbucket', 'merge', 'tag', 'pipeline', 'push'] as const
export type SourceKind = (typeof sourceKinds)[number]
/** Those that say by a pattern of names which branches, tags or pipelines they mean. */
export type PatternSourceKind = 'merge' | 'tag' | 'pipeline'

export function needsPattern(kind: SourceKind): kind is PatternSourceKind {
  return kind === 'merge' || kind === 'tag' || kind === 'pipeline'
}

/** From when on deployments are told from where. `validFrom` in seconds since 1970; `isOwn`: of this repository alone. */
export type SourceRule = { kind: SourceKind; pattern: string | null; validFrom: number; isOwn: boolean }

const usual: Omit<SourceRule, 'validFrom' | 'isOwn'> = { kind: 'bitbucket', pattern: null }

/**
 * The one source in force at a moment: the repository's own of the latest date before it, else the organization's, else
 * Bitbucket's deployments.
 */
export function chooseSource(rules: readonly SourceRule[], at: number): Pick<SourceRule, 'kind' | 'pattern'> {
  const valid = rules.filter(({ validFrom }) => validFrom <= at).toSorted((a, b) => b.validFrom - a.validFrom)
  return valid.find(({ isOwn }) => isOwn) ?? valid[0] ?? usual
}

/** Whether the source in force when a deployment ended is the one that told it, by a name that its pattern fits. */
export function isToldInForce(
  rules: readonly SourceRule[],
  { source, sourceRef, completedAt }: { source: SourceKind; sourceRef: string | null; completedAt: number },
): boolean {
  const { kind, pattern } = chooseSource(rules, completedAt)
  return kind === source && (pattern === null || (sourceRef !== null && matchesPattern(sourceRef, pattern)))
}
