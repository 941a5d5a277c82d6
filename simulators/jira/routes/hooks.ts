import { type Answer, type Call, callerOf, type Endpoint } from '../call.ts'
import type { Person } from '../model.ts'
import { assertHookAdmin, createHook, deleteHook, getHook, updateHook } from '../operations/hooks.ts'
import { renderHook } from '../render/hook.ts'
import { placeOf } from './place.ts'

function adminOf(call: Call): Person {
  const person = callerOf(call)
  assertHookAdmin(person)
  return person
}

function hookOf(call: Call) {
  return getHook(call.sim, call.params['hook'] ?? '')
}

function list(call: Call): Answer {
  adminOf(call)
  return { body: call.sim.hooks.map((one) => renderHook(placeOf(call), one)) }
}

function create(call: Call): Answer {
  const hook = createHook(call.sim, adminOf(call), call.body)
  return { status: 201, body: renderHook(placeOf(call), hook) }
}

function show(call: Call): Answer {
  adminOf(call)
  return { body: renderHook(placeOf(call), hookOf(call)) }
}

function update(call: Call): Answer {
  const hook = updateHook(call.sim, adminOf(call), { hook: hookOf(call), body: call.body })
  return { body: renderHook(placeOf(call), hook) }
}

function remove(call: Call): Answer {
  adminOf(call)
  deleteHook(call.sim, hookOf(call))
  return { status: 204 }
}

const all = '/rest/webhooks/1.0/webhook'
const one = `${all}/:hook`

/** Admin webhooks. Out of reach for OAuth apps and scoped tokens. */
export const hookEndpoints: Endpoint[] = [
  { method: 'GET', path: all, scope: null, handle: list },
  { method: 'POST', path: all, scope: null, handle: create },
  { method: 'GET', path: one, scope: null, handle: show },
  { method: 'PUT', path: one, scope: null, handle: update },
  { method: 'DELETE', path: one, scope: null, handle: remove },
]
