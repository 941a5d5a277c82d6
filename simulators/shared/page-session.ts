/** What a simulator keeps of those who are logged in to its pages. */
interface SessionStore<Person> {
  /** Cookie value → person. */
  sessions: Map<string, Person>
  newSecret: (length: number) => string
}

interface PageSession<Person> {
  find: (store: SessionStore<Person>, cookieHeader: string | undefined) => Person | null
  /** Logs a person in and answers the cookie to set. */
  open: (store: SessionStore<Person>, person: Person) => string
  /** Forgets the session and answers the cookie that removes it. */
  close: (store: SessionStore<Person>, cookieHeader: string | undefined) => string
}

const attributes = 'Path=/; HttpOnly; SameSite=Lax'

/** Sessions by cookie. Cookies do not know ports: the name must not be one that another server on the same host uses. */
export function pageSession<Person>(cookieName: string): PageSession<Person> {
  const read = (header: string | undefined): string => {
    const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='))
    return pairs.find(([name]) => name === cookieName)?.[1] ?? ''
  }
  return {
    find: ({ sessions }, cookieHeader) => sessions.get(read(cookieHeader)) ?? null,
    open: ({ sessions, newSecret }, person) => {
      const value = newSecret(40)
      sessions.set(value, person)
      return `${cookieName}=${value}; ${attributes}`
    },
    close: ({ sessions }, cookieHeader) => {
      sessions.delete(read(cookieHeader))
      return `${cookieName}=; ${attributes}; Max-Age=0`
    },
  }
}

/** `//host` and `/\host` leave the server as browsers read them: only a plain local path is followed. In ASCII. */
export function localPath(wanted: string | null): string | undefined {
  if (wanted === null || !wanted.startsWith('/') || /^\/[/\\]/.test(wanted) || /[\p{Cc}\\]/u.test(wanted))
    return undefined
  return wanted.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)
}
