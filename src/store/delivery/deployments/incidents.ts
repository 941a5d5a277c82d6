import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export type IncidentSource = 'push' | 'person' | 'jira'

export type IncidentRow = {
  id: string
  repositoryId: string
  repositoryName: string
  repositoryPath: string
  source: IncidentSource
  key: string
  title: string
  severity: string | null
  webUrl: string | null
  beganAt: Date
  resolvedAt: Date | null
  deploymentId: string | null
}

type Wish = {
  organizationId: string
  repositoryIds: readonly string[] | undefined
  /** Those of their own repositories. */
  teamIds: readonly string[] | undefined
  isResolved: boolean | undefined
  from: Date | undefined
  to: Date | undefined
  after: { at: string; id: string } | undefined
  limit: number
}

/** Incidents that began in a range, latest first. */
export async function listIncidentRows(db: Db, wish: Wish): Promise<IncidentRow[]> {
  const { repositoryIds, teamIds, isResolved, from, to, after } = wish
  return db
    .selectFrom('incident as i')
    .innerJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 'i.organization_id').onRef('r.id', '=', 'i.repository_id'),
    )
    .select(['i.id', 'i.repository_id as repositoryId', 'r.name as repositoryName', 'i.source', 'i.key', 'i.title'])
    .select(['i.severity', 'i.web_url as webUrl', 'i.began_at as beganAt', 'i.resolved_at as resolvedAt'])
    .select('i.deployment_id as deploymentId')
    .select(sql<string>`r.workspace_slug || '/' || r.slug`.as('repositoryPath'))
    .where('i.organization_id', '=', wish.organizationId)
    .$if(repositoryIds !== undefined, (query) => query.where('i.repository_id', 'in', [...(repositoryIds ?? [])]))
    .$if(teamIds !== undefined, (query) =>
      query.where('i.repository_id', 'in', (from) =>
        from
          .selectFrom('team_repository as t')
          .select('t.repository_id')
          .where('t.organization_id', '=', wish.organizationId)
          .where('t.team_id', 'in', [...(teamIds ?? [])]),
      ),
    )
    .$if(isResolved !== undefined, (query) => query.where('i.resolved_at', isResolved === true ? 'is not' : 'is', null))
    .$if(from !== undefined, (query) => query.where('i.began_at', '>=', from ?? null))
    .$if(to !== undefined, (query) => query.where('i.began_at', '<', to ?? null))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(i.began_at, i.id) < (${after?.at}::timestamptz, ${after?.id}::uuid)`),
    )
    .orderBy('i.began_at', 'desc')
    .orderBy('i.id', 'desc')
    .limit(wish.limit)
    .execute()
}

type IncidentKey = { organizationId: string; id: string }

/** Locked until the transaction ends. */
export async function findIncidentById(tx: Db, { organizationId, id }: IncidentKey) {
  return tx
    .selectFrom('incident')
    .select(['source', 'key', 'title', 'began_at', 'resolved_at'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function deleteIncident(tx: Db, { organizationId, id }: IncidentKey): Promise<void> {
  await tx.deleteFrom('incident').where('organization_id', '=', organizationId).where('id', '=', id).execute()
}
