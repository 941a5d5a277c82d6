// A program with `openid-client`, which holds every answer against the OAuth standards.
import { decide } from './browser.mjs'
import { failure, input, load, report } from './packages.mjs'

const oauth = load('openid-client')
const { web, api, consumer } = input
const callback = `${input.callback}/callback`
const server = {
  issuer: web,
  authorization_endpoint: `${web}/site/oauth2/authorize`,
  token_endpoint: `${web}/site/oauth2/access_token`,
}
const client = new oauth.Configuration(server, consumer.key, consumer.secret)
oauth.allowInsecureRequests(client)

const who = async ({ access_token }) => {
  const reply = await fetch(`${api}/user`, { headers: { authorization: `Bearer ${access_token}` } })
  return (await reply.json()).display_name
}

async function authorize(decision) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
  const state = oauth.randomState()
  const url = oauth.buildAuthorizationUrl(client, {
    redirect_uri: callback,
    scope: 'account',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const { back } = await decide(url.href, decision)
  return await oauth.authorizationCodeGrant(client, new URL(back), { pkceCodeVerifier, expectedState: state })
}

const granted = await authorize('grant')
const denied = await failure(() => authorize('deny'))
const renewed = await oauth.refreshTokenGrant(client, granted.refresh_token)
const used = await failure(() => oauth.refreshTokenGrant(client, granted.refresh_token))

report({
  granted: [await who(granted), granted.token_type, granted.expiresIn() > 7000],
  denied: denied.error,
  renewed: await who(renewed),
  used: used.error,
  program: await who(await oauth.clientCredentialsGrant(client)),
})
