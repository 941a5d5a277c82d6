// A web application with `passport-bitbucket-oauth20`, and the browser of a person who logs in to it.
import { createServer } from 'node:http'
import { input, load, report } from './packages.mjs'

const passport = load('passport')
const { Strategy } = load('passport-bitbucket-oauth20')
const { web, api, consumer, person } = input

/** Express as far as passport needs it. */
const application = createServer((request, response) => {
  request.query = Object.fromEntries(new URL(request.url, 'http://application').searchParams)
  response.redirect = (to) => response.writeHead(302, { location: to }).end()
  const end = (status, value) => response.writeHead(status).end(JSON.stringify(value))
  passport.authenticate('bitbucket', { session: false }, (error, user, info) =>
    error ? end(500, String(error)) : user ? end(200, user) : end(401, info ?? null),
  )(request, response, (error) => end(500, String(error)))
})
await new Promise((resolve) => application.listen(0, '127.0.0.1', resolve))
const home = `http://127.0.0.1:${application.address().port}`

passport.use(
  new Strategy(
    {
      clientID: consumer.key,
      clientSecret: consumer.secret,
      callbackURL: `${input.callback}/callback`,
      authorizationURL: `${web}/site/oauth2/authorize`,
      tokenURL: `${web}/site/oauth2/access_token`,
      userProfileURL: `${api}/user`,
      userEmailsURL: `${api}/user/emails`,
    },
    (accessToken, refreshToken, profile, done) =>
      done(null, { tokens: [accessToken.length > 20, refreshToken.length > 10], profile }),
  ),
)

/** A browser with one cookie jar per host, which follows redirects by hand to see each. */
function browser() {
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

async function logIn(decision) {
  const visit = browser()
  const away = await visit(`${home}/login`)
  const login = await visit(away.to)
  const form = await visit(login.to)
  const entered = await visit(login.to.split('?')[0], {
    ...hiddenFields(form.text),
    username: person.username,
    password: person.password,
  })
  const consent = await visit(entered.to)
  const back = await visit(`${web}/site/oauth2/authorize`, { ...hiddenFields(consent.text), decision })
  const { status, text } = await visit(back.to.replace(input.callback, home))
  const { tokens, profile, message } = JSON.parse(text)
  const who = profile && [profile.id, profile.displayName, profile.username, profile.emails]
  return { asks: consent.text.includes('Grant access'), status, tokens, who, message }
}

report({ granted: await logIn('grant'), denied: await logIn('deny') })
application.close()
application.closeAllConnections()
