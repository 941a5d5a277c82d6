import { html } from '../../shared/html.ts'
import { renderLoginForm } from '../../shared/login-form.ts'
import { localPath } from '../../shared/page-session.ts'
import { checkPassword, session } from './session.ts'
import { type Answer, redirect, show, type Visit } from './visit.ts'

const action = '/account/signin/'

function loginForm(visit: Visit, next: string, problem: string | null): Answer {
  const people = visit.sim.people
    .filter((one) => one.kind === 'user')
    .map((one) => ({
      ...one,
      id: one.username,
      name: one.username,
      names: html`<code>${one.username}</code> or ${one.email}`,
    }))
  const field = { name: 'username', label: 'Username or e-mail' }
  const body = renderLoginForm({ action, field, entered: visit.form.get('username') ?? '', next, problem, people })
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
