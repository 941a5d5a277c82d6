import { html } from '../../shared/html.ts'
import {
  type AuthorizationRequest,
  createAuthorizationCode,
  denyAuthorization,
  readAuthorizationRequest,
} from '../operations/oauth.ts'
import { type Answer, type PersonVisit, redirect, show } from './visit.ts'

const words: Record<string, string> = {
  account: 'Read your account information',
  'account:write': 'Read and change your account information',
  email: 'Read your e-mail addresses',
  project: 'Read the projects of your workspaces',
  'project:admin': 'Administer the projects of your workspaces',
  repository: 'Read your repositories and their source',
  'repository:write': 'Read and change your repositories',
  'repository:admin': 'Administer your repositories',
  'repository:delete': 'Delete your repositories',
  pullrequest: 'Read your repositories and comment on their pull requests',
  'pullrequest:write': 'Read and change your repositories and their pull requests',
  issue: "Read your repositories' issues",
  'issue:write': "Read and change your repositories' issues",
  wiki: "Read and change your repositories' wikis",
  webhook: "Read and change your repositories' webhooks",
  snippet: 'Read your snippets',
  'snippet:write': 'Read and change your snippets',
  pipeline: "Read your repositories' pipelines",
  'pipeline:write': "Read and run your repositories' pipelines",
  'pipeline:variable': "Read and change your repositories' pipeline variables",
  runner: "Read your workspaces' runners",
  'runner:write': "Read and change your workspaces' runners",
}

function hidden(request: AuthorizationRequest) {
  return html`<input type="hidden" name="client_id" value="${request.consumer.key}"><input type="hidden" name="response_type" value="code">
${request.redirectUri !== null && html`<input type="hidden" name="redirect_uri" value="${request.redirectUri}">`}
${request.state !== null && html`<input type="hidden" name="state" value="${request.state}">`}
${request.codeChallenge !== null && html`<input type="hidden" name="code_challenge" value="${request.codeChallenge}">`}`
}

export function showConsent(visit: PersonVisit): Answer {
  const request = readAuthorizationRequest(visit.sim, visit.query)
  const { consumer } = request
  const body = html`<h1>Confirm access to your account</h1>
<p><strong id="consumer-name">${consumer.name}</strong> of the workspace <strong>${consumer.workspace.name}</strong> is requesting access to the
following, as <strong>${visit.person.displayName}</strong>:</p>
<ul id="scopes">${consumer.scopes.map((scope) => html`<li>${words[scope] ?? scope} <code>${scope}</code></li>`)}</ul>
<p>This lets it use the simulated Bitbucket's API on your behalf, within the rights you have.</p>
<form method="post" action="/site/oauth2/authorize" class="row">${hidden(request)}
<button class="primary" name="decision" value="grant" id="grant-access">Grant access</button>
<button name="decision" value="deny" id="deny-access">Deny</button></form>`
  return show({ title: 'Grant access', body })
}

/** Only the button *Grant access* grants: a form without a decision denies. */
export function decideConsent(visit: PersonVisit): Answer {
  const request = readAuthorizationRequest(visit.sim, visit.form)
  if (visit.form.get('decision') !== 'grant') return redirect(denyAuthorization(request))
  return redirect(createAuthorizationCode(visit.sim, { ...request, person: visit.person }))
}
