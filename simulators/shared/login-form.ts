import { type Html, html } from './html.ts'

interface LoginForm {
  /** Where the form goes. */
  action: string
  /** What people are known by: the field's name, and its label. */
  field: { name: string; label: string }
  entered: string
  /** Where to go afterwards; empty: the usual page. */
  next: string
  problem: string | null
  /** Offered for logging in with one click. */
  people: readonly Offered[]
}

interface Offered {
  /** In `log-in-as-{id}`. */
  id: string
  displayName: string
  role: string
  /** What they may type, for reading. */
  names: Html
  /** What the button sends. */
  name: string
  password: string
}

function offer(form: LoginForm, person: Offered): Html {
  return html`<li><div><strong>${person.displayName}</strong> <small>${person.role}</small><br>
${person.names}<br>password <code>${person.password}</code></div>
<form method="post" action="${form.action}"><input type="hidden" name="${form.field.name}" value="${person.name}">
<input type="hidden" name="password" value="${person.password}"><input type="hidden" name="next" value="${form.next}">
<button id="log-in-as-${person.id}" aria-label="Log in as ${person.displayName}">Log in</button></form></li>`
}

/** The login of a simulator. There is nothing to guess: its people stand below with their passwords. */
export function renderLoginForm(form: LoginForm): Html {
  const { action, field, problem } = form
  return html`<h1>Log in</h1>${problem !== null && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${action}" class="narrow" id="log-in-form">
<label for="${field.name}">${field.label}</label>
<input id="${field.name}" name="${field.name}" autocomplete="username" required autofocus value="${form.entered}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<input type="hidden" name="next" value="${form.next}">
<button class="primary" id="log-in">Log in</button>
</form><section aria-labelledby="people"><h2 id="people">People of this simulator</h2><ul class="plain cards">${form.people.map(
    (person) => offer(form, person),
  )}</ul></section>`
}
