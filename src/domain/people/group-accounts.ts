import type { ContributorKind } from '../remote-kind.ts'

/** That two accounts are one person's; `into` is the one that was to stand for both. */
export type AccountMerge = { from: string; into: string }

/** What decides which account stands for a person where merges leave it open. */
export type GroupedAccount = { id: string; kind: ContributorKind }

/**
 * Which account stands for each person: account id → id of the one that stands for it, for every account in a merge. A
 * function of the set of merges alone: neither their order nor how they were split into steps has an effect, and leaving one
 * out gives what there would be had it never been said. The one that was merged into no other stands for all; of several,
 * Bitbucket's before Jira's before a commit's, then the smallest id. Accounts without a row count as commits'.
 */
export function groupAccounts(
  merges: readonly AccountMerge[],
  accounts: ReadonlyMap<string, GroupedAccount>,
): Map<string, string> {
  const groups = openGroups()
  const merged = new Set<string>()
  for (const { from, into } of merges) {
    merged.add(from)
    groups.join(from, into)
  }
  const standing = new Map<string, string>()
  for (const group of groups.list()) {
    const free = group.filter((id) => !merged.has(id))
    const [first] = (free.length > 0 ? free : group).toSorted((a, b) => compareAccounts(a, b, accounts))
    for (const id of group) standing.set(id, first ?? id)
  }
  return standing
}

/** Sets of ids that belong together, and grow by being joined. */
type Groups = {
  /** One id of the group, the same for all of it until it is joined with another; of an id never named, itself. */
  find: (id: string) => string
  join: (one: string, other: string) => void
  /** Every group of ids that were joined. */
  list: () => string[][]
}

/** Opens groups in which nobody belongs to anybody yet. Joining and finding take nearly constant time. */
export function openGroups(): Groups {
  const above = new Map<string, string>()
  const find = (id: string): string => {
    let top = id
    for (let next = above.get(top); next !== undefined && next !== top; next = above.get(top)) top = next
    for (let step = id; step !== top; ) {
      const next = above.get(step) ?? top
      above.set(step, top)
      step = next
    }
    return top
  }
  const join = (one: string, other: string) => {
    for (const id of [one, other]) if (!above.has(id)) above.set(id, id)
    above.set(find(one), find(other))
  }
  return { find, join, list: () => [...Map.groupBy(above.keys(), find).values()] }
}

const ranks = { bitbucket: 0, jira: 1, git: 2 } as const satisfies Record<ContributorKind, number>

/** Orders ids by which account should stand for a person: the better first. */
function compareAccounts(a: string, b: string, accounts: ReadonlyMap<string, GroupedAccount>): number {
  const rank = (id: string) => ranks[accounts.get(id)?.kind ?? 'git']
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}
