export type SourceKind = 'bitbucket' | 'merge' | 'tag' | 'pipeline' | 'push'

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
