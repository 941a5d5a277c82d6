import { type Html, html } from '../../shared/html.ts'
import { scopeWords } from '../auth/scopes.ts'
import {
  type AuthorizationRequest,
  createAuthorizationCode,
  denyAuthorization,
  OAuthError,
  readAuthorizationRequest,
} from '../operations/oauth.ts'
import { type Answer, type PersonVisit, redirect, show } from './visit.ts'

function hidden(request: AuthorizationRequest): Html {
  const fields: Record<string, string | null> = {
    audience: 'api.atlassian.com',
    response_type: 'code',
    client_id: request.app.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(' '),
    state: request.state,
  }
  return html`${Object.entries(fields).map(
    ([name, value]) => value !== null && html`<input type="hidden" name="${name}" value="${value}">`,
  )}`
}

export function showConsent(visit: PersonVisit): Answer {
  const request = readAuthorizationRequest(visit.sim, visit.query)
  const { sim, person } = visit
  const site = html`<p>Use app on <strong id="site-name">${sim.site.name}</strong> (${sim.url})</p>`
  const body = html`<h1>${request.app.name} is requesting access to your Atlassian account</h1>
${person.hasSiteAccess ? site : html`<p class="problem">You have no site with Jira.</p>`}
<p>As <strong>${person.displayName}</strong> it would like to:</p>
<ul id="scopes">${request.scopes.map((scope) => html`<li>${scopeWords[scope] ?? scope} <code>${scope}</code></li>`)}</ul>
<form method="post" action="/authorize" class="row">${hidden(request)}
<button class="primary" name="decision" value="accept" id="accept">Accept</button>
<button name="decision" value="cancel" id="cancel">Cancel</button></form>`
  return show({ title: 'Authorize app', body })
}

/** Only the button *Accept* grants: a form without a decision denies. */
export function decideConsent(visit: PersonVisit): Answer {
  const request = readAuthorizationRequest(visit.sim, visit.form)
  if (visit.form.get('decision') !== 'accept') return redirect(denyAuthorization(request))
  if (!visit.person.hasSiteAccess) throw new OAuthError(403, 'access_denied', 'You have no site with Jira.')
  return redirect(createAuthorizationCode(visit.sim, visit.person, request))
}
