import { BlockList, isIP } from 'node:net'
import type { Hook } from '../model.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { hookEvents, issueEventKeys } from '../webhooks/event-keys.ts'
import { assertWebUrl } from './assert-web-url.ts'

export interface HookEdit {
  description?: string | undefined
  url?: string | undefined
  active?: boolean | undefined
  /** null or '' removes it, undefined leaves it as it is. */
  secret?: string | null | undefined
  events?: unknown
  skipCertVerification?: boolean | undefined
  historyEnabled?: boolean | undefined
}

const closedNetworks = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  closedNetworks.addSubnet(address, prefix, 'ipv4')
}
closedNetworks.addSubnet('::1', 128, 'ipv6')
closedNetworks.addSubnet('fc00::', 7, 'ipv6')
closedNetworks.addSubnet('fe80::', 10, 'ipv6')

function isPublicHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  const version = isIP(bare)
  if (version === 0) return bare.includes('.') && !/(^|\.)(localhost|local|internal)$/.test(bare)
  return !closedNetworks.check(bare, version === 6 ? 'ipv6' : 'ipv4')
}

function checkUrl(sim: Sim, url: string | undefined): string {
  if (url === undefined || url === '') throw badRequest('Bad request', { url: ['required key not provided'] })
  assertWebUrl('url', url)
  if (!sim.switches.allowPrivateHookUrls && !isPublicHost(new URL(url).hostname)) {
    throw badRequest('Bad request', { url: ['The URL must resolve to a public address.'] })
  }
  return url
}

function checkEvents(sim: Sim, subject: Hook['subject']['kind'], events: unknown): string[] {
  if (!Array.isArray(events) || events.length === 0)
    throw badRequest('Bad request', { events: ['At least one event is required.'] })
  const known = hookEvents(subject, sim.mode).map((one) => one.event)
  const allowed = sim.switches.issueEvents2026 === 'inert' ? [...known, ...issueEventKeys] : known
  const names = events.map(String)
  const unknown = names.find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw badRequest('Bad request', { events: [`"${unknown}" is not a valid choice.`] })
  if (new Set(names).size < names.length) throw badRequest('Bad request', { events: ['Events must be unique.'] })
  return names
}

function checkSecret(secret: string | null): string | null {
  if (secret === null || secret === '') return null
  if (secret.length > 128)
    throw badRequest('Bad request', { secret: ['Ensure this field has no more than 128 characters.'] })
  return secret
}

function sameSubject(one: Hook['subject'], other: Hook['subject']): boolean {
  if (one.kind === 'repository') return other.kind === 'repository' && one.repository.uuid === other.repository.uuid
  return other.kind === 'workspace' && one.workspace.uuid === other.workspace.uuid
}

export function listHooks(sim: Sim, subject: Hook['subject']): Hook[] {
  return sim.hooks.filter((hook) => sameSubject(hook.subject, subject))
}

/** `name` is the slug of the repository or workspace, which the 404 quotes. */
export function getHook(sim: Sim, subject: Hook['subject'], uid: string): Hook {
  const wanted = uid.replace(/^\{|\}$/g, '')
  const found = listHooks(sim, subject).find((hook) => hook.uuid === `{${wanted}}`)
  if (found === undefined) {
    const slug = subject.kind === 'repository' ? subject.repository.slug : subject.workspace.slug
    throw notFound(`${slug} is not a valid hook`)
  }
  return found
}

export function createHook(sim: Sim, subject: Hook['subject'], input: HookEdit): Hook {
  if (listHooks(sim, subject).length >= sim.switches.hooksPerSubject) {
    throw badRequest(`You have reached the limit of ${sim.switches.hooksPerSubject} webhooks.`)
  }
  const hook: Hook = {
    url: checkUrl(sim, input.url),
    events: checkEvents(sim, subject.kind, input.events),
    secret: checkSecret(input.secret ?? null),
    uuid: sim.newUuid(),
    description: input.description ?? '',
    active: input.active ?? true,
    skipCertVerification: input.skipCertVerification ?? false,
    historySince: input.historyEnabled === true ? sim.now() : null,
    subject,
    createdAt: sim.now(),
  }
  sim.hooks.push(hook)
  return hook
}

export function updateHook(sim: Sim, hook: Hook, edit: HookEdit): Hook {
  const url = edit.url === undefined ? hook.url : checkUrl(sim, edit.url)
  const events = edit.events === undefined ? hook.events : checkEvents(sim, hook.subject.kind, edit.events)
  const secret = edit.secret === undefined ? hook.secret : checkSecret(edit.secret)
  if (secret !== hook.secret) hook.previousSecret = hook.secret
  Object.assign(hook, {
    url,
    events,
    secret,
    description: edit.description ?? hook.description,
    active: edit.active ?? hook.active,
    skipCertVerification: edit.skipCertVerification ?? hook.skipCertVerification,
  })
  if (edit.historyEnabled !== undefined)
    hook.historySince = edit.historyEnabled ? (hook.historySince ?? sim.now()) : null
  return hook
}

export function deleteHook(sim: Sim, hook: Hook): void {
  sim.hooks = sim.hooks.filter((one) => one !== hook)
}
