import { chooseLinks, type LinkCandidate } from '../../../domain/delivery/remediation/choose-links.ts'
import {
  followVulnerability,
  type LinkedPullRequest,
  type VulnerabilityFigures,
  vulnerabilityFiguresVersion,
} from '../../../domain/delivery/remediation/follow-vulnerability.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import {
  listOrganizationsToFollow,
  lockRemediation,
  takeVulnerabilitiesToFollow,
} from '../../../store/delivery/remediation/follow-marks.ts'
import { listLinkCandidates } from '../../../store/delivery/remediation/link-candidates.ts'
import { wantPlaces } from '../../../store/delivery/remediation/removed-places.ts'
import {
  listLinkedPullRequests,
  listVulnerabilityFacts,
  type StoredVulnerability,
} from '../../../store/delivery/remediation/vulnerability-facts.ts'
import {
  type NewVulnerabilityFigures,
  replaceVulnerabilityFigures,
} from '../../../store/delivery/remediation/vulnerability-figures.ts'
import { forEachOrganization } from '../each-organization.ts'
import { readChangedKeys } from './read-keys.ts'

type Deps = { db: Db; clock: Clock }

const vulnerabilitiesAtOnce = 500
/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const batchesAtMost = 20

/**
 * Works out anew the links and the way to production of every vulnerability whose facts changed, after reading which keys
 * changed pull requests name. Safe to run twice and in several processes: one works on an organization at a time. Answers
 * how many vulnerabilities it worked out.
 */
export async function followChangedVulnerabilities(deps: Deps): Promise<number> {
  // Where the keys of one organization cannot be read, those of the others are read, and all are followed.
  const [read] = await Promise.allSettled([readChangedKeys(deps)])
  const organizationIds = await listOrganizationsToFollow(deps.db, vulnerabilityFiguresVersion)
  const [followed] = await Promise.allSettled([
    forEachOrganization(organizationIds, async (organizationId) => followOrganization(deps, organizationId)),
  ])
  const failures = [read, followed].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('; '))
  if (failures.length === 1) throw failures[0]
  return followed.status === 'fulfilled' ? followed.value : 0
}

async function followOrganization(deps: Deps, organizationId: string): Promise<number> {
  let count = 0
  for (let batch = 0; batch < batchesAtMost; batch += 1) {
    const done = await deps.db.transaction().execute((tx) => followBatch(deps, tx, organizationId))
    count += done
    if (done < vulnerabilitiesAtOnce) break
  }
  return count
}

async function followBatch({ clock }: Deps, tx: Db, organizationId: string): Promise<number> {
  if (!(await lockRemediation(tx, organizationId))) return 0
  const taking = { organizationId, version: vulnerabilityFiguresVersion, limit: vulnerabilitiesAtOnce }
  const ids = await takeVulnerabilitiesToFollow(tx, taking)
  if (ids.length === 0) return 0
  await followVulnerabilities(tx, { organizationId, ids, now: clock() })
  return ids.length
}

type Following = { organizationId: string; ids: readonly string[]; now: Date }

/** Works out these vulnerabilities, in a few statements for all of them. */
export async function followVulnerabilities(tx: Db, { organizationId, ids, now }: Following): Promise<void> {
  await wantPlaces(tx, { organizationId, ids, now })
  const stored = (await listVulnerabilityFacts(tx, { organizationId, ids })).filter((one) => one.mergedInto === null)
  const candidates = Map.groupBy(await listLinkCandidates(tx, { organizationId, ids }), (one) => one.vulnerabilityId)
  const linked = await listLinkedPullRequests(tx, {
    organizationId,
    ids: [...candidates.values()].flat().map((one) => one.pullRequestId),
  })
  const pullRequests = new Map(linked.map((one) => [one.id, one]))
  const followed = stored.map((one) => follow(one, { candidates: candidates.get(one.id) ?? [], pullRequests }))
  await replaceVulnerabilityFigures(tx, {
    organizationId,
    ids,
    figures: followed.map(({ vulnerability, figures }) => toRow({ organizationId, now }, vulnerability, figures)),
    links: followed.flatMap(({ vulnerability, links }) =>
      links.map(({ pullRequestId, rules }) => ({
        organization_id: organizationId,
        vulnerability_id: vulnerability.id,
        pull_request_id: pullRequestId,
        rules,
      })),
    ),
  })
}

type Known = { candidates: readonly LinkCandidate[]; pullRequests: ReadonlyMap<string, LinkedPullRequest> }

function follow(vulnerability: StoredVulnerability, { candidates, pullRequests }: Known) {
  const links = chooseLinks(vulnerability, candidates)
  const { introducedBy, introducedAt } = vulnerability
  const introduced =
    introducedBy === null || introducedAt === null ? null : { deploymentId: introducedBy, at: introducedAt }
  const figures = followVulnerability({
    ...vulnerability,
    introduced,
    links: links.flatMap(({ pullRequestId }) => pullRequests.get(pullRequestId) ?? []),
  })
  return { vulnerability, links, figures }
}

function toRow(
  { organizationId, now }: { organizationId: string; now: Date },
  vulnerability: StoredVulnerability,
  figures: VulnerabilityFigures,
): NewVulnerabilityFigures {
  const { last, stages, sla } = figures
  return {
    organization_id: organizationId,
    vulnerability_id: vulnerability.id,
    version: vulnerabilityFiguresVersion,
    computed_at: now,
    repository_id: vulnerability.repositoryId,
    severity: vulnerability.severity,
    opened_at: toDate(vulnerability.openedAt),
    triaged_at: toDate(vulnerability.triagedAt),
    fix_opened_at: toDate(figures.fixOpenedAt),
    last_pull_request_id: last?.id ?? null,
    pr_opened_at: toDate(last?.openedAt ?? null),
    first_review_at: toDate(last?.firstReviewAt ?? null),
    first_approval_at: toDate(last?.firstApprovalAt ?? null),
    merged_at: toDate(figures.mergedAt),
    deployed_at: toDate(figures.deployedAt),
    fixed_at: toDate(vulnerability.fixedAt),
    introduced_at: toDate(figures.introducedAt),
    introduced_by: figures.introducedBy,
    introduced_deployment_id: vulnerability.introducedBy,
    exposure_ended_at: toDate(figures.exposureEndedAt),
    due_at: toDate(vulnerability.dueAt),
    sla_at: toDate(sla?.at ?? null),
    is_sla_met: sla?.isMet ?? null,
    first_fixed_at: toDate(vulnerability.firstFixedAt),
    is_reopened: vulnerability.reopenedAt !== null,
    triage_s: stages.triage,
    to_pr_s: stages.toPr,
    pickup_s: stages.pickup,
    review_s: stages.review,
    merge_wait_s: stages.mergeWait,
    deploy_s: stages.deploy,
    lead_s: stages.lead,
    to_fix_pr_s: figures.toFixPr,
    exposure_s: figures.exposure,
    left_out: figures.leftOut,
    span_left_out: figures.spanLeftOut,
    flags: figures.flags,
  }
}

function toDate(seconds: number): Date
function toDate(seconds: number | null): Date | null
function toDate(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000)
}
