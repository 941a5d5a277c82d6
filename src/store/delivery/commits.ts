import { sql } from 'kysely'
import { digestAddress } from '../../domain/people/pseudonym.ts'
import type { Db } from '../db.ts'

type RepositoryKey = { organizationId: string; repositoryId: string }

export type NewCommit = {
  sha: string
  authorEmail: string
  authorName: string
  authoredAt: Date
  committedAt: Date
  message: string
  parents: readonly string[]
  linesAdded: number
  linesRemoved: number
  filesChanged: number
}

/** Those of the names that are written down already. */
export async function listKnownShas(
  db: Db,
  { organizationId, repositoryId, shas }: RepositoryKey & { shas: readonly string[] },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('commit')
    .select('sha')
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where('sha', '=', sql<string>`any(${[...shas]}::text[])`)
    .execute()
  return new Set(rows.map(({ sha }) => sha))
}

/** Writes commits down, each once; their authors are whose address it is known to be. A commit never changes. */
export async function insertCommits(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  commits: readonly NewCommit[],
): Promise<void> {
  if (commits.length === 0) return
  const authors = await findAuthors(tx, { organizationId, emails: commits.map(({ authorEmail }) => authorEmail) })
  await tx
    .insertInto('commit')
    .values(
      commits.map((one) => ({
        organization_id: organizationId,
        repository_id: repositoryId,
        sha: one.sha,
        ...toAuthor(one, authors.get(one.authorEmail.toLowerCase())),
        authored_at: one.authoredAt,
        committed_at: one.committedAt,
        message: one.message,
        parents: [...one.parents],
        lines_added: one.linesAdded,
        lines_removed: one.linesRemoved,
        files_changed: one.filesChanged,
      })),
    )
    .onConflict((conflict) => conflict.columns(['organization_id', 'repository_id', 'sha']).doNothing())
    .execute()
}

export type Author = { id: string; isAnonymised: boolean }

function toAuthor({ authorEmail, authorName }: NewCommit, author: Author | undefined) {
  if (author?.isAnonymised === true) return { author_id: author.id, author_email: null, author_name: null }
  return { author_id: author?.id ?? null, author_email: authorEmail, author_name: authorName }
}

/** By address in lower case: whom a commit's address was given to, else the one account that shows it. */
export async function findAuthors(
  db: Db,
  { organizationId, emails }: { organizationId: string; emails: readonly string[] },
): Promise<Map<string, Author>> {
  const addresses = [...new Set(emails.map((email) => email.toLowerCase()))]
  const digests = new Map(addresses.map((address) => [digestAddress(address, organizationId), address]))
  const kept = [...addresses, ...digests.keys()]
  const found = await sql<{ address: string; id: string }>`
    select address, contributor_id as id from contributor_email
      where organization_id = ${organizationId}::uuid and address = any(${kept}::text[])
    union all
    select email, (array_agg(id))[1] from contributor
      where organization_id = ${organizationId}::uuid and email = any(${addresses}::text[]) and kind = 'bitbucket'
        and not exists (select from contributor_email e
          where e.organization_id = contributor.organization_id and e.address = contributor.email)
      group by email having count(*) = 1`.execute(db)
  return new Map(
    found.rows.map(({ address, id }) => [digests.get(address) ?? address, { id, isAnonymised: digests.has(address) }]),
  )
}

/** Earliest author date of each pull request's own commits, as far as it can be one: nothing was under version control before 1990. */
export async function listFirstCommits(
  db: Db,
  { organizationId, pullRequestIds }: { organizationId: string; pullRequestIds: readonly string[] },
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('pull_request_commit as p')
    .innerJoin('commit as c', (join) =>
      join
        .onRef('c.organization_id', '=', 'p.organization_id')
        .onRef('c.repository_id', '=', 'p.repository_id')
        .onRef('c.sha', '=', 'p.sha'),
    )
    .select(['p.pull_request_id', (select) => select.fn.min('c.authored_at').as('first')])
    .where('p.organization_id', '=', organizationId)
    .where('p.pull_request_id', '=', sql<string>`any(${[...pullRequestIds]}::uuid[])`)
    .where('c.authored_at', '>=', new Date('1990-01-01T00:00:00Z'))
    .groupBy('p.pull_request_id')
    .execute()
  return new Map(rows.map((row) => [row.pull_request_id, row.first]))
}
