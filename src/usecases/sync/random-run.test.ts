import { afterEach, expect, test } from 'vitest'
import type { RequestAction } from '../../../simulators/bitbucket/faults.ts'
import { hideRepository } from '../../../test/hide-repository.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'
import { deleteMessage, updateMessage } from './change-message.ts'
import { processDelivery } from './process-delivery.ts'
import { pushDefect } from './push-defect.ts'
import { sendVulnerability } from './send-vulnerability.ts'

let world: SyncWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const steps = 60
const problems = 3

/** A small deterministic source of chance (mulberry32): the seed repeats the run. */
function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What people meant: every text that is to be found on both sides when all is quiet. */
type Said = { text: string; by: 'champion' | 'developer'; messageId?: string; commentId?: number; deleted: boolean }
type Problem = {
  vulnerabilityId: string
  defectId: string
  said: Said[]
  item: Awaited<ReturnType<SyncWorld['itemOf']>>
}

async function run(mode: '2026' | 'legacy', seed: number) {
  const here = await createSyncWorld({ mode, seed: 1 })
  world = here
  const chance = createChance(seed)
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(chance() * values.length)]
  const { organizationId, importId } = here.ids
  const all: Problem[] = []
  for (let index = 0; index < problems; index++) {
    const sent = await here.sendProblem({ title: `Problem ${index}` })
    all.push({ ...sent, item: sent, said: [] })
  }
  let counter = 0
  const next = () => `Text ${seed}-${(counter += 1)}`
  const scan = { kind: 'scan' as const, importId, name: 'import of report.sarif' }
  const move = (problem: Problem, to: 'fixed' | 'identified') =>
    here.db.transaction().execute((tx) => {
      const moves = [{ vulnerabilityId: problem.vulnerabilityId, to }]
      return applyMoves(here.deps, tx, { organizationId, moves, actor: scan, moveActor: 'scan' })
    })
  /** The developer's own hands are not what is tested: no fault is planned for them. */
  const calmly = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const planned = here.simulator.switches.requestFaults.splice(0)
    try {
      return await work()
    } finally {
      here.simulator.switches.requestFaults.push(...planned)
    }
  }
  const fault = (action: RequestAction) => here.simulator.planFault({ path: '*/repositories/*', action })
  const work = async () => {
    await here.simulator.flush()
    const waiting = await here.db.selectFrom('delivery').select('id').where('state', '=', 'received').execute()
    for (const { id } of waiting)
      if (chance() < 0.8) await processDelivery(here.deps, { organizationId, deliveryId: id })
    for (const { defectId } of all) if (chance() < 0.7) await pushDefect(here.deps, { organizationId, defectId })
  }
  const dieOnce = async (problem: Problem) => {
    let left = Math.floor(chance() * 3)
    const transaction = () => {
      if (left-- <= 0) throw new Error('the worker dies here')
      return here.db.transaction()
    }
    const db = new Proxy(here.db, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    })
    await pushDefect({ ...here.deps, db }, { organizationId, defectId: problem.defectId }).catch(() => undefined)
  }
  /** Our account loses its access, people go on, and it gets it again. */
  const whileHidden = async (problem: Problem) => {
    const show = hideRepository(here.simulator, here.bot.user.uuid)
    for (let step = 0; step < 3; step++) await pick(actions)?.(problem)
    await work()
    await here.reconcile(true).catch(() => undefined)
    show()
  }
  const actions: ((problem: Problem) => Promise<unknown>)[] = [
    async (problem) => {
      const text = next()
      const { id } = await here.say(problem.vulnerabilityId, text)
      problem.said.push({ text, by: 'champion', messageId: id, deleted: false })
    },
    async (problem) => {
      const text = next()
      const commentId = await calmly(() => problem.item.answer(text))
      problem.said.push({ text, by: 'developer', commentId, deleted: false })
    },
    async (problem) => {
      const said = pick(problem.said.filter((one) => !one.deleted))
      if (said === undefined) return
      const text = next()
      if (said.by === 'developer') {
        const path = `${problem.item.path}/comments/${said.commentId}`
        await calmly(() => here.dana.call('PUT', path, { content: { raw: text } }))
      } else {
        const now = (await here.thread(problem.vulnerabilityId)).find((one) => one.id === said.messageId)
        const key = { organizationId, messageId: said.messageId ?? '', actor: here.champion }
        await updateMessage(here.deps, { ...key, body: text, version: now?.version ?? 0 })
      }
      said.text = text
    },
    async (problem) => {
      const said = pick(problem.said.filter((one) => !one.deleted))
      if (said === undefined) return
      said.deleted = true
      if (said.by === 'developer')
        await calmly(() => here.dana.call('DELETE', `${problem.item.path}/comments/${said.commentId}`))
      else await deleteMessage(here.deps, { organizationId, messageId: said.messageId ?? '', actor: here.champion })
    },
    async (problem) =>
      calmly(() =>
        mode === 'legacy'
          ? here.dana.call('PUT', problem.item.path, { state: pick(['resolved', 'open', 'wontfix']) })
          : here.dana
              .call('POST', `${problem.item.path}/comments/${problem.item.rootId}/resolve`)
              // Resolved already.
              .catch(() => undefined),
      ),
    async (problem) => move(problem, chance() < 0.5 ? 'fixed' : 'identified'),
    async ({ vulnerabilityId }) =>
      // What is not open is refused: that is its answer.
      sendVulnerability(here.deps, { organizationId, vulnerabilityId, actor: here.champion }).catch(() => undefined),
    async () => fault({ kind: 'cut', when: 'after' }),
    async () => fault({ kind: 'cut', when: 'before' }),
    async () => fault({ kind: 'answer', when: chance() < 0.5 ? 'before' : 'after', status: 502 }),
    async () => here.simulator.planWebhookFault({ action: { kind: 'drop' } }),
    async () => here.simulator.planWebhookFault({ action: { kind: 'duplicate' } }),
    async () => here.simulator.planWebhookFault({ times: 3, action: { kind: 'hold' } }),
    whileHidden,
    dieOnce,
    work,
    work,
    work,
    async () => here.later(20_000),
    async () => here.reconcile(chance() < 0.3).catch(() => undefined),
  ]
  for (let step = 0; step < steps; step++) {
    const problem = pick(all)
    if (problem !== undefined) await pick(actions)?.(problem)
  }
  await comeToRest(here, all)
  return Promise.all(all.map((problem) => compare(here, problem, mode)))
}

