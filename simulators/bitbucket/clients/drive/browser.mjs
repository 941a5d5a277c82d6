// The browser of a person who is sent to Bitbucket to log in and to say what a client may do.
import { input } from './packages.mjs'

/** A browser with one cookie jar per host, which follows redirects by hand to see each. */
export function visitor() {
  const jar = new Map()
  return async (url, form) => {
    const { host } = new URL(url)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: jar.get(host) ?? '' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) jar.set(host, cookie.split(';')[0])
    const to = response.headers.get('location')
    return { status: response.status, to: to === null ? undefined : new URL(to, url).href, text: await response.text() }
  }
}

/** Every hidden field of the page's form, as a browser would send them. */
const hiddenFields = (text) =>
  Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value.replaceAll('&amp;', '&').replaceAll('&quot;', '"'),
    ]),
  )

/** Logs in where `url` leads, grants or denies, and answers the address that the browser is sent back to. */
export async function decide(url, decision) {
  const { web, person } = input
  const visit = visitor()
  const login = await visit(url)
  const form = await visit(login.to)
  const entered = await visit(login.to.split('?')[0], {
    ...hiddenFields(form.text),
    username: person.username,
    password: person.password,
  })
  const consent = await visit(entered.to)
  const back = await visit(`${web}/site/oauth2/authorize`, { ...hiddenFields(consent.text), decision })
  return { back: back.to, asks: consent.text.includes('Grant access') }
}
