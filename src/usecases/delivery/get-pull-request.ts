import type { PullRequestDetails } from '../../../contract/delivery/pull-requests.ts'
import { createNaming } from '../../domain/delivery/name-people.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { getPeopleSettingsRow } from '../../store/delivery/people/people-settings.ts'
import {
  type ChangeRow,
  type EventRow,
  findChangeRow,
  findFiguresRow,
  findPullRequestRow,
  listCommitRows,
  listEventRows,
  type PullRequestRow,
} from '../../store/delivery/pull-request-details.ts'

const eventsAtMost = 1000
const commitsAtMost = 100
const reviewKinds = new Set(['comment', 'approval', 'changes_requested'])

type FiguresRow = Awaited<ReturnType<typeof findFiguresRow>>
type Seconds = { seconds: number | null; business_seconds: number | null }

/** One pull request with all its figures are made of. Throws `not_found`. */
export async function getPullRequest(
  { db }: { db: Db },
  key: { organizationId: string; id: string },
): Promise<PullRequestDetails> {
  const row = await findPullRequestRow(db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such pull request here.')
  const [figures, change, events, commits, settings] = await Promise.all([
    findFiguresRow(db, key),
    findChangeRow(db, key),
    listEventRows(db, { ...key, limit: eventsAtMost }),
    listCommitRows(db, { ...key, limit: commitsAtMost }),
    getPeopleSettingsRow(db, key.organizationId),
  ])
  const ended = figures?.ended_at ?? null
  const judged = events.map((event) => ({ event, reason: judge(event, { author: row.author, ended }) }))
  const reviewerIds = judged.flatMap(({ event: { kind, by }, reason }) =>
    by !== null && reviewKinds.has(kind) && reason === null ? [by.id] : [],
  )
  const toPerson = createNaming({
    authorId: row.author?.id ?? null,
    reviewerIds: new Set(reviewerIds),
    showsNames: settings.has_person_pages,
  })
  return {
    ...describe(row),
    author: toPerson(row.author),
    ...explain(row, figures, change),
    events: judged.map(({ event: { kind, at, by, path, commit, isDeleted }, reason }) => ({
      kind,
      at: at.toISOString(),
      by: toPerson(by),
      detail: path ?? commit,
      is_deleted: isDeleted,
      not_counted: reason,
    })),
    events_total: events[0]?.total ?? 0,
    commits: commits.map(({ sha, at, message }) => ({ sha, at: at.toISOString(), message })),
    commits_total: commits[0]?.total ?? 0,
  }
}

/** Why what could be a review is none, as `listReviews` judges; null where it is one, and for everything else. */
function judge(
  { kind, by, at, isDeleted }: EventRow,
  { author, ended }: { author: PullRequestRow['author']; ended: Date | null },
): PullRequestDetails['events'][number]['not_counted'] {
  if (!reviewKinds.has(kind)) return null
  if (isDeleted) return 'deleted'
  if (by === null && author === null) return 'unknown'
  if (by?.isBot === true) return 'program'
  if (by !== null && by.id === author?.id) return 'own'
  // Figures go by whole seconds.
  return ended !== null && Math.floor(at.getTime() / 1000) * 1000 > ended.getTime() ? 'after_end' : null
}

function describe(row: PullRequestRow) {
  const { id, number, title, state, teams, labels } = row
  return {
    id,
    number,
    title,
    state,
    is_draft: row.isDraft,
    web_url: row.webUrl,
    repository: { id: row.repositoryId, name: row.repositoryName },
    source_branch: row.sourceBranch,
    destination_branch: row.destinationBranch,
    teams,
    labels,
    changed_lines: row.changedLines,
  }
}

function explain(row: PullRequestRow, figures: FiguresRow, change: ChangeRow | undefined) {
  const moments = {
    first_commit_at: toText(figures?.first_commit_at),
    opened_at: (figures?.opened_at ?? row.openedAt).toISOString(),
    ready_at: toText(figures?.ready_at),
    first_review_at: toText(figures?.first_review_at),
    first_approval_at: toText(figures?.first_approval_at),
    merged_at: toText(figures?.merged_at),
    closed_at: toText(figures?.closed_at),
    deployed_at: toText(change?.deployedAt),
  }
  const phases = listPhases(moments, figures, change)
  const flags = [...(figures?.flags ?? []), ...(change?.isBatchMerge === true ? ['batch_merge'] : [])]
  return {
    moments,
    phases,
    whole: measureWhole(phases, change),
    flags: [...new Set(flags)],
    excluded: excludedOf(row),
    left_out: figures?.left_out ?? row.excludedReason,
    span_left_out: figures?.span_left_out ?? null,
    computed_at: toText(figures?.computed_at),
    deployment:
      change === undefined
        ? null
        : {
            id: change.deploymentId,
            environment: change.environment,
            completed_at: change.deployedAt.toISOString(),
            rule: change.rule,
          },
  }
}

function excludedOf({
  excludedReason: reason,
  excludedBy,
  excludedAt,
}: PullRequestRow): PullRequestDetails['excluded'] {
  return reason === null ? null : { reason, by: excludedBy ?? '', at: toText(excludedAt) }
}

function toSeconds(seconds: number | null | undefined, business: number | null | undefined): Seconds {
  return { seconds: seconds ?? null, business_seconds: business ?? null }
}

function listPhases(
  moments: PullRequestDetails['moments'],
  figures: FiguresRow,
  change: ChangeRow | undefined,
): PullRequestDetails['phases'] {
  const { first_commit_at, ready_at, first_review_at, first_approval_at, merged_at, deployed_at } = moments
  return [
    {
      key: 'coding_time',
      from: first_commit_at,
      to: ready_at,
      ...toSeconds(figures?.coding_s, figures?.coding_business_s),
    },
    {
      key: 'pickup_time',
      from: ready_at,
      to: first_review_at,
      ...toSeconds(figures?.pickup_s, figures?.pickup_business_s),
    },
    {
      key: 'review_time',
      from: first_review_at,
      to: first_approval_at,
      ...toSeconds(figures?.review_s, figures?.review_business_s),
    },
    {
      key: 'merge_wait',
      from: first_approval_at ?? first_review_at ?? ready_at,
      to: merged_at,
      ...toSeconds(figures?.merge_wait_s, figures?.merge_wait_business_s),
    },
    { key: 'deploy_time', from: merged_at, to: deployed_at, ...toSeconds(change?.deployS, change?.deployBusinessS) },
  ]
}

/** The lead time where it went into production; else what is known so far adds up to. */
function measureWhole(phases: PullRequestDetails['phases'], change: ChangeRow | undefined): Seconds {
  if (change !== undefined && change.leadS !== null)
    return { seconds: change.leadS, business_seconds: change.leadBusinessS }
  const known = phases.filter(({ seconds }) => seconds !== null)
  if (known.length === 0) return { seconds: null, business_seconds: null }
  return {
    seconds: known.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    business_seconds: known.reduce((sum, { business_seconds: one }) => sum + (one ?? 0), 0),
  }
}

function toText(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null
}
