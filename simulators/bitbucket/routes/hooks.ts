import { at, booleanAt, hasKey, stringAt } from '../../shared/json.ts'
import { hookEventPage } from '../answers/paging.ts'
import { grantedScopes, ownScopes } from '../auth/authenticate.ts'
import { assertOwner } from '../auth/permission.ts'
import { type Need, needs } from '../auth/scopes.ts'
import {
  type Answer,
  type Call,
  type Endpoint,
  isPersonalWorkspace,
  listing,
  repositoryOf,
  workspaceOf,
} from '../call.ts'
import type { Hook } from '../model.ts'
import { createHook, deleteHook, getHook, type HookEdit, listHooks, updateHook } from '../operations/hooks.ts'
import { renderHook } from '../render/hook.ts'
import { encodeUuid, href } from '../render/links.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'
import { hookEvents } from '../webhooks/event-keys.ts'

function repositorySubject(call: Call): Hook['subject'] {
  return { kind: 'repository', repository: repositoryOf(call, 'admin') }
}

function workspaceSubject(call: Call): Hook['subject'] {
  const { workspace, role } = workspaceOf(call)
  assertOwner(role)
  return { kind: 'workspace', workspace }
}

function readEdit(body: unknown): HookEdit {
  const secret = at(body, 'secret')
  return {
    description: stringAt(body, 'description'),
    url: stringAt(body, 'url'),
    active: booleanAt(body, 'active'),
    secret: hasKey(body, 'secret') && (typeof secret === 'string' || secret === null) ? secret : undefined,
    events: at(body, 'events'),
    skipCertVerification: booleanAt(body, 'skip_cert_verification'),
    historyEnabled: booleanAt(body, 'history_enabled'),
  }
}

const readScopes: Record<string, Need> = {
  issue: needs.readIssue,
  pullrequest: needs.readPullRequest,
  repo: needs.readRepository,
  project: needs.readProject,
  pipeline: needs.readPipeline,
}

/** OAuth and access tokens need the read scope of whatever the hook listens to. */
function assertEventScopes(call: Call, events: unknown): void {
  if (call.principal.kind !== 'known' || !Array.isArray(events)) return
  const { credential } = call.principal
  if (credential.kind === 'api_token') return
  const granted = grantedScopes(credential)
  const required = [...new Set(events.flatMap((event) => readScopes[String(event).split(':')[0] ?? '']?.oauth ?? []))]
  if (required.every((scope) => granted.has(scope))) return
  throw new SimulatorError(403, 'Your credentials lack one or more required privilege scopes.', {
    detail: { required: ['webhook', ...required], granted: ownScopes(credential) },
  })
}

function create(call: Call, subject: Hook['subject']): Answer {
  const edit = readEdit(call.body)
  assertEventScopes(call, edit.events)
  const hook = createHook(call.sim, subject, edit)
  return {
    status: 201,
    body: renderHook(call.sim, hook),
    headers: { location: `${call.sim.urls.api}${call.path}/${encodeUuid(hook.uuid)}` },
  }
}

function hookEndpoints(base: string, subjectOf: (call: Call) => Hook['subject']): Endpoint[] {
  const group = 'webhooks'
  const hookOf = (call: Call) => getHook(call.sim, subjectOf(call), call.params['uid'] ?? '')
  return [
    {
      method: 'GET',
      path: base,
      need: needs.readWebhook,
      group,
      handle: (call) => {
        const hooks = isPersonalWorkspace(call) ? [] : listHooks(call.sim, subjectOf(call))
        return listing(
          call,
          hooks.map((hook) => renderHook(call.sim, hook)),
        )
      },
    },
    {
      method: 'POST',
      path: base,
      need: needs.writeWebhook,
      group,
      handle: (call) => create(call, subjectOf(call)),
    },
    {
      method: 'GET',
      path: `${base}/:uid`,
      need: needs.readWebhook,
      group,
      handle: (call) => ({ body: renderHook(call.sim, hookOf(call)) }),
    },
    {
      method: 'PUT',
      path: `${base}/:uid`,
      need: needs.writeWebhook,
      group,
      handle: (call) => {
        const hook = hookOf(call)
        const edit = readEdit(call.body)
        assertEventScopes(call, edit.events)
        return { body: renderHook(call.sim, updateHook(call.sim, hook, edit)) }
      },
    },
    {
      method: 'DELETE',
      path: `${base}/:uid`,
      need: needs.deleteWebhook,
      group,
      handle: (call) => {
        deleteHook(call.sim, hookOf(call))
        return { status: 204 }
      },
    },
  ]
}

const catalogue: Endpoint[] = [
  {
    method: 'GET',
    path: '/hook_events',
    handle: (call) => {
      const link = (subject: string) => ({ links: { events: href(`${call.sim.urls.api}/hook_events/${subject}`) } })
      return { body: { repository: link('repository'), workspace: link('workspace') } }
    },
  },
  {
    method: 'GET',
    path: '/hook_events/:subject',
    handle: (call) => {
      const { subject } = call.params
      if (subject !== 'repository' && subject !== 'workspace') throw notFound(`${subject} is not a valid subject type`)
      const records = hookEvents(subject, call.sim.mode).map((event) => ({ ...event }))
      return listing(call, records, { size: hookEventPage })
    },
  },
]

export const hookRoutes: Endpoint[] = [
  ...hookEndpoints('/repositories/:workspace/:slug/hooks', repositorySubject),
  ...hookEndpoints('/workspaces/:workspace/hooks', workspaceSubject),
  ...catalogue,
]
