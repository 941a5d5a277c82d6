/** Only paths of this site: a `return` that names another host, or `//host`, is dropped. */
export function toLocalPath(value: string | undefined): string {
  if (value === undefined || !value.startsWith('/') || value.startsWith('//') || value.includes('\\')) return '/'
  return value
}

const publicPaths = ['/login', '/setup', '/invitation']

/** The session is over: go to the login page and remember where the person was. */
export function leaveToLogin(): void {
  if (publicPaths.some((path) => location.pathname.startsWith(path))) return
  const back = location.pathname + location.search
  location.assign(`/login?${new URLSearchParams({ return: back }).toString()}`)
}
