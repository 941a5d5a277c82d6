import { type Html, html } from '../../shared/html.ts'
import { assertOwner, reachWorkspace } from '../auth/permission.ts'
import type { Delivery, Hook } from '../model.ts'
import { getHook, listHooks } from '../operations/hooks.ts'
import { notFound } from '../simulator-error.ts'
import { startDelivery } from '../webhooks/deliver.ts'
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
      : html`<div class="scroll"><table id="hooks"><thead><tr><th>Title</th><th>URL</th><th>Status</th><th>Secret</th><th>Last request</th></tr></thead><tbody>${hooks.map(
          (
            hook,
          ) => html`<tr id="hook-${bare(hook.uuid)}"><td><a href="${action}/${bare(hook.uuid)}">${hook.description === '' ? 'Webhook' : hook.description}</a></td>
<td class="long">${hook.url}</td><td>${lozenge(hook.active ? 'ACTIVE' : 'INACTIVE')}</td><td>${hook.secret === null ? 'none' : 'set'}</td><td>${lastDelivery(visit, hook)}</td></tr>`,
        )}</tbody></table></div>`
  }`
  return show({ title: 'Webhooks', body, ...frame })
}

function attemptText(attempt: Delivery['attempts'][number]): string {
  return `${attempt.number}: ${attempt.status ?? attempt.error ?? 'no answer'} (${attempt.durationMs} ms)`
}

function row(delivery: Delivery, action: string): Html {
  return html`<tr id="delivery-${delivery.uuid}"><td>${delivery.event}</td><td>${lozenge(delivery.state)}</td>
<td>${delivery.attempts.length === 0 ? 'none' : html`${delivery.attempts.map((one) => html`<div>${attemptText(one)}</div>`)}`}</td><td>${moment(delivery.createdOn)}</td>
<td><form method="post" action="${action}/deliveries/${delivery.uuid}/resend"><button>Resend</button></form></td></tr>
<tr class="talk"><td colspan="5"><details><summary>Request</summary><pre>${Object.entries(delivery.headers).map(([name, value]) => `${name}: ${value}\n`)}
${delivery.body}</pre></details></td></tr>`
}

function history(place: HookPlace): Answer {
  const { visit, frame } = place
  const hook = getHook(visit.sim, place.subject, visit.params['hook'] ?? '')
  const action = `${place.action}/${bare(hook.uuid)}`
  const deliveries = visit.sim.deliveries.filter((one) => one.hookUuid === hook.uuid).toReversed()
  const body = html`<p><a href="${place.action}">All webhooks</a></p><h1>${hook.description === '' ? 'Webhook' : hook.description}</h1>
<p class="long">${lozenge(hook.active ? 'ACTIVE' : 'INACTIVE')} ${hook.url} · secret ${hook.secret === null ? 'not set' : 'set'} · made ${moment(hook.createdAt)}</p>
<details><summary>Events (${hook.events.length})</summary><ul>${hook.events.map((event) => html`<li><code>${event}</code></li>`)}</ul></details>
<h2>Requests (${deliveries.length})</h2><div class="scroll"><table id="deliveries"><thead><tr><th>Event</th><th>Status</th><th>Attempts</th><th>Time</th><th></th></tr></thead>
<tbody>${deliveries.slice(0, deliveriesShown).map((one) => row(one, action))}</tbody></table></div>`
  return show({ title: 'Webhook requests', body, ...frame })
}

/** Sends the same body again, as a delivery of its own. */
function resend({ visit, subject, action }: HookPlace): Answer {
  const hook = getHook(visit.sim, subject, visit.params['hook'] ?? '')
  const delivery = visit.sim.deliveries.find(
    (one) => one.hookUuid === hook.uuid && one.uuid === visit.params['delivery'],
  )
  if (delivery === undefined) throw notFound('This request is not in the history.')
  startDelivery(visit.sim, hook, { event: delivery.event, body: delivery.body })
  return redirect(`${action}/${bare(hook.uuid)}`)
}

const ofRepository = (visit: PersonVisit) => inRepository(visitRepository(visit, 'admin'))

export const showRepositoryHooks = (visit: PersonVisit) => list(ofRepository(visit))
export const showRepositoryHook = (visit: PersonVisit) => history(ofRepository(visit))
export const resendFromRepository = (visit: PersonVisit) => resend(ofRepository(visit))
export const showWorkspaceHooks = (visit: PersonVisit) => list(inWorkspace(visit))
export const showWorkspaceHook = (visit: PersonVisit) => history(inWorkspace(visit))
export const resendFromWorkspace = (visit: PersonVisit) => resend(inWorkspace(visit))
