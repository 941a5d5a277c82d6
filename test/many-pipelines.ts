import type { Db } from '../src/store/db.ts'
import { repositories } from './many-pull-requests.ts'

const hourMs = 3600_000
const firstDay = Date.parse('2026-02-18T06:00:00Z')
const amount = 140
const results = [
  'successful',
  'failed',
  'successful',
  'error',
  'successful',
  'stopped',
  'successful',
  'expired',
] as const

type StatedPipeline = {
  id: string
  repositoryId: string
  number: number
  branch: string
  result: (typeof results)[number]
  completedAt: string
  /** Null: the remote did not say. */
  durationS: number | null
  buildS: number | null
}

/** Pipelines of eight weeks from 2026-02-18, one every nine hours and a half, with every result. */
export function makePipelines(): StatedPipeline[] {
  return Array.from({ length: amount }, (_, index) => ({
    id: `00000000-0000-7000-8007-${String(index).padStart(12, '0')}`,
    repositoryId: repositories[index % 2]?.id ?? '',
    number: index + 1,
    branch: index % 3 === 0 ? 'release' : 'main',
    result: results[index % results.length] ?? 'successful',
    completedAt: new Date(firstDay + index * 9.5 * hourMs).toISOString(),
    durationS: index % 9 === 4 ? null : 60 + ((index * 37) % 900),
    buildS: index % 9 === 4 ? null : 45 + ((index * 53) % 700),
  }))
}

/** Writes them in the order given. */
export async function insertPipelines(
  db: Db,
  organization_id: string,
  stated: readonly StatedPipeline[],
): Promise<void> {
  await db
    .insertInto('pipeline')
    .values(
      stated.map((one) => ({
        organization_id,
        id: one.id,
        repository_id: one.repositoryId,
        remote_uuid: `{${one.id}}`,
        number: one.number,
        ref_type: 'branch',
        ref_name: one.branch,
        state: 'completed' as const,
        result: one.result,
        started_at: new Date(Date.parse(one.completedAt) - (one.durationS ?? 60) * 1000),
        completed_at: one.completedAt,
        duration_s: one.durationS,
        build_s: one.buildS,
      })),
    )
    .execute()
}
