import { html } from '../../shared/html.ts'
import { renderLoginForm } from '../../shared/login-form.ts'
import { localPath } from '../../shared/page-session.ts'
import { checkPassword, session } from './session.ts'
import { type Answer, redirect, show, type Visit } from './visit.ts'

const home = '/jira/projects'

function loginForm(visit: Visit, next: string, problem: string | null): Answer {
  const people = visit.sim.people.map((one) => ({
    ...one,
    id: one.password,
    name: one.email,
    names: html`<code>${one.email}</code>`,
  }))
  const field = { name: 'email', label: 'E-mail' }
  const entered = visit.form.get('email') ?? ''
  const body = renderLoginForm({ action: '/login', field, entered, next, problem, people })
  return show({ title: 'Log in', body, status: problem === null ? 200 : 401 })
}

export function showLogin(visit: Visit): Answer {
  return loginForm(visit, localPath(visit.query.get('next')) ?? '', null)
}

export function logIn(visit: Visit): Answer {
  const next = localPath(visit.form.get('next'))
  const person = checkPassword(visit.sim, visit.form.get('email') ?? '', visit.form.get('password') ?? '')
  if (person === undefined) return loginForm(visit, next ?? '', 'E-mail or password is wrong.')
  return redirect(next ?? home, session.open(visit.sim, person))
}

export function logOut(visit: Visit, cookies: string | undefined): Answer {
  return redirect('/login', session.close(visit.sim, cookies))
}

export function showStart(): Answer {
  return redirect(home)
}
