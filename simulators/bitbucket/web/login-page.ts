import { type Html, html } from '../../shared/html.ts'
import { localPath } from '../../shared/page-session.ts'
import { checkPassword, session } from './session.ts'
import { type Answer, redirect, show, type Visit } from './visit.ts'

function hints(visit: Visit, next: string): Html {
  const people = visit.sim.people.filter((one) => one.kind === 'user')
  return html`<section aria-labelledby="people"><h2 id="people">People of this simulator</h2><ul class="plain cards">${people.map(
    (one) => html`<li><div><strong>${one.displayName}</strong> <small>${one.role}</small><br>
<code>${one.username}</code> or ${one.email}<br>password <code>${one.password}</code></div>
<form method="post" action="/account/signin/"><input type="hidden" name="username" value="${one.username}">
<input type="hidden" name="password" value="${one.password}"><input type="hidden" name="next" value="${next}">
<button id="log-in-as-${one.username}" aria-label="Log in as ${one.displayName}">Log in</button></form></li>`,
  )}</ul></section>`
}

function loginForm(visit: Visit, next: string, problem: string | null): Answer {
  const body = html`<h1>Log in</h1>${problem !== null && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/account/signin/" class="narrow" id="log-in-form">
<label for="username">Username or e-mail</label>
<input id="username" name="username" autocomplete="username" required autofocus value="${visit.form.get('username') ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<input type="hidden" name="next" value="${next}">
<button class="primary" id="log-in">Log in</button>
</form>${hints(visit, next)}`
  return show({ title: 'Log in', body, status: problem === null ? 200 : 401 })
}

export function showLogin(visit: Visit): Answer {
  return loginForm(visit, localPath(visit.query.get('next')) ?? '', null)
}

export function logIn(visit: Visit): Answer {
  const next = localPath(visit.form.get('next'))
  const person = checkPassword(visit.sim, visit.form.get('username') ?? '', visit.form.get('password') ?? '')
  if (person === undefined) return loginForm(visit, next ?? '', 'Username or password is wrong.')
  return redirect(next ?? '/dashboard/overview', session.open(visit.sim, person))
}
