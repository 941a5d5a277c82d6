import { randomBytes as systemRandomBytes } from 'node:crypto'
import type { RandomBytes } from '../../../lib/ids.ts'
import { toUuid } from '../../access/invitation-link.ts'

export type LinkKey = { organizationId: string; id: string }

const secretBytes = 32

/** base64url of 32 random bytes, organization and link id: found without a search across tenants, and of one organization alone. */
export function makeLinkToken(key: LinkKey, randomBytes: RandomBytes = systemRandomBytes): string {
  const ids = Buffer.from(`${key.organizationId}${key.id}`.replaceAll('-', ''), 'hex')
  return Buffer.concat([randomBytes(secretBytes), ids]).toString('base64url')
}

/** Undefined when the text is no token of ours. */
export function parseLinkToken(text: string): LinkKey | undefined {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return undefined
  const hex = Buffer.from(text, 'base64url')
    .toString('hex')
    .slice(secretBytes * 2)
  return { organizationId: toUuid(hex.slice(0, 32)), id: toUuid(hex.slice(32)) }
}
