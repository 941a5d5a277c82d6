import type { Db } from '../src/store/db.ts'

type Place = { organizationId: string; importId: string; assetId: string; webhookId: string; connectionId: string }

/** What findings come from, and what deliveries come by. */
export async function insertImportAndWebhook(db: Db, ids: Place): Promise<void> {
  const organization_id = ids.organizationId
  await db
    .insertInto('import')
    .values({
      organization_id,
      id: ids.importId,
      asset_id: ids.assetId,
      branch: 'main',
      state: 'applied',
      file_name: 'report.sarif',
      file_sha256: 'none',
      file_bytes: 1,
      source: 'api',
    })
    .execute()
  await db
    .insertInto('webhook')
    .values({
      organization_id,
      id: ids.webhookId,
      connection_id: ids.connectionId,
      subject: 'workspace',
      url: 'http://localhost/',
      sealed_secret: 'none',
      events: [],
      health: 'ok',
    })
    .execute()
}
