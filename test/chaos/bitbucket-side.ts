import type { RequestAction } from '../../simulators/bitbucket/faults.ts'
import type { Comment, Repository } from '../../simulators/bitbucket/model.ts'
import { type Simulator, startSimulator } from '../../simulators/bitbucket/simulator.ts'
import type { Answered } from './oracle.ts'
import {
  connectionFaults,
  requestFaultShare,
  slownessFaults,
  webhookFaultShare,
  webhookFaults,
  withoutLimit,
} from './planned-faults.ts'
import { createFaultCounter, defectIdOf, type ItemPlace, type RemoteSide, type SeenItem } from './remote-side.ts'

export type BitbucketSide = RemoteSide & {
  simulator: Simulator
  rename: (repositoryUuid: string, name: string) => Promise<void>
  /** Weir may not see the repository any more, until what this answers is called. */
  loseAccess: (repositoryUuid: string, status: 403 | 404) => () => void
}

const requestFaults: RequestAction[] = [
  ...connectionFaults,
  { kind: 'failure', status: 503 },
  { kind: 'failure', status: 502, when: 'after' },
  { kind: 'failure', status: 500, when: 'after' },
  ...slownessFaults,
]

const rateLimits = {
  anonymous: withoutLimit,
  api: withoutLimit,
  webhooks: withoutLimit,
  raw: withoutLimit,
  git: withoutLimit,
}

