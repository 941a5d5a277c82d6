import type { Db } from '../db.ts'

/** Whether a webhook that works hears the repository, by itself or with its whole workspace. */
export async function hasHealthyWebhook(
  db: Db,
  key: { organizationId: string; connectionId: string; repositoryId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('webhook')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('health', '=', 'ok')
    .where((where) => where.or([where('subject', '=', 'workspace'), where('repository_id', '=', key.repositoryId)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
