import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

/** Cookies do not know ports: the name must not be one that another server on the same host uses. */
const cookieName = 'simulated_jira_session'

function readCookie(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === cookieName) return value
  }
  return undefined
}

export function findPerson(sim: Sim, cookieHeader: string | undefined): Person | null {
  const cookie = readCookie(cookieHeader)
  return (cookie === undefined ? undefined : sim.sessions.get(cookie)) ?? null
}

/** Logs a person in and answers the cookie to set. */
export function openSession(sim: Sim, person: Person): string {
  const value = sim.newSecret(40)
  sim.sessions.set(value, person)
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax`
}

/** Forgets the session and answers the cookie that removes it. */
export function closeSession(sim: Sim, cookieHeader: string | undefined): string {
  const cookie = readCookie(cookieHeader)
  if (cookie !== undefined) sim.sessions.delete(cookie)
  return `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`
}

export function checkPassword(sim: Sim, email: string, password: string): Person | undefined {
  const found = sim.people.find((one) => one.email === email.trim().toLowerCase())
  return found?.isActive === true && found.password === password ? found : undefined
}

/** `//host` and `/\host` leave the server as browsers read them: only a plain local path is followed. */
export function localPath(wanted: string | null): string | undefined {
  if (wanted === null || !wanted.startsWith('/') || /^\/[/\\]/.test(wanted) || /[\p{Cc}\\]/u.test(wanted))
    return undefined
  return wanted
}
