import type { MergeCandidates } from '../../../../contract/security/merges.ts'
import { byLikeness, compareLikeness } from '../../../domain/likeness.ts'
import { isOpen } from '../../../domain/status.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { type Candidate, listAlikeIds, listCandidates } from '../../../store/security/merge-candidates.ts'
import { countList, mostCounted } from '../../../store/security/vulnerability-counts.ts'
import { listVulnerabilityIds, preferIndexes } from '../../../store/security/vulnerability-list.ts'

type Deps = { db: Db; clock: Clock }
type Asked = { organizationId: string; memberId: string; id: string; q?: string | undefined }

const mostOffered = 50

/** A search that fits many still offers the most alike of as many. */
const mostFound = 200

/**
 * What a vulnerability may be merged with: of its asset and branch what is most alike first, each with what it has in common;
 * then the worst of the rest. Throws `not_found`.
 */
export async function listMergeCandidates(deps: Deps, asked: Asked): Promise<MergeCandidates> {
  const { organizationId, id, q } = asked
  const [one] = await listCandidates(deps.db, { organizationId, ids: [id] })
  if (one === undefined) throw new AppError('not_found', 'There is no such vulnerability here.')
  const { alikeIds, restIds } = await deps.db.transaction().execute(async (tx) => {
    await preferIndexes(tx)
    return {
      alikeIds: await listAlikeIds(tx, { organizationId, one, q }),
      restIds: await listRestIds({ db: tx, clock: deps.clock }, asked, one),
    }
  })
  const ids = [...new Set([...alikeIds, ...restIds])].filter((other) => other !== id)
  const found = await listCandidates(deps.db, { organizationId, ids })
  // The keys they were found by are hashes, which might agree by chance.
  const others = found.filter(({ assetId, branch }) => assetId === one.assetId && branch === one.branch)
  const ranked = rank(one, others, restIds)
  return { items: ranked.slice(0, mostOffered).map(toItem), has_more: ranked.length > mostOffered }
}

/** What fits the search, or all there is: the worst of it. */
async function listRestIds({ db, clock }: Deps, asked: Asked, one: Candidate): Promise<string[]> {
  const { organizationId, memberId, q } = asked
  const scope = { organizationId, memberId, now: clock() }
  const filters = { asset_id: [one.assetId], branch: one.branch, q }
  const page = { ...scope, filters, sort: 'severity' as const, isDescending: false, after: null, limit: mostFound }
  const counts = await countList(db, scope, filters)
  const found = await listVulnerabilityIds(db, page, counts.isExact && counts.total <= mostCounted)
  return found.map((position) => position.id)
}

/** The most alike first; of equals what is open, then what the list shows first, then the newest. */
function rank(one: Candidate, others: readonly Candidate[], order: readonly string[]) {
  const places = new Map(order.map((id, place) => [id, place]))
  const placeOf = ({ id }: Candidate) => places.get(id) ?? order.length
  return others
    .map((other) => ({ other, likeness: compareLikeness(one, other) }))
    .toSorted(
      (a, b) =>
        byLikeness(a.likeness, b.likeness) ||
        Number(isOpen(b.other.status)) - Number(isOpen(a.other.status)) ||
        placeOf(a.other) - placeOf(b.other) ||
        b.other.number - a.other.number,
    )
}

function toItem({ other, likeness }: ReturnType<typeof rank>[number]): MergeCandidates['items'][number] {
  const { id, number, title, severity, status, kind, scanner, path, line } = other
  const { reasons, linesApart } = likeness
  return { id, number, title, severity, status, kind, scanner, path, line, reasons, lines_apart: linesApart }
}
