import { createHmac, randomBytes as systemRandomBytes } from 'node:crypto'
import type { RandomBytes } from './ids.ts'

const marker = 'whsec_'
const secretBytes = 32

/** A signing secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64. */
export function makeSigningSecret(randomBytes: RandomBytes = systemRandomBytes): string {
  return `${marker}${Buffer.from(randomBytes(secretBytes)).toString('base64')}`
}

/** What is signed: the id and the body as they travel, and the moment of sending. */
export type SignedMessage = { id: string; at: Date; body: string }

/**
 * The three headers of Standard Webhooks 1.0: id, seconds since 1970, and an HMAC-SHA256 in base64 for each secret, so that
 * a receiver that knows only one of two accepts it. https://github.com/standard-webhooks/standard-webhooks
 */
export function toSignedHeaders({ id, at, body }: SignedMessage, secrets: readonly string[]) {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(marker, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
