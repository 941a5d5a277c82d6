import type { Db } from '../src/store/db.ts'
import type { StatedPullRequest } from './delivery-facts.ts'

const dayMs = 24 * 3600_000
const shaOf = (number: number, part: number) => `${part}${String(number).padStart(39, '0')}`

/**
 * What blame says of pull requests: of each lines of its author and of the author of another, some of them older than three
 * weeks. Of every eighth it was not asked, every eleventh was too large.
 */
export async function insertBreakdowns(
  db: Db,
  organization_id: string,
  stated: readonly StatedPullRequest[],
): Promise<void> {
  const blamed = stated.filter(({ number }) => number % 8 !== 0)
  const commits = blamed.flatMap(({ number, repositoryId, authorId, openedAt }) =>
    [0, 5, 40, 3].map((days, part) => ({
      organization_id,
      repository_id: repositoryId,
      sha: shaOf(number, part),
      author_id: part === 3 ? (stated.find((one) => one.authorId !== authorId)?.authorId ?? null) : authorId,
      authored_at: new Date(Date.parse(openedAt) - days * dayMs),
      committed_at: new Date(openedAt),
      message: 'A change',
      parents: [],
    })),
  )
  const breakdowns = blamed.map(({ id, number, openedAt }) => ({
    organization_id,
    pull_request_id: id,
    from_sha: null,
    to_sha: shaOf(number, 0),
    changed_at: new Date(openedAt),
    ...(number % 11 === 0 ? { left_out: 'too_many_lines' as const } : { new_lines: number }),
  }))
  const origins = blamed.flatMap(({ id, number }) =>
    [1, 2, 3].map((part) => ({ organization_id, pull_request_id: id, sha: shaOf(number, part), lines: part + number })),
  )
  await db.insertInto('commit').values(commits).execute()
  await db.insertInto('pull_request_breakdown').values(breakdowns).execute()
  await db.insertInto('pull_request_origin').values(origins).execute()
}
