/**
 * What proves who we are to Jira. An API token without scopes works at the site, one with scopes and OAuth at the gateway
 * api.atlassian.com alone: https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
 */
export type JiraCredential =
  | { readonly kind: 'api_token'; readonly email: string; readonly token: string }
  | { readonly kind: 'oauth'; readonly accessToken: string }

/** The value of the Authorization header. */
export function toAuthorization(credential: JiraCredential): string {
  switch (credential.kind) {
    case 'api_token':
      return `Basic ${Buffer.from(`${credential.email}:${credential.token}`).toString('base64')}`
    case 'oauth':
      return `Bearer ${credential.accessToken}`
    default:
      return credential satisfies never
  }
}
