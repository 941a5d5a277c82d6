import { newId } from '../../src/lib/ids.ts'
import { computeChangedFigures } from '../../src/usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../../src/usecases/delivery/deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from '../../src/usecases/delivery/remediation/follow-vulnerabilities.ts'
import { insertPullRequests, type StatedEvent } from '../delivery-facts.ts'
import { insertDeployment, insertProduction } from '../remediation-facts.ts'
import type { WeirWorld } from './weir-world.ts'

const hourMs = 3600_000
const dayMs = 24 * hourMs

/**
 * Deliveries of the last weeks beside the story: pull requests of two people, most of them merged and deployed, and one
 * of three naming a vulnerability of the story, which was found some days before.
 */
export async function fillSecurityFlow({ weir }: WeirWorld): Promise<void> {
  const { db } = weir.database
  const {
    organization_id: organizationId,
    repository_id: repositoryId,
    assetId,
  } = await db
    .selectFrom('asset')
    .select(['organization_id', 'repository_id', 'id as assetId'])
    .where('name', '=', 'storefront-api')
    .executeTakeFirstOrThrow()
  if (repositoryId === null) throw new Error('The asset of the story has no repository.')
  const vulnerabilities = await db
    .selectFrom('vulnerability')
    .select(['id', 'number'])
    .where('organization_id', '=', organizationId)
    .where('asset_id', '=', assetId)
    .where('on_default_branch', '=', true)
    .where('merged_into', 'is', null)
    .orderBy('number')
    .execute()
  // The story's scans are of today, what is filled in here is weeks old: nothing tells which deployment brought a problem.
  await db
    .updateTable('import')
    .set({ commit_hash: null })
    .where('organization_id', '=', organizationId)
    .where('asset_id', '=', assetId)
    .execute()
  const [author, reviewer] = await insertPeople(weir, organizationId)
  await insertProduction(db, { organizationId, repositoryId })
  const startMs = Date.now() - 60 * dayMs
  const at = (ms: number): string => new Date(startMs + ms).toISOString()
  const stated = Array.from({ length: 45 }, (_, index) => {
    const openedMs = index * 1.25 * dayMs
    const isMerged = index < 40
    const waitMs = (2 + ((index * 7) % 30)) * hourMs
    const events: StatedEvent[] = [
      { kind: 'opened', at: at(openedMs), by: author },
      ...(isMerged
        ? ([
            { kind: 'comment', at: at(openedMs + waitMs), by: reviewer },
            { kind: 'approval', at: at(openedMs + waitMs + 3 * hourMs), by: reviewer },
            { kind: 'merged', at: at(openedMs + waitMs + 5 * hourMs), by: author },
          ] as const)
        : []),
    ]
    const state = isMerged ? ('merged' as const) : ('open' as const)
    return { id: newId(), repositoryId, number: 9000 + index, authorId: author, openedAt: at(openedMs), state, events }
  })
  await insertPullRequests(db, organizationId, stated)
  for (const [index, { id, openedAt }] of stated.entries()) {
    const named = index % 3 === 0 ? vulnerabilities[index / 3] : undefined
    if (named === undefined) continue
    const opened_at = new Date(Date.parse(openedAt) - (2 + (index % 9)) * dayMs)
    await db
      .updateTable('vulnerability')
      .set({ opened_at, last_seen_at: opened_at, due_at: new Date(opened_at.getTime() + 14 * dayMs) })
      .where('organization_id', '=', organizationId)
      .where('id', '=', named.id)
      .execute()
    await db
      .updateTable('pull_request')
      .set({ title: `Bind the parameters of query ${index} (WEIR-${named.number})` })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
  }
  for (let day = 2; day < 52; day += 2)
    await insertDeployment(db, { organizationId, repositoryId, completedAt: at(day * dayMs) })
  await computeAll(weir, organizationId)
}

/** What was looked up of a vulnerability's line, as far as its page shows it: one that its pull request took, and one that nobody could find. */
export async function fillRemovedPlaces({ weir }: WeirWorld, vulnerabilityId: string): Promise<void> {
  const { db } = weir.database
  const { pull_request_id: removedBy, ...link } = await db
    .selectFrom('remediation_link')
    .innerJoin('pull_request', 'pull_request.id', 'remediation_link.pull_request_id')
    .select(['remediation_link.organization_id', 'remediation_link.pull_request_id', 'pull_request.repository_id'])
    .where('remediation_link.vulnerability_id', '=', vulnerabilityId)
    .executeTakeFirstOrThrow()
  const finding = await db
    .selectFrom('finding')
    .selectAll()
    .where('vulnerability_id', '=', vulnerabilityId)
    .executeTakeFirstOrThrow()
  const other = newId()
  await db
    .insertInto('finding')
    .values({ ...finding, evidence: '{}', id: other, content_key: other, active: false })
    .execute()
  const scans = { seen_in: 'a1b2c3d4e5f6', gone_in: 'c0ffee00c0ffee00', next_look_at: new Date() }
  const place = { ...link, ...scans, vulnerability_id: vulnerabilityId, path: 'src/orders.js' }
  const removed = { removed_in: 'beef00beef00', removed_path: place.path, removed_line: 15, removed_by: removedBy }
  const longPath = `src/${'generated/'.repeat(8)}client.js`
  const unknown = { path: longPath, line: 40, state: 'unknown' as const, reason: 'left_out' }
  await db
    .insertInto('removed_place')
    .values([
      { ...place, ...removed, finding_id: finding.id, line: 12, state: 'removed' },
      { ...place, ...unknown, finding_id: other },
    ])
    .execute()
}

async function insertPeople(
  { database: { db } }: WeirWorld['weir'],
  organization_id: string,
): Promise<[string, string]> {
  const ids: [string, string] = [newId(), newId()]
  const seen = { first_seen_at: new Date(), last_seen_at: new Date(), kind: 'bitbucket' as const }
  for (const [index, id] of ids.entries())
    await db
      .insertInto('contributor')
      .values({
        organization_id,
        id,
        ...seen,
        remote_id: `{${id}}`,
        display_name: ['Cleo Weft', 'Dag Hull'][index] ?? '',
      })
      .execute()
  return ids
}

/** The worker works on the same: what it holds at the moment is left to it. */
async function computeAll({ database: { db } }: WeirWorld['weir'], organizationId: string): Promise<void> {
  const deps = { db, clock: () => new Date() }
  for (let round = 0; round < 100; round += 1) {
    await computeChangedFigures(deps)
    await computeChangedDeployments(deps)
    await followChangedVulnerabilities(deps)
    const tables = [
      'pull_request_to_compute',
      'repository_to_compute',
      'pull_request_to_read',
      'vulnerability_to_follow',
    ] as const
    const left = await Promise.all(
      tables.map((table) =>
        db.selectFrom(table).select('id').where('organization_id', '=', organizationId).executeTakeFirst(),
      ),
    )
    if (left.every((row) => row === undefined)) return
    await new Promise((later) => setTimeout(later, 100))
  }
  throw new Error('What was filled in was never worked out.')
}
