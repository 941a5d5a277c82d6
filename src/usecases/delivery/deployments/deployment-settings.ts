import type { DeploymentSettings, DeploymentSource } from '../../../../contract/delivery/deployment-settings.ts'
import { needsPattern } from '../../../domain/delivery/deployments/choose-source.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  getDeliveryRules,
  listNamedSources,
  type NewDeploymentSource,
  putDeliveryRules,
  replaceDeploymentSources,
} from '../../../store/delivery/deployments/deployment-rules.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { requireRepository } from './record-deployment.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string }

export async function getDeploymentSettings({ db }: { db: Db }, key: Key): Promise<DeploymentSettings> {
  const rows = await listNamedSources(db, key)
  const sources = rows.map(({ valid_from, ...source }) => ({ ...source, valid_from: valid_from.toISOString() }))
  return { sources, ...(await getDeliveryRules(db, key)) }
}

/** Replaces all of it. Throws `validation_failed` for a repository that is not known, and for sources that contradict each other. */
export async function updateDeploymentSettings(
  deps: Deps,
  input: Key & { actor: AuditActor; settings: DeploymentSettings },
): Promise<DeploymentSettings> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return getDeploymentSettings(deps, input)
}

async function updateInTransaction(
  deps: Deps,
  tx: Db,
  { organizationId, actor, settings }: Key & { actor: AuditActor; settings: DeploymentSettings },
): Promise<void> {
  const before = await getDeploymentSettings({ db: tx }, { organizationId })
  const { sources, ...rules } = settings
  const rows: NewDeploymentSource[] = []
  for (const source of sources) rows.push(await toRow(deps, tx, { organizationId, source }))
  const places = rows.map(({ repository_id, valid_from }) => `${repository_id} ${valid_from.toISOString()}`)
  if (new Set(places).size < places.length)
    throw new AppError('validation_failed', 'sources: two of one repository begin at the same moment.')
  await replaceDeploymentSources(tx, { organizationId, rows })
  await putDeliveryRules(tx, { organization_id: organizationId, ...rules, updated_at: deps.clock() })
  await recordAudit(deps, tx, { organizationId, actor, action: 'deployment_settings.changed', before, after: settings })
}

async function toRow(
  { newId }: Deps,
  tx: Db,
  { organizationId, source }: Key & { source: DeploymentSource },
): Promise<NewDeploymentSource> {
  const { repository, kind, pattern, valid_from } = source
  if (needsPattern(kind) !== (pattern !== null))
    throw new AppError('validation_failed', `pattern: ${needsPattern(kind) ? 'say which' : `“${kind}” has none`}.`)
  const found = repository === null ? null : await requireRepository(tx, { organizationId, name: repository })
  const repository_id = found?.id ?? null
  return {
    organization_id: organizationId,
    id: newId(),
    repository_id,
    kind,
    pattern,
    valid_from: new Date(valid_from),
  }
}
