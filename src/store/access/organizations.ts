import type { Db } from '../db.ts'

export type Organization = { id: string; name: string; isDemo: boolean }

export async function insertOrganization(tx: Db, organization: Organization & { at: Date }): Promise<void> {
  const { id, name, isDemo, at } = organization
  await tx
    .insertInto('organization')
    .values({ organization_id: id, name, is_demo: isDemo, created_at: at, updated_at: at })
    .execute()
}

export async function findOrganization(db: Db, organizationId: string): Promise<Organization | undefined> {
  return db
    .selectFrom('organization')
    .select(['organization_id as id', 'name', 'is_demo as isDemo'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
}

/** All of them, by name: for the command line of the installation, which stands above organizations. */
export async function listOrganizations(db: Db): Promise<Organization[]> {
  return db
    .selectFrom('organization')
    .select(['organization_id as id', 'name', 'is_demo as isDemo'])
    .orderBy('name')
    .orderBy('organization_id')
    .execute()
}
