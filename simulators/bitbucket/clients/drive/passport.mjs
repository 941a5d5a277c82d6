// A web application with `passport-bitbucket-oauth20`, and the browser of a person who logs in to it.
import { createServer } from 'node:http'
import { decide, visitor } from './browser.mjs'
import { input, load, report } from './packages.mjs'

const passport = load('passport')
const { Strategy } = load('passport-bitbucket-oauth20')
const { web, api, consumer } = input

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

async function logIn(decision) {
  const away = await visitor()(`${home}/login`)
  const { back, asks } = await decide(away.to, decision)
  const { status, text } = await visitor()(back.replace(input.callback, home))
  const { tokens, profile, message } = JSON.parse(text)
  const who = profile && [profile.id, profile.displayName, profile.username, profile.emails]
  return { asks, status, tokens, who, message }
}

report({ granted: await logIn('grant'), denied: await logIn('deny') })
application.close()
application.closeAllConnections()
