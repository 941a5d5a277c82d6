import * as contract from '../../../../contract/security/merges.ts'
import { listMergeCandidates } from '../../../usecases/security/regrouping/list-merge-candidates.ts'
import { listMerges } from '../../../usecases/security/regrouping/list-merges.ts'
import { mergeVulnerabilities } from '../../../usecases/security/regrouping/merge-vulnerabilities.ts'
import { splitVulnerability } from '../../../usecases/security/regrouping/split-vulnerability.ts'
import { undoMerge } from '../../../usecases/security/regrouping/undo-merge.ts'
import { undoSplit } from '../../../usecases/security/regrouping/undo-split.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function mergeRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listVulnerabilityMerges, async ({ params, principal: { organizationId } }) =>
      listMerges(context, { organizationId, id: params.id }),
    ),
    bind(contract.listMergeCandidates, async ({ params, query, principal: { organizationId, memberId } }) =>
      listMergeCandidates(context, { organizationId, memberId, id: params.id, q: query.q }),
    ),
    bind(contract.mergeVulnerabilities, async ({ body, principal }) =>
      mergeVulnerabilities(context, { ...askedBy(principal), ...body }),
    ),
    bind(contract.unmergeVulnerability, async ({ params, principal }) =>
      undoMerge(context, { ...askedBy(principal), id: params.id }),
    ),
    bind(contract.splitVulnerability, async ({ params, body: { finding_ids: findingIds, reason }, principal }) =>
      splitVulnerability(context, { ...askedBy(principal), id: params.id, findingIds, reason }),
    ),
    bind(contract.unsplitVulnerability, async ({ params, principal }) =>
      undoSplit(context, { ...askedBy(principal), id: params.id }),
    ),
  ]
}

function askedBy(principal: Principal) {
  return { organizationId: principal.organizationId, viewer: principal, actor: toActor(principal) }
}
