import type { JsonObject } from '../../shared/json.ts'
import { type Answer, api3, type Call, type Endpoint, viewerOf } from '../call.ts'
import type { Issue, Transition } from '../model.ts'
import { listTransitions, readTransition, targetOf, transitionIssue } from '../operations/transitions.ts'
import { renderResolution, renderStatus } from '../render/project.ts'
import { actingOn, issueOf, listOf, placeOf } from './place.ts'

function resolutionField(call: Call): JsonObject {
  const place = placeOf(call)
  return {
    required: true,
    schema: { type: 'resolution', system: 'resolution' },
    name: 'Resolution',
    key: 'resolution',
    operations: ['set'],
    allowedValues: call.sim.resolutions.map((one) => renderResolution(place, one)),
  }
}

function render(call: Call, issue: Issue, transition: Transition): JsonObject {
  const withFields = listOf(call.query, 'expand').includes('transitions.fields')
  return {
    id: transition.id,
    name: transition.name,
    to: renderStatus(placeOf(call), targetOf(issue, transition)),
    hasScreen: transition.needsResolution,
    isGlobal: transition.from === null,
    isInitial: false,
    isAvailable: true,
    isConditional: false,
    isLooped: false,
    ...(withFields ? { fields: transition.needsResolution ? { resolution: resolutionField(call) } : {} } : {}),
  }
}

function list(call: Call): Answer {
  const issue = issueOf(call)
  const viewer = viewerOf(call)
  const wanted = call.query.get('transitionId')
  const all = viewer === null ? [] : listTransitions(issue, viewer)
  const transitions = all.filter((one) => wanted === null || one.id === wanted).map((one) => render(call, issue, one))
  return { body: { expand: 'transitions', transitions }, objects: transitions.length }
}

function perform(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  transitionIssue(call.sim, actor, { issue, ...readTransition(call.sim, actor, { issue, body: call.body }) })
  return { status: 204 }
}

const path = api3('/issue/:issue/transitions')

export const transitionEndpoints: Endpoint[] = [
  { method: 'GET', path, scope: 'read:jira-work', isOpen: true, handle: list },
  { method: 'POST', path, scope: 'write:jira-work', handle: perform },
]
