import { sql } from 'kysely'
import type { Db } from '../src/store/db.ts'
import { repositories } from './many-pull-requests.ts'

const hourMs = 3600_000
const firstDay = Date.parse('2026-02-20T17:00:00Z')
const amount = 60
const lasting = new Set([6, 9, 22, 27])

const uuid = (kind: number, number: number) =>
  `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(number).padStart(12, '0')}`

type StatedDeployment = {
  id: string
  repositoryId: string
  environmentId: string
  state: 'successful' | 'failed' | 'stopped'
  completedAt: string
  /** A person's word that it failed or only repaired. */
  isFailed: boolean
  isRework: boolean
}

/** Deployments of nine weeks from 2026-02-20 to production, one every 25 hours, to one repository and the other in turn. */
export function makeDeployments(): StatedDeployment[] {
  return Array.from({ length: amount }, (_, index) => ({
    id: uuid(5, index),
    repositoryId: repositories[index % 2]?.id ?? '',
    environmentId: uuid(4, index % 2),
    state: index % 7 === 3 ? 'failed' : index % 9 === 5 ? 'stopped' : 'successful',
    completedAt: new Date(firstDay + index * 25 * hourMs).toISOString(),
    isFailed: index % 5 === 0 || lasting.has(index),
    isRework: index % 6 === 1,
  }))
}

/** Writes them in the order given, each failed one with an incident that lasted as many hours as its number has; four of them last still. */
export async function insertDeployments(
  db: Db,
  organization_id: string,
  stated: readonly StatedDeployment[],
): Promise<void> {
  for (const [index, { id }] of repositories.entries())
    await sql`insert into environment (organization_id, id, repository_id, remote_uuid, name, remote_kind)
      values (${organization_id}, ${uuid(4, index)}, ${id}, '{live}', 'Live', 'production')`.execute(db)
  for (const one of stated) {
    const place = { organization_id, repository_id: one.repositoryId }
    const row = { ...place, id: one.id, environment_id: one.environmentId, remote_key: one.id, state: one.state }
    await db
      .insertInto('deployment')
      .values({ ...row, source: 'bitbucket', completed_at: one.completedAt })
      .execute()
    const beganMs = Date.parse(one.completedAt) + hourMs
    const number = Number(one.id.slice(-2))
    const incident = { title: 'The till is closed', source: 'push' as const, deployment_id: one.id }
    const lasted = {
      began_at: new Date(beganMs).toISOString(),
      resolved_at: lasting.has(number) ? null : new Date(beganMs + number * hourMs).toISOString(),
    }
    if (one.isFailed)
      await db
        .insertInto('incident')
        .values({ ...place, ...incident, ...lasted, id: one.id.replace('-8005-', '-8006-'), key: one.id })
        .execute()
    const mark = { reason: 'It was only a repair', member_name: 'Mara Lind', at: one.completedAt }
    if (one.isRework)
      await db
        .insertInto('deployment_mark')
        .values({ organization_id, deployment_id: one.id, is_rework: true, ...mark })
        .execute()
  }
}
