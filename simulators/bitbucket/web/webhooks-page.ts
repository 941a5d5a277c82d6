import { type Html, html } from '../../shared/html.ts'
import { assertOwner, reachWorkspace } from '../auth/permission.ts'
import type { Delivery, Hook } from '../model.ts'
import { historyOf, resendEntry } from '../operations/hook-history.ts'
import { getHook, listHooks, updateHook } from '../operations/hooks.ts'
import { dataTable } from './data-table.ts'
import { lozenge, moment } from './layout.ts'
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

function titleOf({ description }: Hook): string {
  return description === '' ? 'Webhook' : description
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
      ? html`<p>No webhooks. Programs make them through the API: <code>POST</code> to <code>…/hooks</code>, as Weir does when it connects.</p>`
      : dataTable({
          label: 'Webhooks',
          id: 'hooks',
          heads: ['Title', 'URL', 'Status', 'Secret', 'Last request'],
          rows: hooks.map((hook) => ({
            id: `hook-${bare(hook.uuid)}`,
            cells: [
              html`<a href="${action}/${bare(hook.uuid)}">${titleOf(hook)}</a>`,
              html`<span class="long">${hook.url}</span>`,
              lozenge(hook.active ? 'ACTIVE' : 'INACTIVE'),
              hook.secret === null ? 'none' : 'set',
              lastDelivery(visit, hook) ?? 'none',
            ],
          })),
        })
  }`
  return show({ title: 'Webhooks', body, ...frame })
}

function attemptText(attempt: Delivery['attempts'][number]): string {
  const { number, status, error, durationMs } = attempt
  const failure = /timeout|aborted/i.test(error ?? '') ? 'TIMEOUT' : `NETWORK ERROR: ${error ?? 'no answer'}`
  return `${number}: ${status ?? failure} (${durationMs} ms)`
}

function row(delivery: Delivery, action: string) {
  const { uuid, event, state, attempts, createdOn, headers, body } = delivery
  return {
    id: `delivery-${uuid}`,
    cells: [
      event,
      lozenge(state),
      attempts.length === 0 ? 'none' : html`${attempts.map((one) => html`<div>${attemptText(one)}</div>`)}`,
      moment(createdOn),
      html`<form method="post" action="${action}/deliveries/${uuid}/resend"><button>Resend</button></form>`,
    ],
    below: html`<details><summary>Request</summary><pre>${Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`)}
${body}</pre></details>`,
  }
}

function requests(place: HookPlace, hook: Hook, action: string): Html {
  const toggle = hook.historySince === null ? 'enable' : 'disable'
  const form = html`<form method="post" action="${action}/history"><button name="enabled" value="${toggle}" id="${toggle}-history">${toggle === 'enable' ? 'Enable history' : 'Disable history'}</button></form>`
  if (hook.historySince === null)
    return html`<h2>Requests</h2><p>This webhook keeps no history: enable it, and the requests from then on can be looked at and sent again.</p>${form}`
  const deliveries = historyOf(place.visit.sim, hook)
  return html`<h2>Requests (${deliveries.length})</h2><div class="row">${form}<a href="${action}">Load new requests</a></div>
${
  deliveries.length === 0
    ? html`<p>No requests since then. What the webhook listens to has to happen first.</p>`
    : dataTable({
        label: 'Requests',
        id: 'deliveries',
        heads: ['Event', 'Status', 'Attempts', 'Time', 'Again'],
        rows: deliveries.slice(0, deliveriesShown).map((one) => row(one, action)),
      })
}`
}

function history(place: HookPlace): Answer {
  const { visit, frame } = place
  const hook = getHook(visit.sim, place.subject, visit.params['hook'] ?? '')
  const action = `${place.action}/${bare(hook.uuid)}`
  const body = html`<p><a href="${place.action}">All webhooks</a></p><h1>${titleOf(hook)}</h1>
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
