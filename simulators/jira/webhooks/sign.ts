import { createHmac } from 'node:crypto'

/** The value of X-Hub-Signature: HMAC-SHA256 over the raw body. */
export function signBody(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}
