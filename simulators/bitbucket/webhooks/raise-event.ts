import type { JsonObject } from '../../shared/json.ts'
import type { Hook, Person, Repository, Workspace } from '../model.ts'
import { renderAccount } from '../render/account.ts'
import { renderPayloadRepository } from '../render/repository.ts'
import type { Sim } from '../state.ts'
import { startDelivery } from './deliver.ts'

interface RaisedEvent {
  event: string
  repository: Repository
  actor: Person
  /** What the event adds to `actor` and `repository`. */
  payload: JsonObject
}

function listens(hook: Hook, raised: Pick<RaisedEvent, 'event' | 'repository'>): boolean {
  if (!hook.active || !hook.events.includes(raised.event)) return false
  return hook.subject.kind === 'repository'
    ? hook.subject.repository.uuid === raised.repository.uuid
    : hook.subject.workspace.uuid === raised.repository.workspace.uuid
}

/** Sends an event to every hook that asked for it, whoever caused it: API, web page or push. */
export function raiseEvent(sim: Sim, raised: RaisedEvent): void {
  // The tracker is gone in 2026: a subscription that was let in never fires.
  if (sim.mode === '2026' && raised.event.startsWith('issue:')) return
  const hooks = sim.hooks.filter((hook) => listens(hook, raised))
  if (hooks.length === 0) return
  const body = JSON.stringify({
    ...raised.payload,
    actor: renderAccount(sim, raised.actor),
    repository: renderPayloadRepository(sim, raised.repository),
  })
  for (const hook of hooks) startDelivery(sim, hook, { event: raised.event, body })
}

/** The same for an event whose body is another's format, without actor and repository. */
export function raiseRawEvent(sim: Sim, raised: { event: string; repository: Repository; body: JsonObject }): void {
  const hooks = sim.hooks.filter((hook) => listens(hook, raised))
  for (const hook of hooks) startDelivery(sim, hook, { event: raised.event, body: JSON.stringify(raised.body) })
}

/** The same for what concerns no repository: hooks of the workspace alone hear of it. */
export function raiseWorkspaceEvent(
  sim: Sim,
  raised: { event: string; workspace: Workspace; actor: Person; payload: JsonObject },
): void {
  const body = JSON.stringify({ ...raised.payload, actor: renderAccount(sim, raised.actor) })
  for (const hook of sim.hooks) {
    const { subject } = hook
    if (subject.kind !== 'workspace' || subject.workspace.uuid !== raised.workspace.uuid) continue
    if (hook.active && hook.events.includes(raised.event)) startDelivery(sim, hook, { event: raised.event, body })
  }
}
