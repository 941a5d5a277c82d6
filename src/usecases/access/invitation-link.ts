import { newSecret } from '../../lib/ids.ts'

export type InvitationKey = { organizationId: string; id: string }

/** Text of an invitation link: organization, invitation and 32 random bytes, so that looking it up needs no search across tenants. */
export function makeInvitationToken(key: InvitationKey): string {
  const ids = Buffer.from(`${key.organizationId}${key.id}`.replaceAll('-', ''), 'hex').toString('base64url')
  return `${ids}.${newSecret(32)}`
}

/** Undefined when it is none. */
export function parseInvitationToken(token: string): InvitationKey | undefined {
  const [ids = '', secret = '', ...rest] = token.split('.')
  const hex = Buffer.from(ids, 'base64url').toString('hex')
  if (hex.length !== 64 || secret.length !== 43 || rest.length > 0) return undefined
  return { organizationId: toUuid(hex.slice(0, 32)), id: toUuid(hex.slice(32)) }
}

/** The part behind # never reaches a server, a log or a referrer. */
export function toInvitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/invitation#${token}`
}

/** 32 hexadecimal digits with the dashes of a UUID. */
export function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
