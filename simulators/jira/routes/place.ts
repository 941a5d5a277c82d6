import { getIssue, getProject } from '../auth/permission.ts'
import { type Call, callerOf, viewerOf } from '../call.ts'
import type { Issue, Person, Project } from '../model.ts'
import type { Place } from '../render/place.ts'

export function placeOf(call: Call): Place {
  return { sim: call.sim, base: call.base, viewer: viewerOf(call) }
}

/** The issue of the path, when the caller may see it. */
export function issueOf(call: Call): Issue {
  return getIssue(call.sim, viewerOf(call), call.params['issue'] ?? '')
}

/** The same for a write, with the person who writes. */
export function actingOn(call: Call): { actor: Person; issue: Issue } {
  const actor = callerOf(call)
  return { actor, issue: issueOf(call) }
}

export function projectOf(call: Call): Project {
  return getProject(call.sim, viewerOf(call), call.params['project'] ?? '')
}

/** A parameter that may be repeated and may hold a list with commas. */
export function listOf(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
