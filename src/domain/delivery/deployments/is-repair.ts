/** What tells that a pull request repairs: names of branches with `*` for anything, and how reverts are titled. */
export type RepairRules = { branchPatterns: readonly string[] }

/** What Bitbucket and git call a revert themselves. */
const revertTitle = /^revert[\s:"“]/i

/** Whether a pull request only repairs what is in production: its branch or its title says so. */
export function isRepair(
  { title, sourceBranch }: { title: string; sourceBranch: string | null },
  { branchPatterns }: RepairRules,
): boolean {
  if (revertTitle.test(title.trim())) return true
  return sourceBranch !== null && branchPatterns.some((pattern) => matchesPattern(sourceBranch, pattern))
}

/** Whether a name fits a pattern in which `*` stands for anything; upper and lower case are the same. Linear in the name for each star. */
export function matchesPattern(name: string, pattern: string): boolean {
  const text = name.toLowerCase()
  const [head = '', ...rest] = pattern.toLowerCase().split('*')
  const tail = rest.pop()
  if (tail === undefined) return text === head
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false
  let from = head.length
  for (const part of rest) {
    const found = text.indexOf(part, from)
    if (found === -1) return false
    from = found + part.length
  }
  return from <= text.length - tail.length
}
