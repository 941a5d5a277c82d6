import type { Agreements, BrokenRow, KeptAgreements } from '../../../../contract/delivery/agreements.ts'
import { type AgreementKind, hasThreshold } from '../../../domain/delivery/agreement-kinds.ts'
import { leastValues } from '../../../domain/delivery/statistics.ts'
import { listBuckets } from '../../../domain/delivery/time-buckets.ts'
import { isTimeZone } from '../../../domain/sla/local-days.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { type KeptShare, listBroken, measureAgreements } from '../../../metrics/agreements.ts'
import type { Db } from '../../../store/db.ts'
import {
  listKnownTeamIds,
  listStoredAgreements,
  replaceAgreements,
} from '../../../store/delivery/agreements/agreements.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { parseTimePage, splitTimePage } from '../../sync/time-cursor.ts'
import { readScope, requireMetric, type ScopeQuery } from '../metric-scope.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string }
type Terms = { kind: AgreementKind; threshold: number | null; is_on: boolean; team_id: string | null }

export async function listAgreements({ db }: { db: Db }, key: Key): Promise<Agreements> {
  const rows = await listStoredAgreements(db, key)
  return { items: rows.map(({ isOn, ...row }) => ({ ...row, is_on: isOn })) }
}

/** Throws `validation_failed` for a team that is not here, two of a kind, and a number that is missing or too much. */
export async function updateAgreements(
  deps: Deps,
  { organizationId, actor, items }: Key & { actor: AuditActor; items: readonly Terms[] },
): Promise<Agreements> {
  checkTerms(items)
  const teams = [...new Set(items.flatMap(({ team_id: id }) => id ?? []))]
  const now = deps.clock()
  await deps.db.transaction().execute(async (tx) => {
    const known = new Set(await listKnownTeamIds(tx, { organizationId, ids: teams }))
    if (teams.some((id) => !known.has(id)))
      throw new AppError('validation_failed', 'team_id: there is no such team here.')
    const before = await listAgreements({ db: tx }, { organizationId })
    const rows = items.map((terms) => {
      return { organization_id: organizationId, id: deps.newId(), ...terms, created_at: now, updated_at: now }
    })
    await replaceAgreements(tx, { organizationId, rows })
    await recordAudit(deps, tx, { organizationId, actor, action: 'agreements.changed', before, after: { items } })
  })
  return listAgreements(deps, { organizationId })
}

function checkTerms(items: readonly Terms[]): void {
  const places = items.map(({ team_id: team, kind }) => `${team} ${kind}`)
  if (new Set(places).size < places.length)
    throw new AppError('validation_failed', 'items: a team agrees on each of these once.')
  const wrong = items.find(({ kind, threshold }) => hasThreshold(kind) !== (threshold !== null))
  if (wrong !== undefined)
    throw new AppError(
      'validation_failed',
      `threshold: “${wrong.kind}” ${wrong.threshold === null ? 'needs one' : 'has none'}.`,
    )
}

/** How far each agreement in force was kept. Throws `validation_failed` as a figure does. */
export async function getAgreements(
  deps: Omit<Deps, 'newId'>,
  { time_zone: timeZone = 'UTC', ...input }: Key & ScopeQuery & { time_zone?: string | undefined },
): Promise<KeptAgreements> {
  if (!isTimeZone(timeZone))
    throw new AppError('validation_failed', 'time_zone: zones have names such as Europe/Berlin.')
  const scope = await readPullRequestScope(deps, input)
  const buckets = listBuckets(scope.range, 'week', timeZone)
  const measured = await measureAgreements(deps.db, scope, buckets)
  const all = await listStoredAgreements(deps.db, input)
  return {
    from: scope.range.from.toISOString(),
    to: scope.range.to.toISOString(),
    items: all.flatMap(({ isOn, ...agreement }) => {
      if (!isOn) return []
      const { whole = none, byBucket = [] } = measured.get(agreement.id) ?? {}
      const weeks = buckets.map(({ from, to }, index) => {
        return { from: from.toISOString(), to: to.toISOString(), ...toShare(byBucket[index] ?? none) }
      })
      return [{ ...agreement, ...toShare(whole), unknown: whole.unknown, weeks }]
    }),
  }
}

const none: KeptShare = { n: 0, kept: 0, unknown: 0 }

function toShare({ n, kept }: KeptShare) {
  return { share: n < leastValues ? null : kept / n, n, kept }
}

/** The pull requests that broke one. Throws `not_found` for none in force. */
export async function listBrokenAgreements(
  deps: Omit<Deps, 'newId'>,
  { id, ...input }: Key & ScopeQuery & { id: string; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: BrokenRow[]; next: string | null }> {
  const all = await listStoredAgreements(deps.db, input)
  if (!all.some((one) => one.id === id && one.isOn))
    throw new AppError('not_found', 'There is no such agreement in force here.')
  const { after, limit } = parseTimePage(input)
  const scope = await readPullRequestScope(deps, input)
  const place = after === undefined ? null : { at: new Date(after.at), id: after.id }
  const rows = await listBroken(deps.db, { ...scope, id, after: place, limit: limit + 1 })
  const { shown, next } = splitTimePage(rows, limit, ({ at }) => at)
  const items = shown.map(({ repositoryId, repositoryName, webUrl, at, ...row }) => ({
    ...row,
    repository: { id: repositoryId, name: repositoryName },
    web_url: webUrl,
    merged_at: at.toISOString(),
  }))
  return { items, next }
}

/** Agreements are about what a figure of pull requests is about. */
function readPullRequestScope(deps: Omit<Deps, 'newId'>, input: Key & ScopeQuery) {
  return readScope(deps, requireMetric('pr_throughput'), input)
}
