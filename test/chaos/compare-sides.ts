import { wantedState } from '../../src/trackers/wanted-state.ts'
import type { Problem } from './chaos-world.ts'
import { judgeFiles } from './judge-files.ts'
import { type Difference, judgeConversation } from './oracle.ts'
import type { RemoteSide, SeenItem } from './remote-side.ts'
import type { WeirCluster } from './weir-cluster.ts'

export type Comparison = {
  differences: Difference[]
  /** Work that Weir still has before it. */
  waiting: number
}

type Db = WeirCluster['db']

/** Compares Weir, the remotes and what people meant. */
export async function compareSides(
  { db }: WeirCluster,
  { problems, sides }: { problems: readonly Problem[]; sides: readonly RemoteSide[] },
): Promise<Comparison> {
  const seen = await readWeir(db)
  const items = Map.groupBy(
    sides.flatMap((side) => side.listItems()),
    (item) => item.defectId,
  )
  const known = new Set([...seen.defects.values()].flat().map(({ id }) => id))
  const orphans = [...items.keys()]
    .filter((id) => !known.has(id))
    .map((id): Difference => ({ kind: 'duplicate', what: `an item of defect ${id} that Weir does not know of` }))
  return {
    differences: [
      ...problems.flatMap((problem) => judgeProblem(problem, seen, items)),
      ...orphans,
      ...seen.failed.map((what): Difference => ({ kind: 'diverged', what })),
      ...(await findLostDeliveries(db, sides)),
    ],
    waiting: seen.waiting,
  }
}

type Seen = Awaited<ReturnType<typeof readWeir>>

async function readWeir(db: Db) {
  const defects = await db
    .selectFrom('defect')
    .select(['id', 'vulnerability_id', 'link', 'link_reason'])
    .where('ended_at', 'is', null)
    .execute()
  const messages = await db
    .selectFrom('message')
    .select(['vulnerability_id', 'body'])
    .where('deleted_at', 'is', null)
    .execute()
  const files = await db
    .selectFrom('attachment')
    .select(['vulnerability_id', 'name'])
    .where('message_id', 'is not', null)
    .where('removed_at', 'is', null)
    .execute()
  const vulnerabilities = await db.selectFrom('vulnerability').select(['id', 'status']).execute()
  const open = await db
    .selectFrom('operation')
    .select(['kind', 'state', 'error', 'vulnerability_id'])
    .where('state', 'in', ['queued', 'waiting', 'failed'])
    .execute()
  const { count } = await db
    .selectFrom('delivery')
    .select((set) => set.fn.countAll<number>().as('count'))
    .where('state', '=', 'received')
    .executeTakeFirstOrThrow()
  return {
    defects: Map.groupBy(defects, (one) => one.vulnerability_id),
    messages: Map.groupBy(messages, (one) => one.vulnerability_id),
    files: Map.groupBy(files, (one) => one.vulnerability_id),
    statuses: new Map(vulnerabilities.map(({ id, status }) => [id, status])),
    failed: open
      .filter(({ state }) => state === 'failed')
      .map((one) => `${one.kind} failed for good on ${one.vulnerability_id}: ${one.error}`),
    waiting: open.filter(({ state }) => state !== 'failed').length + count,
  }
}

function judgeProblem(problem: Problem, seen: Seen, items: ReadonlyMap<string, SeenItem[]>): Difference[] {
  const id = problem.vulnerabilityId
  const name = `${problem.title} (${id})`
  const [defect, ...others] = seen.defects.get(id) ?? []
  if (defect === undefined) return [{ kind: 'lost', what: `${name} was sent and has no item` }]
  if (others.length > 0) return [{ kind: 'duplicate', what: `${name} has ${others.length + 1} live defects` }]
  if (defect.link === 'missing' && problem.hasLostItem && !items.has(defect.id)) return judgeWithout(problem, seen)
  if (defect.link !== 'ok')
    return [{ kind: 'diverged', what: `the item of ${name} is ${defect.link}: ${defect.link_reason}` }]
  const [item, ...more] = items.get(defect.id) ?? []
  if (item === undefined) return [{ kind: 'lost', what: `${name} has no item at its tracker` }]
  if (more.length > 0) return [{ kind: 'duplicate', what: `${name} has ${more.length + 1} items at its tracker` }]
  const said = judgeConversation(problem, { here: wordsOf(problem, seen), there: item.texts })
  const files = judgeFiles(problem.files, { here: filesOf(problem, seen), there: item.files })
  return named(problem, [...said, ...files, ...judgeStatus(problem, seen.statuses.get(id), item)])
}

/** Of one whose item somebody deleted, and nobody sent again, Weir keeps all that was said. */
function judgeWithout(problem: Problem, seen: Seen): Difference[] {
  const said = judgeConversation(problem, { here: wordsOf(problem, seen), there: [] })
  return named(problem, [...said, ...judgeFiles(problem.files, { here: filesOf(problem, seen), there: null })])
}

function wordsOf({ vulnerabilityId }: Problem, seen: Seen): string[] {
  return (seen.messages.get(vulnerabilityId) ?? []).map(({ body }) => body)
}

function filesOf({ vulnerabilityId }: Problem, seen: Seen): string[] {
  return (seen.files.get(vulnerabilityId) ?? []).map(({ name }) => name)
}

function named({ title, vulnerabilityId }: Problem, differences: readonly Difference[]): Difference[] {
  return differences.map(({ kind, what }) => ({ kind, what: `${title} (${vulnerabilityId}): ${what}` }))
}

function judgeStatus(problem: Problem, status: Parameters<typeof wantedState>[0] | undefined, item: SeenItem) {
  const found: Difference[] = []
  const wanted = status === undefined ? null : wantedState(status)
  if (wanted !== null && item.state !== null && item.state !== wanted)
    found.push({ kind: 'diverged', what: `it is ${status} in Weir and ${item.state} at its tracker (${item.signs})` })
  if (problem.decision !== undefined && status !== problem.decision)
    found.push({ kind: 'lost', what: `security decided ${problem.decision}, and it is ${status}` })
  return found
}

/** A webhook that was answered with 2xx is stored, whatever came after. */
async function findLostDeliveries(db: Db, sides: readonly RemoteSide[]): Promise<Difference[]> {
  const rows = await db.selectFrom('delivery').select(['remote_delivery_id']).execute()
  const stored = new Set(rows.map((row) => row.remote_delivery_id))
  return sides.flatMap(({ acknowledged }) =>
    [...acknowledged]
      .filter((id) => !stored.has(id))
      .map((id): Difference => ({ kind: 'lost', what: `the webhook ${id}, which was answered with 2xx` })),
  )
}
