import { randomBytes as systemRandomBytes } from 'node:crypto'
import type { RandomBytes } from '../../lib/ids.ts'
import { toUuid } from './invitation-link.ts'

export type ApiTokenKey = { organizationId: string; id: string }

const marker = 'weir_'
const secretBytes = 32
const shownCharacters = 8

/** `weir_` and base64url of 32 random bytes, organization and token id: found without a search across tenants. */
export function makeApiTokenText(key: ApiTokenKey, randomBytes: RandomBytes = systemRandomBytes): string {
  const ids = Buffer.from(`${key.organizationId}${key.id}`.replaceAll('-', ''), 'hex')
  return `${marker}${Buffer.concat([randomBytes(secretBytes), ids]).toString('base64url')}`
}

/** Undefined when the text is no token of ours. */
export function parseApiTokenText(text: string): ApiTokenKey | undefined {
  if (!/^weir_[A-Za-z0-9_-]{86}$/.test(text)) return undefined
  const hex = Buffer.from(text.slice(marker.length), 'base64url')
    .toString('hex')
    .slice(secretBytes * 2)
  return { organizationId: toUuid(hex.slice(0, 32)), id: toUuid(hex.slice(32)) }
}

/** What lists show, to tell tokens apart. */
export function prefixOf(text: string): string {
  return text.slice(0, marker.length + shownCharacters)
}
