import type { FastifyRequest } from 'fastify'
import { decodePercent } from '../shared/decode-percent.ts'
import { findRepository } from './auth/permission.ts'
import type { Hook, PullRequest, Repository } from './model.ts'
import type { Sim } from './state.ts'

/** How far back: so many seconds, or else so many writes, one if nothing is said. */
export interface Past {
  seconds?: number
  versions?: number
}

/** A repository as it was until this moment. */
export interface PastState {
  until: number
  repository: Repository
  hooks: Hook[]
  /** Those there were. What they were like is not kept. */
  repositories: Repository[]
}

const statesAtMost = 50

function repositoryOf(sim: Sim, request: FastifyRequest): Repository | undefined {
  const [path = ''] = request.url.split('?')
  const [, workspace = '', slug = ''] =
    /^\/(?:2\.0\/repositories\/)?([^/]+)\/([^/]+?)(?:\.git)?(?:\/|$)/.exec(path) ?? []
  return findRepository(sim, decodePercent(workspace) ?? '', decodePercent(slug) ?? '')
}

function isHookOf({ subject }: Hook, repository: Repository): boolean {
  return subject.kind === 'repository' && subject.repository === repository
}

/** Before a write: keeps what the repository is like, and those its pull requests go to. What lies in git is not kept. */
export function keepPast(sim: Sim, request: FastifyRequest): void {
  const repository = repositoryOf(sim, request)
  if (repository === undefined) return
  const isFrom = ({ sourceRepository }: PullRequest) => sourceRepository === repository.uuid
  for (const one of sim.repositories) if (one === repository || one.pullRequests.some(isFrom)) keepPastOf(sim, one)
}

function keepPastOf(sim: Sim, repository: Repository): void {
  const hooks = sim.hooks.filter((hook) => isHookOf(hook, repository))
  const states = sim.past.get(repository.uuid) ?? []
  // One copy of both, so that what they share stays shared.
  states.push({ ...structuredClone({ until: sim.clock(), repository, hooks }), repositories: [...sim.repositories] })
  sim.past.set(repository.uuid, states.slice(-statesAtMost))
}

function stateThen(states: PastState[], past: Past, now: number): PastState | undefined {
  const { seconds, versions = 1 } = past
  if (seconds === undefined) return states[Math.max(0, states.length - versions)]
  return states.find(({ until }) => until > now - seconds * 1000)
}

/** Lets a request see its repository as it was; nothing changes when it was the same then, or for a write. */
export function lookBack(sim: Sim, request: FastifyRequest, past: Past): void {
  const repository = repositoryOf(sim, request)
  if (repository === undefined || request.method !== 'GET') return
  const then = stateThen(sim.past.get(repository.uuid) ?? [], past, sim.clock())
  if (then === undefined) return
  sim.views.set(request, {
    ...sim,
    repositories: then.repositories.map((one) => (one === repository ? then.repository : one)),
    hooks: [...sim.hooks.filter((hook) => !isHookOf(hook, repository)), ...then.hooks],
  })
}

/** What a request sees: the present, unless it was told to look back. */
export function viewOf(sim: Sim, request: FastifyRequest): Sim {
  return sim.views.get(request) ?? sim
}
