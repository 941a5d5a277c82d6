import type { Db } from '../../../store/db.ts'
import { listFollowers, listFollowersBefore, listSurvivors } from '../../../store/security/regroupings.ts'
import { lockVulnerabilities, type VulnerabilityState } from '../../../store/security/vulnerabilities.ts'
import type { Move, Restore } from '../vulnerabilities/apply-move.ts'

type Moved = { move: Move; state: VulnerabilityState }

/** What a developer does with the item of a merged vulnerability is said of the one it is a part of. */
export async function moveSurvivors(tx: Db, organizationId: string, moves: readonly Move[]): Promise<Move[]> {
  const survivors = await listSurvivors(tx, { organizationId, ids: moves.map((move) => move.vulnerabilityId) })
  return moves.map((move) => ({
    ...move,
    vulnerabilityId: survivors.get(move.vulnerabilityId) ?? move.vulnerabilityId,
  }))
}

/** Moves of what was merged into the moved ones: their items in trackers follow the one that stands for all. */
export async function listFollowing(tx: Db, organizationId: string, moved: readonly Moved[]): Promise<Moved[]> {
  if (moved.length === 0) return []
  const leaders = new Map(moved.map(({ move }) => [move.vulnerabilityId, move]))
  const followers = await listFollowers(tx, { organizationId, ids: [...leaders.keys()] })
  const states = await lockVulnerabilities(
    tx,
    organizationId,
    followers.map(({ id }) => id),
  )
  return followers.flatMap(({ id, survivor }) => {
    const [move, state] = [leaders.get(survivor), states.get(id)]
    return move === undefined || state === undefined || state.status === move.to
      ? []
      : [{ move: { ...move, vulnerabilityId: id }, state }]
  })
}

type Undone = { importId: string } | { bulkChangeId: string; undoes: string } | { regroupingId: string }
type Undoing = Undone & { organizationId: string; restores: readonly Restore[] }

/** How what followed into a change that is undone goes back: each to its own state before, and with a regrouping as one. */
export async function listFollowingBack(tx: Db, undoing: Undoing): Promise<Restore[]> {
  const { organizationId, restores } = undoing
  const ids = restores.map(({ vulnerabilityId }) => vulnerabilityId)
  if (ids.length === 0) return []
  if ('importId' in undoing) return listFollowersBefore(tx, { organizationId, ids, by: { importId: undoing.importId } })
  if ('bulkChangeId' in undoing)
    return listFollowersBefore(tx, { organizationId, ids, by: { bulkChangeId: undoing.undoes } })
  const leaders = new Map(restores.map((one) => [one.vulnerabilityId, one]))
  const followers = await listFollowers(tx, { organizationId, ids })
  return followers.flatMap(({ id, survivor }) => {
    const leader = leaders.get(survivor)
    return leader === undefined ? [] : [{ ...leader, vulnerabilityId: id }]
  })
}
