import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { moveVulnerability } from '../../contract/security/vulnerabilities.ts'
import { sendVulnerability } from '../../contract/sync/defects.ts'
import { createMessage, deleteMessage, updateMessage } from '../../contract/sync/messages.ts'
import type { AssetUnderScan } from './asset-under-scan.ts'
import type { Chance } from './chance.ts'
import type { World } from './doings.ts'
import type { Answered, Conversation } from './oracle.ts'
import type { ItemPlace, RemoteSide } from './remote-side.ts'
import type { WeirCluster } from './weir-cluster.ts'

/** One vulnerability, with everything the oracle knows of it. */
export type Problem = Conversation & {
  title: string
  vulnerabilityId: string
  asset: AssetUnderScan
  side: RemoteSide
  chance: Chance
  /** Known from when Weir has made it. */
  item: ItemPlace | undefined
  /** What security decided last and was acknowledged; nothing that happens at the remote or in a scan may undo it. */
  decision: 'risk_accepted' | 'false_positive' | undefined
  isBusy: boolean
  /** Remote ids of items that somebody deleted. */
  gone: Set<string>
}

/** `unknown` where no answer came, or one that says nothing of what was done. */
export async function ask<Value>(work: () => Promise<Value>): Promise<Answered<Value>> {
  try {
    return { kind: 'done', value: await work() }
  } catch (error) {
    const isRefused = error instanceof Error && / answered 4\d\d:/.test(error.message)
    return { kind: isRefused ? 'refused' : 'unknown' }
  }
}

const decisions = [
  'in_progress',
  'identified',
  'risk_accepted',
  'false_positive',
  'fixed',
  'awaiting_validation',
] as const
const refused = { kind: 'refused' } as const
const staging = z.object({ id: z.string() })

/** What people do, over Weir's API and the remote's. */
export function createChaosWorld({
  admin,
  db,
}: WeirCluster): World<Problem> & { hasItem: (problem: Problem) => Promise<boolean> } {
  const findItem = async (problem: Problem): Promise<ItemPlace | undefined> => {
    if (problem.item !== undefined) return problem.item
    const row = await insist(() =>
      db
        .selectFrom('defect')
        .select(['container_id', 'remote_id', 'remote'])
        .where('vulnerability_id', '=', problem.vulnerabilityId)
        .where('ended_at', 'is', null)
        .executeTakeFirst(),
    )
    if (row === undefined || row.remote_id === null || problem.gone.has(row.remote_id)) return undefined
    problem.item = { container: row.container_id, remoteId: row.remote_id, remote: row.remote }
    return problem.item
  }
  /** What a developer does waits for the item. */
  const atItem = async <Value>(
    problem: Problem,
    work: (item: ItemPlace) => Promise<Answered<Value>>,
  ): Promise<Answered<Value>> => {
    const item = await findItem(problem)
    return item === undefined ? refused : work(item)
  }
  const findMessage = async (problem: Problem, texts: readonly string[]): Promise<string | undefined> =>
    (
      await insist(() =>
        db
          .selectFrom('message')
          .select('id')
          .where('vulnerability_id', '=', problem.vulnerabilityId)
          .where('body', 'in', texts)
          .where('deleted_at', 'is', null)
          .executeTakeFirst(),
      )
    )?.id
  return {
    hasItem: async (problem) => (await findItem(problem)) !== undefined,
    say: async (problem, { text, parent, isInternal }) => {
      const parentId = parent === undefined ? undefined : await findMessage(problem, parent.texts)
      return ask(() =>
        admin.call(createMessage, {
          params: { id: problem.vulnerabilityId },
          body: { body: text, internal: isInternal, ...(parentId !== undefined && { parent_id: parentId }) },
        }),
      )
    },
    sayAgain: (_problem, { id, version }, text) =>
      ask(() => admin.call(updateMessage, { params: { id }, body: { body: text, version } })),
    takeBack: (_problem, { id }) => ask(() => admin.call(deleteMessage, { params: { id } })),
    answer: (problem, text) => atItem(problem, (item) => problem.side.answer(item, text)),
    answerAgain: (problem, said, text) => atItem(problem, (item) => problem.side.answerAgain(item, said.id, text)),
    takeAnswerBack: (problem, said) => atItem(problem, (item) => problem.side.takeBack(item, said.id)),
    closeOrOpen: async (problem, chance) => {
      const state = chance.next() < 0.6 ? ('closed' as const) : ('open' as const)
      const item = await findItem(problem)
      return item === undefined ? undefined : problem.side.setState(item, state)
    },
    // What is fixed or set aside before it was sent is not sent any more, rightly.
    scan: async (problem, chance) => {
      const isFound = chance.next() < 0.6
      await problem.asset.scan({ title: problem.title, isFound: isFound || (await findItem(problem)) === undefined })
    },
    decide: async (problem, chance) => {
      const drawn = chance.pick(decisions) ?? 'identified'
      const to = (await findItem(problem)) === undefined ? 'in_progress' : drawn
      const answer = await ask(() =>
        admin.call(moveVulnerability, {
          params: { id: problem.vulnerabilityId },
          body: { to, reason: 'It was looked at.', ...(to === 'risk_accepted' && { accepted_until: inAYear() }) },
        }),
      )
      if (answer.kind === 'done') problem.decision = to === 'risk_accepted' || to === 'false_positive' ? to : undefined
      if (answer.kind === 'unknown') problem.decision = undefined
    },
    send: ({ vulnerabilityId }) =>
      ask(() => admin.call(sendVulnerability, { params: { id: vulnerabilityId }, body: {} })),
    attach: async ({ vulnerabilityId: id }, { text, name }) => {
      const staged = await ask(async () =>
        staging.parse(await admin.upload(`/api/v1/vulnerabilities/${id}/attachments`, { name }, name)),
      )
      // Unsent, it is nobody's.
      if (staged.kind !== 'done') return refused
      const body = { body: text, attachment_ids: [staged.value.id] }
      return ask(() => admin.call(createMessage, { params: { id }, body }))
    },
    attachThere: (problem, name) => atItem(problem, (item) => problem.side.attach(item, name)),
    deleteItem: async (problem) => {
      const item = await findItem(problem)
      const answered = await atItem(problem, (at) => problem.side.deleteItem(at))
      if (answered.kind !== 'done' || item === undefined) return refused
      problem.gone.add(item.remoteId)
      problem.item = undefined
      return answered
    },
  }
}

function inAYear(): string {
  return new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10)
}

/** Asks until there is an answer: for what the run cannot begin without. */
export async function insist<Value>(work: () => Promise<Value>): Promise<Value> {
  const endMs = performance.now() + 30_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() > endMs) throw error
      await sleep(100)
    }
  }
}
