/** What proves who we are to Bitbucket, by way of connecting. */
export type BitbucketCredential =
  | { readonly kind: 'api_token'; readonly email: string; readonly token: string }
  | { readonly kind: 'app_password'; readonly username: string; readonly password: string }
  | { readonly kind: 'access_token'; readonly token: string }
  | { readonly kind: 'oauth'; readonly accessToken: string }

export type BitbucketAuthKind = BitbucketCredential['kind']

/**
 * The two secrets of the three-field form: an e-mail goes with an API token, a user name with an app password.
 * https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
 */
export function toBasicCredential(
  username: string,
  secret: string,
): Extract<BitbucketCredential, { kind: 'api_token' | 'app_password' }> {
  return username.includes('@')
    ? { kind: 'api_token', email: username, token: secret }
    : { kind: 'app_password', username, password: secret }
}

/** The value of the Authorization header. */
export function toAuthorization(credential: BitbucketCredential): string {
  switch (credential.kind) {
    case 'api_token':
      return basic(credential.email, credential.token)
    case 'app_password':
      return basic(credential.username, credential.password)
    case 'access_token':
      return `Bearer ${credential.token}`
    case 'oauth':
      return `Bearer ${credential.accessToken}`
    default:
      return credential satisfies never
  }
}

function basic(username: string, secret: string): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`
}
