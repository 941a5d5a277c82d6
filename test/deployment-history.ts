import fc from 'fast-check'
import { sql } from 'kysely'
import { newId } from '../src/lib/ids.ts'
import type { OpenDatabase } from '../src/store/db.ts'
import { computeChangedFigures } from '../src/usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../src/usecases/delivery/deployments/compute-deployments.ts'
import { insertDeliveryPlace, insertPullRequests } from './delivery-facts.ts'
import { insertVulnerability } from './remediation-facts.ts'

const hour = (number: number): string => new Date(Date.UTC(2026, 2, 1) + number * 3_600_000).toISOString()
const clock = () => new Date(hour(2000))
const shaOf = (number: number): string => number.toString(16).padStart(8, '0').repeat(5)

/** What happens to a repository, one thing an hour, mostly as it should. Commits are told by how far back they lie. */
export const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      back: fc.nat(2),
      isRepair: fc.boolean(),
      isTogether: fc.nat(9).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late merge' as const), back: fc.nat(4), hours: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deployment' as const),
      back: fc.oneof({ weight: 7, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }),
      state: fc.constantFrom(
        'successful' as const,
        'successful' as const,
        'successful' as const,
        'failed' as const,
        'stopped' as const,
      ),
      late: fc.oneof({ weight: 14, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
      pipeline: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(2) }),
      isShort: fc.boolean(),
      isUnknown: fc.nat(60).map((n) => n === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('incident' as const),
      hours: fc.nat(3),
      isNamed: fc.nat(3).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark' as const), back: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      back: fc.nat(3),
      isShort: fc.nat(4).map((n) => n === 0),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('work out' as const) }) },
)
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** A repository to which things happen, and what is worked out of them. */
export class DeploymentHistory {
  readonly organizationId = newId()
  readonly repositoryId = newId()
  readonly #environment = newId()
  readonly #person = newId()
  readonly #merged: string[] = []
  readonly #deployments: string[] = []
  #hour = 10
  #commits = 0
  #numbers = 0

  readonly #open: OpenDatabase

  constructor(open: OpenDatabase) {
    this.#open = open
  }

