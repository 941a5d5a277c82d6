import { type Html, html } from '../../shared/html.ts'
import { assertOwner, reachWorkspace } from '../auth/permission.ts'
import type { Delivery, Hook } from '../model.ts'
import { historyOf, resendEntry } from '../operations/hook-history.ts'
import { getHook, listHooks, updateHook } from '../operations/hooks.ts'
import { lozenge, moment } from './layout.ts'
import { scrollBox } from './scroll-box.ts'
import {
  type Answer,
  type Page,
  type PersonVisit,
  principalOf,
  type RepositoryVisit,
  redirect,
  show,
  visitRepository,
} from './visit.ts'

/** Newest deliveries shown for a hook. */
const deliveriesShown = 100

interface HookPlace {
  visit: PersonVisit
  subject: Hook['subject']
  /** Address of the list. */
  action: string
  /** What its pages belong to. */
  frame: Pick<Page, 'repository' | 'tab'>
}

function inRepository(visit: RepositoryVisit): HookPlace {
  const { repository } = visit
  return {
    visit,
    subject: { kind: 'repository', repository },
    action: `${visit.base}/admin/webhooks`,
    frame: { repository, tab: 'webhooks' },
  }
}

function inWorkspace(visit: PersonVisit): HookPlace {
  const { workspace, role } = reachWorkspace(visit.sim, principalOf(visit.person), visit.params['workspace'] ?? '')
  assertOwner(role)
  return {
    visit,
    subject: { kind: 'workspace', workspace },
    action: `/${workspace.slug}/workspace/settings/webhooks`,
    frame: {},
  }
}

function bare(uuid: string): string {
  return uuid.replace(/^\{|\}$/g, '')
}

function lastDelivery(visit: PersonVisit, hook: Hook): Html | null {
  const last = visit.sim.deliveries.findLast((one) => one.hookUuid === hook.uuid)
  return last === undefined ? null : html`${lozenge(last.state)} ${last.event} ${moment(last.createdOn)}`
}

function list({ visit, subject, action, frame }: HookPlace): Answer {
  const hooks = listHooks(visit.sim, subject)
  const name = subject.kind === 'repository' ? subject.repository.name : subject.workspace.name
  const body = html`<h1>Webhooks of ${name}</h1>${
    hooks.length === 0
      ? html`<p>No webhooks. Programs make them through the API.</p>`
      : scrollBox(
          'Webhooks',
          html`<table id="hooks"><thead><tr><th>Title</th><th>URL</th><th>Status</th><th>Secret</th><th>Last request</th></tr></thead><tbody>${hooks.map(
            (
              hook,
            ) => html`<tr id="hook-${bare(hook.uuid)}"><td><a href="${action}/${bare(hook.uuid)}">${hook.description === '' ? 'Webhook' : hook.description}</a></td>
<td class="long">${hook.url}</td><td>${lozenge(hook.active ? 'ACTIVE' : 'INACTIVE')}</td><td>${hook.secret === null ? 'none' : 'set'}</td><td>${lastDelivery(visit, hook)}</td></tr>`,
          )}</tbody></table>`,
        )
  }`
  return show({ title: 'Webhooks', body, ...frame })
}

function attemptText(attempt: Delivery['attempts'][number]): string {
  const { number, status, error, durationMs } = attempt
  const failure = /timeout|aborted/i.test(error ?? '') ? 'TIMEOUT' : `NETWORK ERROR: ${error ?? 'no answer'}`
  return `${number}: ${status ?? failure} (${durationMs} ms)`
}

function row(delivery: Delivery, action: string): Html {
  return html`<tr id="delivery-${delivery.uuid}"><td>${delivery.event}</td><td>${lozenge(delivery.state)}</td>
<td>${delivery.attempts.length === 0 ? 'none' : html`${delivery.attempts.map((one) => html`<div>${attemptText(one)}</div>`)}`}</td><td>${moment(delivery.createdOn)}</td>
<td><form method="post" action="${action}/deliveries/${delivery.uuid}/resend"><button>Resend</button></form></td></tr>
<tr class="talk"><td colspan="5"><details><summary>Request</summary><pre>${Object.entries(delivery.headers).map(([name, value]) => `${name}: ${value}\n`)}
${delivery.body}</pre></details></td></tr>`
}

function requests(place: HookPlace, hook: Hook, action: string): Html {
  const toggle = hook.historySince === null ? 'enable' : 'disable'
  const form = html`<form method="post" action="${action}/history"><button name="enabled" value="${toggle}" id="${toggle}-history">${toggle === 'enable' ? 'Enable history' : 'Disable history'}</button></form>`
  if (hook.historySince === null)
    return html`<h2>Requests</h2><p>This webhook keeps no history: enable it, and the requests from then on can be looked at and sent again.</p>${form}`
  const deliveries = historyOf(place.visit.sim, hook)
  return html`<h2>Requests (${deliveries.length})</h2><div class="row">${form}<a href="${action}">Load new requests</a></div>
${scrollBox(
  'Requests',
  html`<table id="deliveries"><thead><tr><th>Event</th><th>Status</th><th>Attempts</th><th>Time</th><th>Again</th></tr></thead>
<tbody>${deliveries.slice(0, deliveriesShown).map((one) => row(one, action))}</tbody></table>`,
)}`
}

function history(place: HookPlace): Answer {
  const { visit, frame } = place
  const hook = getHook(visit.sim, place.subject, visit.params['hook'] ?? '')
  const action = `${place.action}/${bare(hook.uuid)}`
  const body = html`<p><a href="${place.action}">All webhooks</a></p><h1>${hook.description === '' ? 'Webhook' : hook.description}</h1>
<p class="long">${lozenge(hook.active ? 'ACTIVE' : 'INACTIVE')} ${hook.url} · secret ${hook.secret === null ? 'not set' : 'set'} · made ${moment(hook.createdAt)}</p>
<details><summary>Events (${hook.events.length})</summary><ul>${hook.events.map((event) => html`<li><code>${event}</code></li>`)}</ul></details>
${requests(place, hook, action)}`
  return show({ title: 'Webhook requests', body, ...frame })
}

function resend({ visit, subject, action }: HookPlace): Answer {
  const hook = getHook(visit.sim, subject, visit.params['hook'] ?? '')
  resendEntry(visit.sim, hook, visit.params['delivery'] ?? '')
  return redirect(`${action}/${bare(hook.uuid)}`)
}

function setHistory({ visit, subject, action }: HookPlace): Answer {
  const hook = getHook(visit.sim, subject, visit.params['hook'] ?? '')
  updateHook(visit.sim, hook, { historyEnabled: visit.form.get('enabled') === 'enable' })
  return redirect(`${action}/${bare(hook.uuid)}`)
}

const ofRepository = (visit: PersonVisit) => inRepository(visitRepository(visit, 'admin'))

export const showRepositoryHooks = (visit: PersonVisit) => list(ofRepository(visit))
export const showRepositoryHook = (visit: PersonVisit) => history(ofRepository(visit))
export const resendFromRepository = (visit: PersonVisit) => resend(ofRepository(visit))
export const setRepositoryHookHistory = (visit: PersonVisit) => setHistory(ofRepository(visit))
export const showWorkspaceHooks = (visit: PersonVisit) => list(inWorkspace(visit))
export const showWorkspaceHook = (visit: PersonVisit) => history(inWorkspace(visit))
export const resendFromWorkspace = (visit: PersonVisit) => resend(inWorkspace(visit))
export const setWorkspaceHookHistory = (visit: PersonVisit) => setHistory(inWorkspace(visit))
