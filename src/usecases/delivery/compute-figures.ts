import { computeFigures, figuresVersion, type PullRequestFigures } from '../../domain/delivery/compute-figures.ts'
import { measureBusinessPhases } from '../../domain/delivery/measure-phases.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import {
  listOrganizationsToCompute,
  lockFigures,
  takePullRequestsToCompute,
} from '../../store/delivery/figure-marks.ts'
import type { LineParts } from '../../store/delivery/line-parts.ts'
import { listPullRequestFacts, type StoredPullRequest } from '../../store/delivery/pull-request-facts.ts'
import { replaceFigures } from '../../store/delivery/pull-request-figures.ts'
import { forEachOrganization } from './each-organization.ts'
import { type AuthorClock, listAuthorClocks, type OpenClocks } from './teams/list-author-clocks.ts'

type Deps = { db: Db; clock: Clock }

const pullRequestsAtOnce = 1000
/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const batchesAtMost = 20

/**
 * Works out anew the figures of every pull request whose facts changed, a thousand in a transaction. Safe to run twice and
 * in several processes: one works on an organization at a time. Answers how many it worked out.
 */
export async function computeChangedFigures(deps: Deps): Promise<number> {
  const organizationIds = await listOrganizationsToCompute(deps.db, figuresVersion)
  return forEachOrganization(organizationIds, async (organizationId) => computeOrganization(deps, organizationId))
}

async function computeOrganization(deps: Deps, organizationId: string): Promise<number> {
  let count = 0
  const clocks: OpenClocks = new Map()
  for (let batch = 0; batch < batchesAtMost; batch += 1) {
    const done = await deps.db.transaction().execute((tx) => computeBatch(deps, tx, { organizationId, clocks }))
    count += done
    if (done < pullRequestsAtOnce) break
  }
  return count
}

async function computeBatch(
  { clock }: Deps,
  tx: Db,
  { organizationId, clocks }: { organizationId: string; clocks: OpenClocks },
): Promise<number> {
  if (!(await lockFigures(tx, organizationId))) return 0
  const taking = { organizationId, version: figuresVersion, limit: pullRequestsAtOnce }
  const ids = await takePullRequestsToCompute(tx, taking)
  if (ids.length === 0) return 0
  const stored = await listPullRequestFacts(tx, { organizationId, ids })
  const computedAt = clock()
  const asked = stored.map(({ repositoryId, facts: { author, openedAt } }) => {
    return { personId: author?.id ?? null, repositoryId, at: new Date(openedAt * 1000) }
  })
  const authors = await listAuthorClocks(tx, { organizationId, asked, clocks })
  const worked = stored.map((one, index) =>
    toRows({ organizationId, computedAt, author: authors[index] }, one, computeFigures(one.facts)),
  )
  const reviews = worked.flatMap((one) => one.reviews)
  const teams = worked.flatMap((one) => one.teams)
  await replaceFigures(tx, { organizationId, figures: worked.map(({ figures }) => figures), reviews, teams })
  return ids.length
}

/** The rows that are stored of a pull request and of its reviewers. */
export function toRows(
  { organizationId, computedAt, author }: { organizationId: string; computedAt: Date; author: AuthorClock | undefined },
  { id, repositoryId, destinationBranch, isBatchMerge, isSecurityWork, lines, facts }: StoredPullRequest,
  figures: PullRequestFigures,
) {
  const place = {
    organization_id: organizationId,
    pull_request_id: id,
    repository_id: repositoryId,
    author_id: facts.author?.id ?? null,
    destination_branch: destinationBranch,
    left_out: figures.leftOut,
  }
  const made = { version: figuresVersion, computed_at: computedAt }
  return {
    figures: {
      ...place,
      ...made,
      is_batch_merge: isBatchMerge,
      is_security_work: isSecurityWork,
      ...toMoments(figures),
      ...toMeasures(figures),
      ...toBusinessHours(figures, author),
      ...toLines(lines),
    },
    teams: (author?.teamIds ?? []).map((team_id) => ({
      organization_id: organizationId,
      team_id,
      pull_request_id: id,
      opened_at: toDate(figures.timestamps.openedAt),
    })),
    reviews: figures.reviewers.flatMap(({ by, firstAt, approvedAt, count }) =>
      by === null
        ? []
        : [
            {
              ...place,
              reviewer_id: by,
              first_at: toDate(firstAt),
              approved_at: toDate(approvedAt),
              review_count: count,
            },
          ],
    ),
  }
}

function toMoments({ timestamps: at, endedAt, firstFeedbackAt, lastActivityAt }: PullRequestFigures) {
  return {
    opened_at: toDate(at.openedAt),
    first_commit_at: toDate(at.firstCommitAt),
    ready_at: toDate(at.readyAt),
    first_review_at: toDate(at.firstReviewAt),
    first_approval_at: toDate(at.firstApprovalAt),
    last_approval_at: toDate(at.lastApprovalAt),
    merged_at: toDate(at.mergedAt),
    closed_at: toDate(at.closedAt),
    ended_at: toDate(endedAt),
    pickup_ended_at: toDate(at.firstReviewAt ?? endedAt),
    review_ended_at: toDate(at.firstApprovalAt ?? endedAt),
    first_feedback_at: toDate(firstFeedbackAt),
    last_activity_at: toDate(lastActivityAt),
  }
}

function toLines(lines: LineParts | undefined) {
  return {
    new_lines: lines?.newLines ?? null,
    rework_lines: lines?.reworkLines ?? null,
    help_lines: lines?.helpLines ?? null,
    refactored_lines: lines?.refactoredLines ?? null,
    lines_left_out: lines?.leftOut ?? null,
  }
}

function toBusinessHours({ timestamps, phases }: PullRequestFigures, author: AuthorClock | undefined) {
  const business = author === undefined ? undefined : measureBusinessPhases(timestamps, phases, author.clock)
  return {
    coding_business_s: business?.coding ?? null,
    draft_business_s: business?.draft ?? null,
    pickup_business_s: business?.pickup ?? null,
    review_business_s: business?.review ?? null,
    merge_wait_business_s: business?.mergeWait ?? null,
    cycle_business_s: business?.cycle ?? null,
  }
}

function toMeasures({ phases, ...figures }: PullRequestFigures) {
  return {
    state: figures.state,
    coding_s: phases.coding,
    draft_s: phases.draft,
    pickup_s: phases.pickup,
    review_s: phases.review,
    merge_wait_s: phases.mergeWait,
    cycle_s: phases.cycle,
    changed_lines: figures.changedLines,
    review_count: figures.reviewCount,
    feedback_count: figures.feedbackCount,
    answered_after_s: figures.answeredAfter,
    rounds: figures.rounds,
    is_self_merged: figures.isSelfMerged,
    is_self_approved_only: figures.isSelfApprovedOnly,
    is_flash_reviewed: figures.isFlashReviewed,
    span_left_out: figures.spanLeftOut,
    flags: figures.flags,
  }
}

function toDate(seconds: number): Date
function toDate(seconds: number | null): Date | null
function toDate(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000)
}
