import type { IssueDefaults, TrackerPart, TrackerPartKind } from '../model/issue-tracker.ts'
import type { Repository } from '../model.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

export function getTrackerPart({ tracker }: Repository, kind: TrackerPartKind, id: string): TrackerPart {
  const found = tracker[kind].find((one) => String(one.id) === id)
  if (found === undefined) throw notFound(`There is no ${kind} with id ${id}.`)
  return found
}

/** The REST API can only read parts: they are made in the settings of the repository, or come with an import. */
export function createTrackerPart(sim: Sim, { tracker }: Repository, part: { kind: TrackerPartKind; name: string }) {
  const name = part.name.trim()
  if (name === '') throw badRequest('Bad request', { name: ['This field may not be blank.'] })
  if (tracker[part.kind].some((one) => one.name === name))
    throw badRequest('Bad request', { name: [`There is a ${part.kind} called "${name}" already.`] })
  tracker[part.kind].push({ id: sim.newId(), name })
}

/** Issues that had it have none from then on. */
export function deleteTrackerPart(repository: Repository, kind: TrackerPartKind, part: TrackerPart): void {
  const { tracker, issues } = repository
  tracker[kind] = tracker[kind].filter((one) => one !== part)
  for (const one of [...issues, tracker.defaults]) if (one[kind] === part) one[kind] = null
}

export function setIssueDefaults({ tracker }: Repository, defaults: IssueDefaults): void {
  tracker.defaults = defaults
}