/** Faults end, time passes, and both sides are compared until nothing is left to do. */
async function comeToRest(here: SyncWorld, all: readonly Problem[]): Promise<void> {
  here.simulator.clearFaults()
  const { organizationId } = here.ids
  for (let round = 0; round < 4; round++) {
    here.later(3_700_000)
    await here.settle()
    const waiting = await here.db.selectFrom('delivery').select('id').where('state', '=', 'received').execute()
    for (const { id } of waiting) await processDelivery(here.deps, { organizationId, deliveryId: id })
    for (const { defectId } of all) await pushDefect(here.deps, { organizationId, defectId })
    await here.settle()
    await here.reconcile(true)
  }
  await here.settle()
}

/** What is there of one problem on both sides, and what people's doings should have left. */
async function compare(here: SyncWorld, problem: Problem, mode: '2026' | 'legacy') {
  const texts = problem.said.filter((one) => !one.deleted).map((one) => one.text)
  const thread = await here.thread(problem.vulnerabilityId)
  const mine = thread.filter((one) => one.author.kind !== 'system' && one.deleted_at === null).map((one) => one.body)
  const remote = (await problem.item.remoteTexts()).map((text) => text.split('\n', 1)[0] ?? '')
  const system = thread.filter((one) => one.author.kind === 'system').map((one) => one.body)
  const live = await here.db
    .selectFrom('defect')
    .selectAll()
    .where('vulnerability_id', '=', problem.vulnerabilityId)
    .where('ended_at', 'is', null)
    .execute()
  const repository = here.simulator.sim.repositories.find((one) => one.slug === 'storefront-api')
  const bodies =
    mode === 'legacy'
      ? repository?.issues.map((issue) => issue.raw)
      : repository?.pullRequests.flatMap((one) => one.comments.map((comment) => comment.raw ?? ''))
  const status = await here.statusOf(problem.vulnerabilityId)
  const agreed = live[0]?.agreed as { state?: string } | undefined
  const wantedState = status === 'fixed' ? 'closed' : status === 'identified' ? 'open' : agreed?.state
  const open = (await here.operations(problem.vulnerabilityId)).filter(
    (one) => !['done', 'cancelled'].includes(one.state),
  )
  return {
    found: {
      mine: mine.toSorted(),
      remote: remote.toSorted(),
      defects: live.map((one) => [one.id, one.link]),
      items: bodies?.filter((body) => body.includes(`-${problem.defectId}`)).length,
      status: [status, agreed?.state],
      open: open.map((one) => [one.kind, one.state, one.error]),
    },
    wanted: {
      mine: texts.toSorted(),
      remote: [...texts, ...system].toSorted(),
      defects: [[problem.defectId, 'ok']],
      items: 1,
      status: [status, wantedState],
      open: [],
    },
  }
}

const seeds = [1, 2, 4, 6]
const runs = (['legacy', '2026'] as const).flatMap((mode) => seeds.map((seed) => ({ mode, seed })))

test.each(runs)(
  'both sides agree after a random run in $mode mode (seed $seed)',
  async ({ mode, seed }) => {
    for (const { found, wanted } of await run(mode, seed)) expect(found).toEqual(wanted)
  },
  60_000,
)
