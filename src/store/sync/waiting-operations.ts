import type { Db } from '../db.ts'

export type SameWait = {
  organizationId: string
  connectionId: string
  /** Left out: anywhere on the connection. */
  repositoryId?: string
  code: string
  exceptOperationId: string
}

/** Whether other work waits for the same reason already, so that people know of it. */
export async function isWaitKnown(tx: Db, wait: SameWait): Promise<boolean> {
  const row = await tx
    .selectFrom('operation')
    .innerJoin('defect', (join) =>
      join
        .onRef('defect.organization_id', '=', 'operation.organization_id')
        .onRef('defect.id', '=', 'operation.defect_id'),
    )
    .select('operation.id')
    .where('operation.organization_id', '=', wait.organizationId)
    .where('operation.connection_id', '=', wait.connectionId)
    .where('operation.state', '=', 'waiting')
    .where('operation.error_code', '=', wait.code)
    .where('operation.id', '!=', wait.exceptOperationId)
    .$if(wait.repositoryId !== undefined, (query) => query.where('defect.repository_id', '=', wait.repositoryId ?? ''))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
