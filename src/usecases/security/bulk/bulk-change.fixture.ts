import { sql } from 'kysely'
import type { ChangeRequest } from '../../../../contract/security/bulk-changes.ts'
import type { Role } from '../../../domain/permissions.ts'
import type { Status } from '../../../domain/status.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture } from '../imports/import.fixture.ts'
import type { Asker } from './bulk-request.ts'
import { createBulkChange } from './create-bulk-change.ts'
import { getBulkChange } from './get-bulk-change.ts'
import { runBulkChange } from './run-bulk-change.ts'

/** An organization with as many vulnerabilities as asked for, and short ways to change them. */
export async function createBulkHouse(open: OpenDatabase) {
  const house = await createImportFixture(open)
  const { db, deps, organizationId, memberId, assetId } = house
  const asker = (role: Role = 'champion'): Asker => {
    return { organizationId, memberId, name: 'Ines Okafor', role, scopes: null, tokenId: null }
  }
  const auditor = { kind: 'member' as const, memberId, name: 'Ines Okafor', tokenId: null, ipAddress: null }
  // Far from those that imports take.
  let number = 1_000_000
  const add = async (count: number, row: { status?: Status; branch?: string } = {}): Promise<string[]> => {
    const at = new Date('2027-02-01T08:00:00Z')
    const ids = Array.from({ length: count }, () => deps.newId())
    await sql`
      insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
        rule_id, status, opened_at, last_seen_at)
      select ${organizationId}::uuid, id, ${number}::integer + place, ${assetId}::uuid, ${row.branch ?? 'main'}, 'Door ' || place,
        'high', 'tool', 'Lantern', 'open-door', ${row.status ?? 'identified'}, ${at}, ${at}
      from unnest(${ids}::uuid[]) with ordinality as t(id, place)`.execute(db)
    number += count
    return ids
  }
  const start = async (request: ChangeRequest, role?: Role) =>
    createBulkChange(deps, { asker: asker(role), auditor, request })
  const run = async (id: string) => {
    await runBulkChange(deps, { organizationId, bulkChangeId: id })
    return getBulkChange(deps, { asker: asker(), id })
  }
  const doIt = async (request: ChangeRequest) => run((await start(request)).id)
  const read = async () =>
    db.selectFrom('vulnerability').selectAll().where('organization_id', '=', organizationId).orderBy('id').execute()
  const events = async (bulkChangeId: string) =>
    db
      .selectFrom('vulnerability_event')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('bulk_change_id', '=', bulkChangeId)
      .orderBy('id')
      .execute()
  return { ...house, asker, auditor, add, start, run, doIt, read, events }
}
