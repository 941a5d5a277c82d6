import type { GitSecret } from './git-process.ts'

/** How a connection may prove who it is to git over HTTPS. */
export type GitCredential =
  | { kind: 'api_token'; token: string }
  | { kind: 'app_password'; username: string; password: string }
  | { kind: 'access_token'; token: string }
  | { kind: 'oauth'; accessToken: string }

/**
 * User name and password for git; tokens go under a literal name.
 * https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/ and .../using-access-tokens/
 */
export function toGitLogin(credential: GitCredential): GitSecret {
  switch (credential.kind) {
    case 'api_token':
      return oneLine({ username: 'x-bitbucket-api-token-auth', password: credential.token })
    case 'app_password':
      return oneLine({ username: credential.username, password: credential.password })
    case 'access_token':
      return oneLine({ username: 'x-token-auth', password: credential.token })
    case 'oauth':
      return oneLine({ username: 'x-token-auth', password: credential.accessToken })
    default:
      return credential satisfies never
  }
}

/** The pipe to git tells them line by line; a line end inside would tell git something else. */
const clean = (text: string): string => text.replace(/[\r\n\0]/g, '')

function oneLine({ username, password }: GitSecret): GitSecret {
  return { username: clean(username), password: clean(password) }
}