  async begin(): Promise<void> {
    const { organizationId, repositoryId } = this
    await insertDeliveryPlace(this.#open.db, {
      organizationId,
      connectionId: newId(),
      repositories: [{ id: repositoryId, slug: 'storefront-api' }],
      people: [{ id: this.#person, name: 'Ada Quill' }],
    })
    const place = { organization_id: organizationId, repository_id: repositoryId }
    await this.#open.db
      .insertInto('environment')
      .values({ ...place, id: this.#environment, remote_uuid: '{live}', name: 'Live', remote_kind: 'production' })
      .execute()
    await this.#commit(0)
    await this.#open.db
      .insertInto('git_mirror')
      .values({ ...place, is_partial: false, size_bytes: 1, operations: 1, fetched_at: hour(0), heads: [shaOf(1)] })
      .execute()
  }

  async play(one: Happening): Promise<void> {
    this.#hour += 1
    switch (one.kind) {
      case 'merge':
        await this.#commit(one.back)
        await this.#merge({ sha: shaOf(this.#commits), at: this.#hour, isRepair: one.isRepair })
        if (one.isTogether) await this.#merge({ sha: shaOf(this.#commits), at: this.#hour, isRepair: false })
        return
      case 'late merge':
        return this.#merge({ sha: this.#shaBack(one.back), at: this.#hour - one.hours, isRepair: false })
      case 'deployment':
        return this.#deploy(one)
      case 'incident':
        return this.#fail(one)
      case 'mark':
        return this.#mark(one.back)
      case 'scan':
        return this.#scan(one)
      default:
        await this.workOut()
    }
  }

  async workOut(): Promise<void> {
    await computeChangedFigures({ db: this.#open.db, clock })
    while ((await computeChangedDeployments(this.#open)) > 0);
  }

  /** Everything that was worked out; when is the same for all of it. */
  async worked() {
    const of = sql`organization_id = ${this.organizationId}::uuid`
    const [figures, changes, commits, scans, settled] = await Promise.all([
      sql`select * from deployment_figures where ${of} order by deployment_id`.execute(this.#open.db),
      sql`select * from deployment_change where ${of} order by pull_request_id`.execute(this.#open.db),
      sql`select * from deployed_commit where ${of} order by sha`.execute(this.#open.db),
      sql`select * from deployed_scan where ${of} order by commit_hash`.execute(this.#open.db),
      sql`select * from settled_deployments where ${of}`.execute(this.#open.db),
    ])
    return {
      figures: figures.rows,
      changes: changes.rows,
      commits: commits.rows,
      scans: scans.rows,
      settled: settled.rows,
    }
  }

  /** As if nothing had ever been settled. */
  async forget(): Promise<void> {
    const key = { organization_id: this.organizationId, repository_id: this.repositoryId }
    await this.#open.db.deleteFrom('settled_deployments').where('organization_id', '=', this.organizationId).execute()
    await this.#open.db.insertInto('repository_to_compute').values(key).execute()
  }

  #shaBack(back: number): string {
    return shaOf(Math.max(1, this.#commits - back))
  }

  /** A commit on one so far back, and on the newest where that is another: a merge. */
  async #commit(back: number): Promise<void> {
    const parents = this.#commits === 0 ? [] : [...new Set([this.#shaBack(0), this.#shaBack(back)])]
    // Sometimes a line of its own, which the next merge may bring or not.
    const own = back === 2 ? parents.slice(1) : parents
    this.#commits += 1
    const at = hour(this.#hour - 1)
    const key = { organization_id: this.organizationId, repository_id: this.repositoryId }
    await this.#open.db
      .insertInto('commit')
      .values({ ...key, sha: shaOf(this.#commits), authored_at: at, committed_at: at, parents: own })
      .execute()
    await this.#open.db
      .updateTable('git_mirror')
      .set({ heads: [shaOf(this.#commits)] })
      .where('organization_id', '=', this.organizationId)
      .execute()
  }

  async #merge({ sha, at, isRepair }: { sha: string; at: number; isRepair: boolean }): Promise<void> {
    const id = newId()
    this.#numbers += 1
    this.#merged.push(id)
    await insertPullRequests(this.#open.db, this.organizationId, [
      {
        id,
        repositoryId: this.repositoryId,
        number: this.#numbers,
        authorId: this.#person,
        openedAt: hour(at - 3),
        firstCommitAt: hour(at - 4),
        state: 'merged',
        events: [{ kind: 'merged', at: hour(at) }],
      },
    ])
    await this.#open.db
      .updateTable('pull_request')
      .set({ merge_sha: sha, source_branch: isRepair ? 'hotfix/till' : 'work/till' })
      .where('organization_id', '=', this.organizationId)
      .where('id', '=', id)
      .execute()
  }

  async #deploy(one: Happening & { kind: 'deployment' }): Promise<void> {
    const id = newId()
    this.#deployments.push(id)
    const sha = one.isUnknown ? 'f'.repeat(40) : this.#shaBack(one.back)
    await this.#open.db
      .insertInto('deployment')
      .values({
        organization_id: this.organizationId,
        id,
        repository_id: this.repositoryId,
        environment_id: this.#environment,
        source: 'bitbucket',
        remote_key: id,
        pipeline_uuid: one.pipeline === null ? null : `{${one.pipeline}}`,
        commit: one.isShort ? sha.slice(0, 12) : sha,
        commit_sha: one.isShort ? null : sha,
        state: one.state,
        completed_at: hour(this.#hour - one.late),
      })
      .execute()
  }

  async #fail({ hours, isNamed }: Happening & { kind: 'incident' }): Promise<void> {
    const deployment = isNamed ? this.#deployments.at(-1) : undefined
    const id = newId()
    await this.#open.db
      .insertInto('incident')
      .values({
        organization_id: this.organizationId,
        id,
        repository_id: this.repositoryId,
        deployment_id: deployment ?? null,
        source: 'push',
        key: id,
        title: 'The till is closed',
        began_at: hour(this.#hour - hours),
        resolved_at: hour(this.#hour),
      })
      .execute()
  }

  async #mark(back: number): Promise<void> {
    const deployment_id = this.#deployments.at(-1 - back)
    if (deployment_id === undefined) return
    await this.#open.db
      .insertInto('deployment_mark')
      .values({
        organization_id: this.organizationId,
        deployment_id,
        is_failed: back !== 0,
        is_rework: back === 0,
        reason: 'Seen by hand',
        member_name: 'Cleo Marsh',
        at: hour(this.#hour),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  async #scan({ back, isShort }: Happening & { kind: 'scan' }): Promise<void> {
    const sha = this.#shaBack(back)
    this.#numbers += 1
    await insertVulnerability(this.#open.db, {
      organizationId: this.organizationId,
      repositoryId: this.repositoryId,
      number: this.#numbers,
      openedAt: hour(this.#hour),
      scanned: isShort ? sha.slice(0, 12) : sha,
    })
  }
}
