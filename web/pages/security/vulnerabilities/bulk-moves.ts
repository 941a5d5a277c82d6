import { listMoves, type MoveActor, type MoveNeed, type Status, statuses } from '../../../../src/domain/status.ts'

type Row = { readonly status: Status }

/** A status some of the rows may become: which of them, which not, and what has to be said with it. */
export type BulkMove<Item extends Row> = {
  readonly to: Status
  readonly allowed: readonly Item[]
  readonly refused: readonly Item[]
  readonly needs: readonly MoveNeed[]
}

/** The moves of the table that fit at least one of the rows, in the order of the statuses; the server judges each again. */
export function listBulkMoves<Item extends Row>(rows: readonly Item[], actor: MoveActor): BulkMove<Item>[] {
  return statuses.flatMap((to) => {
    const moves = rows.map((row) => ({ row, move: listMoves(row.status, actor).find((one) => one.to === to) }))
    const allowed = moves.flatMap(({ row, move }) => (move === undefined ? [] : [row]))
    if (allowed.length === 0) return []
    const refused = moves.flatMap(({ row, move }) => (move === undefined && row.status !== to ? [row] : []))
    return [{ to, allowed, refused, needs: [...new Set(moves.flatMap(({ move }) => move?.needs ?? []))] }]
  })
}
