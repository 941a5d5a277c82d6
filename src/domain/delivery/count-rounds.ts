import type { Review } from './list-reviews.ts'

/** What came of the reviews of a pull request. Seconds; moments in whole seconds since 1970. */
export type ReviewAnswers = {
  /** How often a comment or requested changes were followed by a new commit. */
  rounds: number
  /** From the first review comment or requested change to the next new commit; null where none followed. */
  answeredAfter: number | null
}

/** Follows reviews and pushes of one pull request. `reviews` earliest first; `pushedAt` in any order, none after the end. */
export function countRounds(reviews: readonly Review[], pushedAt: readonly number[]): ReviewAnswers {
  const asked = reviews.filter(({ kind }) => kind !== 'approval').map(({ at }) => at)
  const pushes = pushedAt.toSorted((a, b) => a - b)
  const [first] = asked
  if (first === undefined) return { rounds: 0, answeredAfter: null }
  let rounds = 0
  let answeredUntil = Number.NEGATIVE_INFINITY
  for (const at of asked) {
    if (at < answeredUntil) continue
    const answer = pushes.find((push) => push > at)
    if (answer === undefined) break
    rounds += 1
    answeredUntil = answer
  }
  const answer = pushes.find((push) => push > first)
  return { rounds, answeredAfter: answer === undefined ? null : answer - first }
}
