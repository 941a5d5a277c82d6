import { type Html, html } from '../../shared/html.ts'
import type { Delivery } from '../model.ts'
import { assertHookAdmin, createHook, deleteHook, getHook } from '../operations/hooks.ts'
import { hookSection } from '../render/hook.ts'
import { eventNames } from '../webhooks/event-names.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type PersonVisit, redirect, show } from './visit.ts'

const home = '/plugins/servlet/webhooks'
/** Newest deliveries shown. */
const deliveriesShown = 100

function attempts(delivery: Delivery): Html {
  return html`${delivery.attempts.map((one) => html`<div>${one.number}: ${one.status ?? one.error ?? 'no answer'}</div>`)}`
}

function row(delivery: Delivery): Html {
  return html`<tr><td>${delivery.event}</td><td>${lozenge(delivery.state, delivery.state)}</td><td>${attempts(delivery)}</td><td>${moment(delivery.created)}</td></tr>
<tr><td colspan="4"><details><summary>Request</summary><pre>${Object.entries(delivery.attempts.at(-1)?.headers ?? {}).map(([name, value]) => `${name}: ${value}\n`)}
${delivery.body}</pre></details></td></tr>`
}

function newHookForm(): Html {
  return html`<h2>Create a webhook</h2><form method="post" action="${home}" class="narrow" id="new-hook">
<label for="name">Name</label><input id="name" name="name" required>
<label for="url">URL</label><input id="url" name="url" type="url" required>
<label for="secret">Secret</label><input id="secret" name="secret">
<label for="jql">JQL</label><input id="jql" name="jql">
<fieldset><legend>Events</legend>${eventNames.map(
    (one) => html`<label><input type="checkbox" name="event" value="${one}" checked> ${one}</label>`,
  )}</fieldset><button class="primary" id="new-hook-save">Create</button></form>`
}

export function showHooks(visit: PersonVisit): Answer {
  assertHookAdmin(visit.person)
  const { hooks, deliveries } = visit.sim
  const body = html`<nav class="path"><a href="/jira/projects">Projects</a></nav><h1>Webhooks</h1>
<ul class="plain cards" id="hooks">${hooks.map(
    (
      one,
    ) => html`<li id="hook-${one.id}"><div><strong>${one.name}</strong> ${lozenge(one.isEnabled ? 'enabled' : 'disabled', 'new')}<br><small>${one.url}</small><br>
<small>${one.events.join(', ')} · ${one.jql ?? 'every issue'} · secret ${one.secret === null ? 'not set' : 'set'}</small></div>
<form method="post" action="${home}/${one.id}/delete"><button id="delete-hook-${one.id}">Delete</button></form></li>`,
  )}</ul>${newHookForm()}
<h2>Deliveries (${deliveries.length})</h2><div class="scroll"><table id="deliveries"><thead><tr><th>Event</th><th>State</th><th>Attempts</th><th>Time</th></tr></thead>
<tbody>${deliveries.slice(-deliveriesShown).toReversed().map(row)}</tbody></table></div>`
  return show({ title: 'Webhooks', body })
}

export function addHook(visit: PersonVisit): Answer {
  assertHookAdmin(visit.person)
  const { form } = visit
  const text = (name: string) => form.get(name) ?? ''
  createHook(visit.sim, visit.person, {
    name: text('name'),
    url: text('url'),
    secret: text('secret'),
    events: form.getAll('event'),
    filters: { [hookSection]: text('jql') },
  })
  return redirect(home)
}

export function removeHook(visit: PersonVisit): Answer {
  assertHookAdmin(visit.person)
  deleteHook(visit.sim, getHook(visit.sim, visit.params['hook'] ?? ''))
  return redirect(home)
}
