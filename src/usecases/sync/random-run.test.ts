import { afterEach, expect, test } from 'vitest'
import type { RequestAction } from '../../../simulators/bitbucket/faults.ts'
import { type Chance, createChance } from '../../../test/chaos/chance.ts'
import { doSomething, usualWeights, type World } from '../../../test/chaos/doings.ts'
import {
  type Answered,
  type Conversation,
  judgeConversation,
  newConversation,
  type Said,
} from '../../../test/chaos/oracle.ts'
import { hideRepository } from '../../../test/hide-repository.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { wantedState } from '../../trackers/wanted-state.ts'
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

type Mode = '2026' | 'legacy'
type Problem = Conversation & {
  vulnerabilityId: string
  defectId: string
  item: Awaited<ReturnType<SyncWorld['itemOf']>>
}

const done = <Value>(value: Value): Answered<Value> => ({ kind: 'done', value })

/** What people do, by the use cases themselves and by calls of the developer. */
function createPeople(here: SyncWorld, mode: Mode): World<Problem> {
  const { organizationId, importId } = here.ids
  /** The developer's own hands are not what is tested: no fault is planned for them. */
  const calmly = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const planned = here.simulator.switches.requestFaults.splice(0)
    try {
      return await work()
    } finally {
      here.simulator.switches.requestFaults.push(...planned)
    }
  }
  const keyOf = (said: Said) => ({ organizationId, messageId: said.id, actor: here.champion })
  const scan = { kind: 'scan' as const, importId, name: 'import of report.sarif' }
  return {
    say: async (problem, { text, parent, isInternal }) => {
      const thread = parent === undefined ? [] : await here.thread(problem.vulnerabilityId)
      const heard = thread.find((one) => parent?.texts.includes(one.body))
      return done(await here.say(problem.vulnerabilityId, text, { parentId: heard?.id, internal: isInternal }))
    },
    sayAgain: async (_problem, said, text) =>
      done(await updateMessage(here.deps, { ...keyOf(said), body: text, version: said.version })),
    takeBack: async (_problem, said) => done(await deleteMessage(here.deps, keyOf(said))),
    answer: async (problem, text) => done({ id: String(await calmly(() => problem.item.answer(text))), version: 0 }),
    answerAgain: async (problem, said, text) => {
      const path = `${problem.item.path}/comments/${said.id}`
      await calmly(() => here.dana.call('PUT', path, { content: { raw: text } }))
      return done({ version: 0 })
    },
    takeAnswerBack: async (problem, said) =>
      done(await calmly(() => here.dana.call('DELETE', `${problem.item.path}/comments/${said.id}`))),
    closeOrOpen: (problem, chance) =>
      calmly(() =>
        mode === 'legacy'
          ? here.dana.call('PUT', problem.item.path, { state: chance.pick(['resolved', 'open', 'wontfix']) })
          : here.dana
              .call('POST', `${problem.item.path}/comments/${problem.item.rootId}/resolve`)
              // Resolved already.
              .catch(() => undefined),
      ),
    scan: ({ vulnerabilityId }, chance) =>
      here.db.transaction().execute((tx) => {
        const moves = [{ vulnerabilityId, to: chance.next() < 0.5 ? ('fixed' as const) : ('identified' as const) }]
        return applyMoves(here.deps, tx, { organizationId, moves, actor: scan, moveActor: 'scan' })
      }),
    decide: ({ vulnerabilityId }, chance) =>
      here.db.transaction().execute((tx) => {
        const to = chance.pick(['in_progress', 'false_positive', 'identified'] as const) ?? 'identified'
        const moves = [{ vulnerabilityId, to, reason: 'It was looked at.' }]
        return applyMoves(here.deps, tx, { organizationId, moves, actor: here.champion, moveActor: 'champion' })
      }),
    send: ({ vulnerabilityId }) =>
      // What is not open is refused: that is its answer.
      sendVulnerability(here.deps, { organizationId, vulnerabilityId, actor: here.champion }).catch(() => undefined),
  }
}

