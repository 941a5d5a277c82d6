import { listMoves, type MoveActor, type MoveNeed, type Status, statuses } from '../../../../src/domain/status.ts'

type Row = { readonly status: Status }

/** A status some of the rows may become: how many of those shown, and what has to be said with it. */
export type BulkMove = { readonly to: Status; readonly allowed: number; readonly needs: readonly MoveNeed[] }

/** The moves of the table that fit at least one of the rows, in the order of the statuses; the server judges each again. */
export function listBulkMoves(rows: readonly Row[], actor: MoveActor): BulkMove[] {
  return statuses.flatMap((to) => {
    const moves = rows.flatMap((row) => listMoves(row.status, actor).filter((one) => one.to === to))
    return moves.length === 0 ? [] : [{ to, allowed: moves.length, needs: needsOf(moves) }]
  })
}

/** Every move there is for somebody: for rows that are not shown. */
export function listAllMoves(actor: MoveActor): BulkMove[] {
  return listBulkMoves(
    statuses.map((status) => ({ status })),
    actor,
  )
}

function needsOf(moves: readonly { needs: readonly MoveNeed[] }[]): MoveNeed[] {
  return [...new Set(moves.flatMap(({ needs }) => needs))]
}
