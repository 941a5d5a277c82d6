import * as z from 'zod'
import type { BitbucketCredential } from '../../bitbucket/credential.ts'
import type { JiraCredential } from '../../jira/credential.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'

const storedCredential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api_token'), email: z.string(), token: z.string() }),
  z.object({ kind: z.literal('app_password'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('access_token'), token: z.string() }),
  z.object({
    kind: z.literal('oauth'),
    accessToken: z.string(),
    refreshToken: z.string().nullable(),
    expiresAt: z.iso.datetime(),
  }),
  /** After disconnecting: nothing is left to use. */
  z.object({ kind: z.literal('forgotten') }),
])

/** A credential as it lies sealed in the database; for OAuth with what is needed to get the next one. */
export type StoredCredential = z.infer<typeof storedCredential>

function context({ organizationId, connectionId }: ConnectionKey): string {
  return `connection.sealed_credential ${organizationId}/${connectionId}`
}

export function sealCredential(box: SecretBox, key: ConnectionKey, credential: StoredCredential): string {
  return box.seal(JSON.stringify(credential), context(key))
}

/** Throws when the row was tampered with or the key is another. */
export function openCredential(box: SecretBox, key: ConnectionKey, sealed: string): StoredCredential {
  return storedCredential.parse(JSON.parse(box.open(sealed, context(key))))
}

/** What goes into the Authorization header; undefined for a forgotten credential. */
export function toBitbucketCredential(stored: StoredCredential): BitbucketCredential | undefined {
  if (stored.kind === 'forgotten') return undefined
  return stored.kind === 'oauth' ? { kind: 'oauth', accessToken: stored.accessToken } : stored
}

/** The same for Jira; undefined also for kinds it does not know. */
export function toJiraCredential(stored: StoredCredential): JiraCredential | undefined {
  if (stored.kind === 'oauth') return { kind: 'oauth', accessToken: stored.accessToken }
  return stored.kind === 'api_token' ? stored : undefined
}
