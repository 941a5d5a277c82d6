import { at, booleanAt, hasKey, stringAt } from '../../shared/json.ts'
import { badRequest, refusal } from '../jira-error.ts'
import { assertJql } from '../jql/run-jql.ts'
import type { Hook, Person } from '../model.ts'
import { hookSection } from '../render/hook.ts'
import type { Sim } from '../state.ts'
import { isEventName } from '../webhooks/event-names.ts'

function readAddress(sim: Sim, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const isAddress = URL.canParse(value) && /^https?:\/\//.test(value)
  if (!isAddress) throw badRequest('The webhook URL is not valid.')
  const { protocol, hostname } = new URL(value)
  const isPrivate = protocol === 'http:' || /^(localhost|127\.|10\.|192\.168\.|\[)/.test(hostname)
  if (isPrivate && !sim.switches.allowPrivateHookUrls)
    throw badRequest('The webhook URL must use https and a public address.')
  return value
}

function readEvents(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest('The webhook events must be an array.')
  const events = value.map(String)
  const unknown = events.find((one) => !isEventName(one))
  if (unknown !== undefined) throw badRequest(`The webhook event '${unknown}' is not valid.`)
  return [...new Set(events)]
}

function readFilter(sim: Sim, owner: Person, body: unknown): string | null | undefined {
  const text = stringAt(body, 'filters', hookSection)
  if (text === undefined) return undefined
  if (text.trim() === '') return null
  assertJql({ sim, person: owner, now: sim.clock() }, text)
  return text
}

/** Hooks are the site administrators' business. */
export function assertHookAdmin(person: Person): void {
  if (!person.isSiteAdmin) throw refusal(403, 'You must be a Jira administrator to manage webhooks.')
}

export function getHook(sim: Sim, id: string): Hook {
  const hook = sim.hooks.find((one) => one.id === id)
  if (hook === undefined) throw refusal(404, `The webhook with id ${id} was not found.`)
  return hook
}

function secretOf(body: unknown): string | null {
  const secret = stringAt(body, 'secret') ?? ''
  return secret === '' ? null : secret
}

export function createHook(sim: Sim, owner: Person, body: unknown): Hook {
  const url = readAddress(sim, stringAt(body, 'url'))
  const name = stringAt(body, 'name') ?? ''
  if (url === undefined || name === '') throw badRequest('A webhook needs a name and a url.')
  const hook: Hook = {
    id: sim.newId(),
    name,
    url,
    secret: secretOf(body),
    previousSecret: null,
    events: readEvents(at(body, 'events')) ?? [],
    jql: readFilter(sim, owner, body) ?? null,
    isEnabled: booleanAt(body, 'enabled') ?? true,
    excludeBody: booleanAt(body, 'excludeBody') ?? false,
    owner,
    updated: sim.now(),
  }
  sim.hooks.push(hook)
  return hook
}

/** What the body does not name stays; a `secret` of null or '' removes it. */
export function updateHook(sim: Sim, owner: Person, input: { hook: Hook; body: unknown }): Hook {
  const { hook, body } = input
  const [url, events, jql] = [
    readAddress(sim, stringAt(body, 'url')),
    readEvents(at(body, 'events')),
    readFilter(sim, owner, body),
  ]
  hook.name = stringAt(body, 'name') ?? hook.name
  hook.url = url ?? hook.url
  hook.events = events ?? hook.events
  if (jql !== undefined) hook.jql = jql
  hook.isEnabled = booleanAt(body, 'enabled') ?? hook.isEnabled
  hook.excludeBody = booleanAt(body, 'excludeBody') ?? hook.excludeBody
  if (hasKey(body, 'secret')) {
    hook.previousSecret = hook.secret
    hook.secret = secretOf(body)
  }
  hook.owner = owner
  hook.updated = sim.now()
  return hook
}

export function deleteHook(sim: Sim, hook: Hook): void {
  sim.hooks.splice(sim.hooks.indexOf(hook), 1)
}
