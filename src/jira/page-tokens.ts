import { AppError } from '../lib/app-error.ts'

/** Pages of one search at most: a million issues of 100 a page, far beyond any site's. */
const pagesAtMost = 10_000

/**
 * The token of the next page as Jira gives it, undefined after the last page. Throws `remote_invalid_answer` for a token
 * that was given before and for a search without end: either would be followed for ever.
 */
export function followPageTokens(): (given: string | null | undefined) => string | undefined {
  const seen = new Set<string>()
  return (given) => {
    if (given === null || given === undefined) return undefined
    if (seen.has(given))
      throw new AppError('remote_invalid_answer', 'Jira names a page of a search as the next that it gave before.')
    seen.add(given)
    if (seen.size >= pagesAtMost) throw new AppError('remote_invalid_answer', 'A search of Jira does not end.')
    return given
  }
}
