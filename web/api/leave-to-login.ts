/** Only paths of this site: a `return` that names another host, or `//host`, is dropped. */
export function toLocalPath(value: string | undefined): string {
  if (value === undefined || !value.startsWith('/') || value.startsWith('//') || value.includes('\\')) return '/'
  return value
}

const publicPaths = ['/login', '/setup', '/invitation']

/** While a person logs out: what the page still asks is refused, and must not lead back here after the next login. */
let isLoggingOut = false

/** The session is over: go to the login page and remember where the person was. */
export function leaveToLogin(): void {
  if (isLoggingOut || publicPaths.some((path) => location.pathname.startsWith(path))) return
  const back = location.pathname + location.search
  location.assign(`/login?${new URLSearchParams({ return: back }).toString()}`)
}

/**
 * Ends the session by `end`, then leaves for a login page that remembers nothing: whoever comes next begins anew. Where
 * `end` fails, the session still stands, so the page stays and the error is thrown on.
 */
export async function leaveByLogOut(end: () => Promise<unknown>): Promise<void> {
  isLoggingOut = true
  try {
    await end()
    // A browser that keeps the page for its Back button must not show it to whoever comes next.
    addEventListener('pageshow', (event) => event.persisted && location.reload())
    location.assign('/login')
  } catch (error) {
    isLoggingOut = false
    throw error
  }
}
