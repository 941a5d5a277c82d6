/** A browser without eyes: keeps cookies, follows redirects, submits forms. Enough to walk server-rendered pages. */
export type Page = { url: string; status: number; body: string }

export type CookieBrowser = {
  open(url: string): Promise<Page>
  /** Submits fields as a form does, and follows where it leads, up to `stopAt`. */
  submit(url: string, fields: Record<string, string>): Promise<Page>
}

const maxRedirects = 10

/** `stopAt` ends a chain of redirects before that address is opened, and answers with it. */
export function createCookieBrowser({ stopAt }: { stopAt?: (url: string) => boolean } = {}): CookieBrowser {
  const jars = new Map<string, Map<string, string>>()

  function keepCookies(origin: string, response: Response) {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? ''
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }

  async function visit(url: string, fields: Record<string, string> | undefined): Promise<Page> {
    let next = { url, fields }
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const { origin } = new URL(next.url)
      if (stopAt?.(next.url)) return { url: next.url, status: 0, body: '' }
      const cookie = [...(jars.get(origin) ?? [])].map(([key, value]) => `${key}=${value}`).join('; ')
      const response = await fetch(next.url, {
        method: next.fields === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        headers: { ...(cookie === '' ? {} : { cookie }), origin },
        ...(next.fields === undefined ? {} : { body: new URLSearchParams(next.fields) }),
      })
      keepCookies(origin, response)
      const location = response.headers.get('location')
      const body = await response.text()
      if (location === null || response.status < 300 || response.status >= 400) {
        if (response.status >= 400) throw new Error(`${next.url} answered ${response.status}: ${body.slice(0, 300)}`)
        return { url: next.url, status: response.status, body }
      }
      next = { url: new URL(location, next.url).href, fields: undefined }
    }
    throw new Error(`too many redirects from ${url}`)
  }

  return { open: (url) => visit(url, undefined), submit: (url, fields) => visit(url, fields) }
}
