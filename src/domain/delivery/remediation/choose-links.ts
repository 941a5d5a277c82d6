/** Where the key of a vulnerability stands in a pull request. */
export const keyPlaces = ['branch', 'title', 'description', 'commit', 'comment', 'task'] as const
export type KeyPlace = (typeof keyPlaces)[number]

/** Why a pull request is said to remedy a vulnerability. */
export const linkRules = [...keyPlaces, 'thread', 'place', 'scan', 'person'] as const
export type LinkRule = (typeof linkRules)[number]

/** `said`: people say so. `shown`: the code does, or its thread and the scans. `likely`: only that nothing else was merged. */
export const linkCertainties = ['said', 'shown', 'likely'] as const
export type LinkCertainty = (typeof linkCertainties)[number]

/** How sure the surest rule of a link is; null without rules. */
export function certaintyOf(rules: readonly LinkRule[]): LinkCertainty | null {
  const [first, ...rest] = rules.map(certaintyOfRule)
  if (first === undefined) return null
  return rest.reduce((a, b) => (linkCertainties.indexOf(b) < linkCertainties.indexOf(a) ? b : a), first)
}

function certaintyOfRule(rule: LinkRule): LinkCertainty {
  if (rule === 'scan') return 'likely'
  return rule === 'place' || rule === 'thread' ? 'shown' : 'said'
}

/** What speaks for a pull request. Moments in whole seconds since 1970. */
export type LinkCandidate = {
  pullRequestId: string
  openedAt: number
  mergedAt: number | null
  keyPlaces: readonly KeyPlace[]
  /** A thread of the vulnerability sits on it. */
  hasThread: boolean
  /** It took the line of the vulnerability away, as it was scanned, and the next scan no longer had it. */
  removesPlace: boolean
  /** It alone was merged between the last scan that saw the vulnerability and the first that did not; told where nobody could look up the place. */
  isOnlyBetweenScans: boolean
  /** What a person said last; null where nobody did, or took it back. */
  decision: boolean | null
}

export type RemediationLink = { pullRequestId: string; rules: LinkRule[] }

/**
 * Chooses the pull requests that remedy a vulnerability, each with every rule that says so. A key counts wherever it
 * stands, but not in what was opened once it was fixed: that looks back. A thread is a place where the problem was found:
 * it counts only where the vulnerability was never seen again after the merge, and found fixed then. A person's word
 * stands above all rules.
 */
export function chooseLinks(
  { fixedAt, lastSeenAt }: { fixedAt: number | null; lastSeenAt: number },
  candidates: readonly LinkCandidate[],
): RemediationLink[] {
  return candidates.flatMap((one) => {
    if (one.decision === false) return []
    const { mergedAt } = one
    const looksBack = fixedAt !== null && one.openedAt > fixedAt
    const endedHere = mergedAt !== null && fixedAt !== null && lastSeenAt <= mergedAt && mergedAt <= fixedAt
    const rules: LinkRule[] = [
      ...(looksBack ? [] : keyPlaces.filter((place) => one.keyPlaces.includes(place))),
      ...(one.hasThread && endedHere ? (['thread'] as const) : []),
      ...(one.removesPlace ? (['place'] as const) : []),
      ...(one.isOnlyBetweenScans ? (['scan'] as const) : []),
      ...(one.decision === true ? (['person'] as const) : []),
    ]
    return rules.length === 0 ? [] : [{ pullRequestId: one.pullRequestId, rules }]
  })
}
