import type { Db } from '../../../store/db.ts'
import { listFollowers, listSurvivors } from '../../../store/security/regroupings.ts'
import { lockVulnerabilities, type VulnerabilityState } from '../../../store/security/vulnerabilities.ts'
import type { Move } from '../vulnerabilities/apply-move.ts'

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