async function run(mode: Mode, seed: number) {
  const here = await createSyncWorld({ mode, seed: 1 })
  world = here
  const chance = createChance(seed)
  const all: Problem[] = []
  for (let index = 0; index < problems; index++) {
    const sent = await here.sendProblem({ title: `Problem ${index}` })
    all.push({ ...newConversation(), ...sent, item: sent })
  }
  let mark = 0
  const people = createPeople(here, mode)
  const doing = (problem: Problem) =>
    doSomething(people, { place: problem, conversation: problem, chance, nextMark: () => (mark += 1) }, usualWeights)
  const troubles = createTroubles(here, { chance, all, doing })
  for (let step = 0; step < steps; step++) {
    const problem = chance.pick(all)
    if (problem === undefined) continue
    if (chance.next() < 0.4) await doing(problem)
    else await chance.pick(troubles)?.(problem)
  }
  await comeToRest(here, all)
  return Promise.all(all.map((problem) => compare(here, problem, mode)))
}

type Troubles = { chance: Chance; all: readonly Problem[]; doing: (problem: Problem) => Promise<unknown> }

/** What goes wrong on the way, and the work that goes on all the same. */
function createTroubles(here: SyncWorld, { chance, all, doing }: Troubles): ((problem: Problem) => Promise<unknown>)[] {
  const { organizationId } = here.ids
  const fault = (action: RequestAction) => here.simulator.planFault({ path: '*/repositories/*', action })
  const work = async () => {
    await here.simulator.flush()
    const waiting = await here.db.selectFrom('delivery').select('id').where('state', '=', 'received').execute()
    for (const { id } of waiting)
      if (chance.next() < 0.8) await processDelivery(here.deps, { organizationId, deliveryId: id })
    for (const { defectId } of all) if (chance.next() < 0.7) await pushDefect(here.deps, { organizationId, defectId })
  }
  const dieOnce = async (problem: Problem) => {
    let left = chance.below(3)
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
    for (let step = 0; step < 3; step++) await doing(problem)
    await work()
    await here.reconcile(true).catch(() => undefined)
    show()
  }
  return [
    async () => fault({ kind: 'cut', when: 'after' }),
    async () => fault({ kind: 'cut', when: 'before' }),
    async () => fault({ kind: 'answer', when: chance.next() < 0.5 ? 'before' : 'after', status: 502 }),
    async () => here.simulator.planWebhookFault({ action: { kind: 'drop' } }),
    async () => here.simulator.planWebhookFault({ action: { kind: 'duplicate' } }),
    async () => here.simulator.planWebhookFault({ times: 3, action: { kind: 'hold' } }),
    whileHidden,
    dieOnce,
    work,
    work,
    work,
    async () => here.later(20_000),
    async () => here.reconcile(chance.next() < 0.3).catch(() => undefined),
  ]
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
async function compare(here: SyncWorld, problem: Problem, mode: Mode) {
  const thread = await here.thread(problem.vulnerabilityId)
  const texts = thread.filter((one) => one.deleted_at === null).map((one) => one.body)
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
  const wanted = status === undefined ? null : wantedState(status)
  const open = (await here.operations(problem.vulnerabilityId)).filter(
    (one) => !['done', 'cancelled'].includes(one.state),
  )
  return {
    found: {
      differences: judgeConversation(problem, { here: texts, there: await problem.item.remoteTexts() }),
      defects: live.map((one) => [one.id, one.link]),
      items: bodies?.filter((body) => body.includes(`-${problem.defectId}`)).length,
      status: [status, agreed?.state],
      open: open.map((one) => [one.kind, one.state, one.error]),
    },
    wanted: {
      differences: [],
      defects: [[problem.defectId, 'ok']],
      items: 1,
      status: [status, wanted ?? agreed?.state],
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
