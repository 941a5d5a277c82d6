import type { Db } from '../src/store/db.ts'
import type { StatedPullRequest } from './delivery-facts.ts'
import { people } from './many-pull-requests.ts'
import { insertVulnerability, type StatedVulnerability } from './remediation-facts.ts'

const dayMs = 24 * 3600_000
const severities = ['critical', 'high', 'medium', 'low'] as const

const uuid = (kind: number, number: number) =>
  `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(number).padStart(12, '0')}`

type StatedRemediation = Omit<StatedVulnerability, 'organizationId'> & { id: string; pullRequestId: string }

/** A vulnerability for two pull requests of three, found some days before: dismissed, fixed, found again or open in turn. */
export function makeRemediations(pullRequests: readonly StatedPullRequest[]): StatedRemediation[] {
  return pullRequests.flatMap(({ id: pullRequestId, repositoryId, number, openedAt, events = [] }) => {
    if (number % 3 === 0) return []
    const openedMs = Date.parse(openedAt) - (1 + (number % 12)) * dayMs
    const after = (ms: number): string => new Date(openedMs + ms).toISOString()
    const mergedAt = events.find(({ kind }) => kind === 'merged')?.at
    const fixedMs = mergedAt === undefined ? undefined : Date.parse(mergedAt) + dayMs / 2
    return [
      {
        id: uuid(7, number),
        pullRequestId,
        repositoryId,
        number,
        openedAt: after(0),
        severity: severities[number % 4] ?? 'low',
        ...(number % 7 === 3 && { status: 'false_positive' as const }),
        triagedAt: after((dayMs * (number % 5)) / 4 + 1000),
        dueAt: after((5 + (number % 20)) * dayMs),
        ...(fixedMs !== undefined &&
          (number % 5 < 4 || number % 7 === 3) && { fixedAt: new Date(fixedMs).toISOString() }),
        ...(fixedMs !== undefined && number % 10 === 1 && { reopenedAt: new Date(fixedMs + 3 * dayMs).toISOString() }),
      },
    ]
  })
}

/** Writes them in the order given, each linked to its pull request by a person. */
export async function insertRemediations(
  db: Db,
  organizationId: string,
  stated: readonly StatedRemediation[],
): Promise<void> {
  for (const { pullRequestId, ...one } of stated) {
    await insertVulnerability(db, { ...one, organizationId })
    await db
      .insertInto('remediation_decision')
      .values({
        organization_id: organizationId,
        id: one.id.replace('-8007-', '-8008-'),
        vulnerability_id: one.id,
        pull_request_id: pullRequestId,
        is_linked: true,
        member_name: people[0]?.name ?? '',
        at: one.openedAt,
      })
      .execute()
  }
}
