import type { Remediation, RemovedPlace, VulnerabilityFlow } from '../../../../contract/delivery/remediation.ts'
import { certaintyOf } from '../../../domain/delivery/remediation/choose-links.ts'
import { deadlineStateAt } from '../../../domain/delivery/remediation/settle-deadline.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import {
  type FlowView,
  findFlow,
  listPlaces,
  listRemediations,
  type PlaceView,
  type RemediationView,
} from '../../../store/delivery/remediation/flow-views.ts'

type Deps = { db: Db; clock: Clock }

/** The way of a vulnerability from found to fixed in production, with the pull requests on it. Throws `not_found`. */
export async function getVulnerabilityFlow(
  { db, clock }: Deps,
  key: { organizationId: string; id: string },
): Promise<VulnerabilityFlow> {
  const found = await findFlow(db, key)
  if (found === undefined) throw new AppError('not_found', 'There is no such vulnerability here.')
  const links = await listRemediations(db, key)
  const last = found.figures?.last_pull_request_id ?? null
  const places = await listPlaces(db, key)
  return {
    ...toFlow(found, clock()),
    links: links.map((one) => toRemediation(one, last)),
    places: places.map(toPlace),
  }
}

function toPlace(place: PlaceView): RemovedPlace {
  const { path, line, state, reason, seenIn, goneIn, removedIn, removedPath, removedLine, pullRequest } = place
  return {
    path,
    line,
    state,
    reason,
    seen_in: seenIn,
    gone_in: goneIn,
    removed:
      removedIn === null || removedPath === null || removedLine === null
        ? null
        : { commit: removedIn, path: removedPath, line: removedLine, pull_request: pullRequest },
  }
}

function toFlow(found: FlowView, now: Date): Omit<VulnerabilityFlow, 'links' | 'places'> {
  const { figures: f, openedAt, sentAt, fixedAt } = found
  return {
    computed_at: toText(f?.computed_at),
    found_at: openedAt.toISOString(),
    introduced_at: toText(f?.introduced_at),
    introduced_by: f?.introduced_by ?? null,
    triaged_at: toText(f?.triaged_at),
    sent_at: toText(sentAt),
    pr_opened_at: toText(f?.pr_opened_at),
    first_review_at: toText(f?.first_review_at),
    first_approval_at: toText(f?.first_approval_at),
    merged_at: toText(f?.merged_at),
    deployed_at: toText(f?.deployed_at),
    fixed_at: toText(fixedAt),
    stages: {
      triage: f?.triage_s ?? null,
      to_pr: f?.to_pr_s ?? null,
      pickup: f?.pickup_s ?? null,
      review: f?.review_s ?? null,
      merge_wait: f?.merge_wait_s ?? null,
      deploy: f?.deploy_s ?? null,
      lead: f?.lead_s ?? null,
    },
    exposure: toExposure(f, now),
    deadline: toDeadline(found, now),
    left_out: f?.left_out ?? null,
    flags: f?.flags ?? [],
  }
}

function toExposure(figures: FlowView['figures'], now: Date): VulnerabilityFlow['exposure'] {
  if (figures === undefined) return { seconds: null, is_over: false }
  const { deployed_at: deployedAt, exposure_ended_at: endedAt, introduced_at: from } = figures
  if (deployedAt !== null) return { seconds: figures.exposure_s, is_over: true }
  const ms = (endedAt ?? now).getTime() - from.getTime()
  return { seconds: ms < 0 ? null : Math.floor(ms / 1000), is_over: endedAt !== null }
}

function toDeadline({ figures, dueAt, isDeploymentKnown }: FlowView, now: Date): VulnerabilityFlow['deadline'] {
  const facts = {
    dueAt: toSeconds(dueAt),
    mergedAt: toSeconds(figures?.merged_at),
    deployedAt: toSeconds(figures?.deployed_at),
    isFixedElsewhere: figures?.flags.includes('fixed_elsewhere') ?? false,
    isDeploymentKnown,
  }
  return { due_at: toText(dueAt), state: deadlineStateAt(facts, Math.floor(now.getTime() / 1000)) }
}

function toRemediation(one: RemediationView, last: string | null): Remediation {
  const { isLinked, memberName, decidedAt } = one
  return {
    pull_request: one.pullRequest,
    repository: { id: one.repositoryId, name: one.repositoryName },
    number: one.number,
    title: one.title,
    web_url: one.webUrl,
    state: one.state,
    opened_at: one.openedAt.toISOString(),
    merged_at: toText(one.mergedAt),
    deployed_at: toText(one.deployedAt),
    rules: one.rules,
    certainty: certaintyOf(one.rules),
    is_last: one.id === last,
    decision:
      isLinked === null || memberName === null || decidedAt === null
        ? null
        : { is_linked: isLinked, member_name: memberName, at: decidedAt.toISOString() },
  }
}

function toText(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null
}

function toSeconds(at: Date | null | undefined): number | null {
  return at === null || at === undefined ? null : Math.floor(at.getTime() / 1000)
}
