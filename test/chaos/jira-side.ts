import { documentToText } from '../../simulators/jira/adf/document-to-text.ts'
import type { RequestAction } from '../../simulators/jira/faults.ts'
import { type Simulator, startSimulator } from '../../simulators/jira/simulator.ts'
import { askAs, basic, userOf } from '../../simulators/jira/try-api.ts'
import type { Answered } from './oracle.ts'
import {
  connectionFaults,
  requestFaultShare,
  slownessFaults,
  webhookFaultShare,
  webhookFaults,
  withoutLimit,
} from './planned-faults.ts'
import { createFaultCounter, type ItemPlace, type RemoteSide } from './remote-side.ts'

export type JiraSide = RemoteSide & { simulator: Simulator }

const requestFaults: RequestAction[] = [
  ...connectionFaults,
  { kind: 'answer', status: 503 },
  { kind: 'answer', status: 502, when: 'after' },
  { kind: 'answer', status: 500, when: 'after' },
  ...slownessFaults,
]

const rateLimits = {
  burst: withoutLimit,
  issueWrites2s: withoutLimit,
  issueWrites30s: withoutLimit,
  points: withoutLimit,
}

export async function startJiraSide(seed: number): Promise<JiraSide> {
  const simulator = await startSimulator({ seed, switches: { rateLimits } })
  const { sim } = simulator
  const dana = askAs(simulator, 'tomas')
  const mara = askAs(simulator, 'mara')
  /** By version 2, where Weir speaks 3: faults planned for Weir leave the developer alone. */
  const call = async (
    item: ItemPlace,
    ask: { method: string; path: string; body?: unknown },
  ): Promise<Answered<unknown>> => {
    const reply = await dana(ask.method, `/rest/api/2/issue/${item.remoteId}${ask.path}`, ask.body)
    return reply.status < 300 ? { kind: 'done', value: reply.at('id') } : { kind: 'refused' }
  }
  const { faults, count } = createFaultCounter()
  const acknowledged = new Set<string>()
  return {
    simulator,
    answer: async (item, text) => {
      const answered = await call(item, { method: 'POST', path: '/comment', body: { body: text } })
      return answered.kind === 'done' ? { kind: 'done', value: { id: String(answered.value), version: 0 } } : answered
    },
    answerAgain: async (item, commentId, text) => {
      const answered = await call(item, { method: 'PUT', path: `/comment/${commentId}`, body: { body: text } })
      return answered.kind === 'done' ? { kind: 'done', value: { version: 0 } } : answered
    },
    takeBack: (item, commentId) => call(item, { method: 'DELETE', path: `/comment/${commentId}` }),
    setState: async (item, state) => {
      const listed = await dana('GET', `/rest/api/2/issue/${item.remoteId}/transitions`)
      const transitions = (listed.at('transitions') ?? []) as { id: string; to: { statusCategory: { key: string } } }[]
      const wanted = transitions.find(({ to }) => (to.statusCategory.key === 'done') === (state === 'closed'))
      if (wanted === undefined) return { kind: 'refused' }
      return call(item, { method: 'POST', path: '/transitions', body: { transition: { id: wanted.id } } })
    },
    attach: async (item, name) => {
      const { email, api_token } = userOf(simulator, 'tomas')
      const body = new FormData()
      body.append('file', new Blob([name]), name)
      const answer = await fetch(`${simulator.site}/rest/api/2/issue/${item.remoteId}/attachments`, {
        method: 'POST',
        headers: { authorization: basic(email, api_token), 'x-atlassian-token': 'no-check' },
        body,
      })
      await answer.text()
      return answer.ok ? { kind: 'done', value: undefined } : { kind: 'refused' }
    },
    deleteItem: async (item) => {
      const { status } = await mara('DELETE', `/rest/api/2/issue/${item.remoteId}`)
      return status < 300 ? { kind: 'done', value: undefined } : { kind: 'refused' }
    },
    listItems: () =>
      sim.issues.flatMap((issue) => {
        const marker = issue.properties.get('weir.marker')
        if (marker === undefined) return []
        return [
          {
            defectId: (marker as { id: string }).id,
            state: issue.status.category === 'done' ? ('closed' as const) : ('open' as const),
            signs: issue.status.name,
            texts: issue.comments.map(({ body }) => documentToText(body)),
            files: issue.attachments.map(({ filename }) => filename),
          },
        ]
      }),
    planFaults: (faultSeed) => {
      const plan = { kind: 'chance' as const, probability: requestFaultShare, seed: faultSeed, actions: requestFaults }
      simulator.switches.requestFaults = [{ method: '*', path: '/rest/api/3/*', plan }]
      simulator.switches.webhookFaults = [
        { event: '*', plan: { ...plan, probability: webhookFaultShare, actions: webhookFaults } },
      ]
    },
    heal: async () => {
      simulator.switches.requestFaults = []
      simulator.switches.webhookFaults = []
      await simulator.flush()
    },
    look: () => {
      for (const record of simulator.requests) if (record.fault !== null) count(record, record.fault)
      for (const delivery of simulator.deliveries) {
        if (delivery.fault !== null) count(delivery, `webhook ${delivery.fault}`)
        if (delivery.attempts.some(({ status }) => status !== null && status < 300)) acknowledged.add(delivery.id)
      }
    },
    faults,
    acknowledged,
    close: () => simulator.close(),
  }
}