export async function startBitbucketSide(mode: '2026' | 'legacy', seed: number): Promise<BitbucketSide> {
  const simulator = await startSimulator({ mode, seed, repositories: 0, switches: { rateLimits } })
  const { sim } = simulator
  const dana = simulator.users.find((user) => user.username === 'tomas-okoye')
  const mara = simulator.users.find((user) => user.role === 'owner')
  const authorization = basicOf(dana)
  const findRepository = (uuid: string): Repository => {
    const found = sim.repositories.find((one) => one.uuid === uuid)
    if (found === undefined) throw new Error(`There is no repository ${uuid}.`)
    return found
  }
  /** By slug, where Weir goes by UUID: faults planned for Weir leave the developer alone. */
  const call = async (
    item: ItemPlace,
    ask: { method: string; path: string; body?: unknown; as?: string },
  ): Promise<Answered<unknown>> => {
    const { workspace, slug } = findRepository(item.container)
    const isForm = ask.body instanceof FormData
    const answer = await fetch(`${simulator.api}/repositories/${workspace.slug}/${slug}${ask.path}`, {
      method: ask.method,
      headers: { authorization: ask.as ?? authorization, ...(!isForm && { 'content-type': 'application/json' }) },
      ...(ask.body !== undefined && { body: ask.body instanceof FormData ? ask.body : JSON.stringify(ask.body) }),
    })
    const text = await answer.text()
    if (!answer.ok) return { kind: 'refused' }
    return { kind: 'done', value: text === '' ? undefined : JSON.parse(text) }
  }
  const { faults, count } = createFaultCounter()
  const acknowledged = new Set<string>()
  return {
    simulator,
    answer: async (item, text) => {
      const { path, parent } = addressOf(item)
      const body = { content: { raw: text }, ...(parent !== undefined && { parent: { id: parent } }) }
      const answered = await call(item, { method: 'POST', path: `${path}/comments`, body })
      return answered.kind === 'done'
        ? { kind: 'done', value: { id: String((answered.value as { id: number }).id), version: 0 } }
        : answered
    },
    answerAgain: async (item, commentId, text) => {
      const path = `${addressOf(item).path}/comments/${commentId}`
      const answered = await call(item, { method: 'PUT', path, body: { content: { raw: text } } })
      return answered.kind === 'done' ? { kind: 'done', value: { version: 0 } } : answered
    },
    takeBack: (item, commentId) =>
      call(item, { method: 'DELETE', path: `${addressOf(item).path}/comments/${commentId}` }),
    setState: (item, state) => call(item, stateCall(item, state)),
    attach: async (item, name) => {
      const { path, parent } = addressOf(item)
      // A thread has no files.
      if (parent !== undefined) return { kind: 'refused' }
      const body = new FormData()
      body.append('files', new Blob([name]), name)
      return call(item, { method: 'POST', path: `${path}/attachments`, body })
    },
    deleteItem: (item) => {
      const { path, parent } = addressOf(item)
      const below = parent === undefined ? path : `${path}/comments/${parent}`
      return call(item, { method: 'DELETE', path: below, as: basicOf(mara) })
    },
    loseAccess: (uuid, status) => {
      const body = JSON.stringify({ type: 'error', error: { message: 'You may not access this repository.' } })
      const headers = { 'content-type': 'application/json' }
      const plan = { kind: 'repeat' as const, action: { kind: 'answer' as const, status, headers, body } }
      const fault = { method: '*', path: `/2.0/repositories/%7B*${encodeURIComponent(uuid)}*`, plan }
      const { switches } = simulator
      switches.requestFaults = [fault, ...switches.requestFaults]
      return () => {
        switches.requestFaults = switches.requestFaults.filter((one) => one !== fault)
      }
    },
    rename: async (uuid, name) => {
      const { workspace, slug } = findRepository(uuid)
      await fetch(`${simulator.api}/repositories/${workspace.slug}/${slug}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${mara?.api_token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      })
    },
    listItems: () => sim.repositories.flatMap(listItemsOf),
    planFaults: (faultSeed) => {
      const plan = { kind: 'chance' as const, probability: requestFaultShare, seed: faultSeed, actions: requestFaults }
      simulator.switches.requestFaults = [{ method: '*', path: '/2.0/repositories/%7B*', plan }]
      simulator.switches.webhookFaults = [
        { event: '*', plan: { ...plan, probability: webhookFaultShare, actions: webhookFaults } },
      ]
    },
    heal: async () => {
      simulator.clearFaults()
      await simulator.flush()
    },
    look: () => {
      for (const record of simulator.requests) if (record.fault !== null) count(record, record.fault)
      for (const delivery of simulator.deliveries) {
        if (delivery.fault !== null) count(delivery, `webhook ${delivery.fault}`)
        if (delivery.attempts.some(({ status }) => status !== null && status < 300)) acknowledged.add(delivery.uuid)
      }
    },
    faults,
    acknowledged,
    close: () => simulator.close(),
  }
}

function basicOf(user: { email: string; api_token: string } | undefined): string {
  return `Basic ${Buffer.from(`${user?.email}:${user?.api_token}`).toString('base64')}`
}

/** Below its repository, and the comment that its answers are under. */
function addressOf({ remoteId, remote }: ItemPlace): { path: string; parent: number | undefined } {
  const [kind, first = '', second = ''] = remoteId.split(':')
  if (kind === 'pull_request') return { path: `/pullrequests/${first}`, parent: Number(second) }
  if (kind === 'commit') return { path: `/commit/${(remote as { commit: string }).commit}`, parent: Number(first) }
  return { path: `/issues/${kind}`, parent: undefined }
}

function stateCall(item: ItemPlace, state: 'open' | 'closed'): { method: string; path: string; body?: unknown } {
  const { path, parent } = addressOf(item)
  if (parent === undefined) return { method: 'PUT', path, body: { state: state === 'closed' ? 'resolved' : 'open' } }
  return { method: state === 'closed' ? 'POST' : 'DELETE', path: `${path}/comments/${parent}/resolve` }
}

function isSaid(comment: Comment): boolean {
  return !comment.deleted && (comment.raw ?? '') !== ''
}

function listItemsOf(repository: Repository): SeenItem[] {
  const issues = repository.issues.flatMap((issue): SeenItem[] => {
    const defectId = defectIdOf(issue.raw)
    if (defectId === undefined) return []
    const state = ['resolved', 'closed', 'invalid', 'duplicate', 'wontfix'].includes(issue.state) ? 'closed' : 'open'
    const texts = issue.comments.filter(isSaid).map((one) => one.raw ?? '')
    return [{ defectId, state, signs: issue.state, texts, files: issue.attachments.map(({ name }) => name) }]
  })
  const threads = repository.pullRequests.flatMap((request) =>
    listThreads(request.comments).map(({ defectId, root, texts }): SeenItem => {
      const task = request.tasks.find((one) => one.commentId === root.id)
      const isResolved = root.resolution !== null
      const isDone = task === undefined ? isResolved : task.state === 'RESOLVED'
      const state = isResolved === isDone ? (isDone ? 'closed' : 'open') : 'mixed'
      const signs = `thread ${isResolved ? 'resolved' : 'open'}, task ${task?.state ?? 'none'}`
      return { defectId, state, signs, texts, files: null }
    }),
  )
  const onCommits = listThreads(repository.commitComments).map(({ defectId, texts }) => ({
    defectId,
    state: null,
    signs: 'none',
    texts,
    files: null,
  }))
  return [...issues, ...threads, ...onCommits]
}

/** Comments that carry a defect's marker, each with all answers to it, and to those. */
function listThreads(comments: readonly Comment[]): { defectId: string; root: Comment; texts: string[] }[] {
  const byParent = Map.groupBy(comments, (one) => one.parentId)
  const below = (id: number): Comment[] => (byParent.get(id) ?? []).flatMap((one) => [one, ...below(one.id)])
  return comments.filter(isSaid).flatMap((root) => {
    const defectId = defectIdOf(root.raw ?? '')
    if (defectId === undefined) return []
    return [
      {
        defectId,
        root,
        texts: below(root.id)
          .filter(isSaid)
          .map((one) => one.raw ?? ''),
      },
    ]
  })
}
