import type { SourceInForce } from '../../../../contract/delivery/deployment-settings.ts'
import { chooseSource } from '../../../domain/delivery/deployments/choose-source.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { listCountedRepositories } from '../../../store/delivery/deployments/counted-sources.ts'
import { listAllSources } from '../../../store/delivery/deployments/deployment-rules.ts'
import { toSourceRule } from './to-source-rule.ts'

const countedMs = 30 * 24 * 3600_000
const repositoriesAtMost = 100

/** Which source each repository has at present and what it counted in thirty days; a hundred by name at most. */
export async function listSourcesInForce(
  { db, clock }: { db: Db; clock: Clock },
  { organizationId, text }: { organizationId: string; text?: string | undefined },
): Promise<{ items: SourceInForce[]; has_more: boolean }> {
  const now = clock()
  const since = new Date(now.getTime() - countedMs)
  const [rows, sources] = await Promise.all([
    listCountedRepositories(db, { organizationId, text, since, limit: repositoriesAtMost + 1 }),
    listAllSources(db, { organizationId }),
  ])
  const ofAll = sources.filter(({ repository_id }) => repository_id === null).map(toSourceRule)
  const own = Map.groupBy(sources, ({ repository_id }) => repository_id)
  const items = rows.slice(0, repositoriesAtMost).map(({ id, name, path, counted, lastAt, told }) => {
    const rules = [...ofAll, ...(own.get(id) ?? []).map(toSourceRule)]
    const { kind, pattern } = chooseSource(rules, now.getTime() / 1000)
    const elsewhere = Object.entries(told).filter(([source]) => source !== kind)
    return {
      repository: { id, name, path },
      kind,
      pattern,
      counted,
      last_at: lastAt?.toISOString() ?? null,
      told_elsewhere: elsewhere.reduce((sum, [, n]) => sum + n, 0),
    }
  })
  return { items, has_more: rows.length > repositoriesAtMost }
}
