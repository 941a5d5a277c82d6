import type { Description } from '../simulators/bitbucket/describe.ts'
import type { SecretBox } from '../src/lib/secret-box.ts'
import { ensureInstance } from '../src/store/access/instance.ts'
import type { Db } from '../src/store/db.ts'
import { sealCredential } from '../src/usecases/remotes/stored-credential.ts'
import { insertImportAndWebhook } from './insert-import-and-webhook.ts'

export type WorldIds = Awaited<ReturnType<typeof insertConnectedOrganization>>

/** What a simulator says of itself when it starts, in this process or in another. */
type Told = Pick<Description, 'api' | 'web' | 'mode' | 'workspace' | 'users' | 'repositories'>
type Planting = { db: Db; simulator: Told; secretBox: SecretBox; newId: () => string }

/** An organization with people, a connection to the simulator, one repository, its asset and its webhook. */
export async function insertConnectedOrganization({ db, simulator, secretBox, newId }: Planting) {
  await ensureInstance(db, newId())
  const ids = {
    organizationId: newId(),
    champion: newId(),
    admin: newId(),
    developer: newId(),
    connectionId: newId(),
    repositoryId: newId(),
    assetId: newId(),
    importId: newId(),
    webhookId: newId(),
  }
  const organization_id = ids.organizationId
  const mara = simulator.users.find((user) => user.username === 'mara-lind')
  const remote = simulator.repositories.find((one) => one.slug === 'storefront-api')
  if (mara === undefined || remote === undefined) throw new Error('The simulator has other seeds than this test.')
  await db.insertInto('organization').values({ organization_id, name: 'Meadow Goods' }).execute()
  const people = [
    { id: ids.champion, name: 'Carla Champion', role: 'champion' as const },
    { id: ids.admin, name: 'Adam Admin', role: 'admin' as const },
    { id: ids.developer, name: 'Devi Developer', role: 'developer' as const },
  ]
  await db
    .insertInto('member')
    .values(people.map((one) => ({ ...one, organization_id, user_id: newId(), email: `${one.role}@weir.example` })))
    .execute()
  const key = { organizationId: organization_id, connectionId: ids.connectionId }
  const credential = { kind: 'api_token' as const, email: mara.email, token: mara.api_token }
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: ids.connectionId,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Meadow Goods',
      api_url: simulator.api,
      web_url: simulator.web,
      workspace_uuid: simulator.workspace.uuid,
      workspace_slug: simulator.workspace.slug,
      workspace_name: simulator.workspace.name,
      remote_account_uuid: mara.uuid,
      remote_account_name: mara.display_name,
      sealed_credential: sealCredential(secretBox, key, credential),
      state: 'active',
      has_issues: simulator.mode === 'legacy',
    })
    .execute()
  await db
    .insertInto('repository')
    .values({
      organization_id,
      id: ids.repositoryId,
      connection_id: ids.connectionId,
      remote_uuid: remote.uuid,
      workspace_uuid: simulator.workspace.uuid,
      workspace_slug: simulator.workspace.slug,
      slug: remote.slug,
      name: remote.slug,
      main_branch: 'main',
      has_issues: simulator.mode === 'legacy',
      web_url: `${simulator.web}/meadow-goods/storefront-api`,
    })
    .execute()
  const asset = {
    organization_id,
    id: ids.assetId,
    key: 'storefront-api',
    name: 'Storefront API',
    default_branch: 'main',
  }
  await db
    .insertInto('asset')
    .values({ ...asset, repository_id: ids.repositoryId })
    .execute()
  await insertImportAndWebhook(db, ids)
  return ids
}
