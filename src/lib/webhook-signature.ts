import { createHmac, timingSafeEqual } from 'node:crypto'

/** Why a signature was not accepted. */
export type SignatureVerdict = 'valid' | 'unsigned' | 'invalid'

const form = /^sha256=([0-9a-f]{64})$/i

/**
 * Judges `X-Hub-Signature` over the bytes as they came: HMAC-SHA256 alone, in constant time, with any of the secrets
 * (two while one is being replaced). Without a secret nothing is ever valid.
 */
export function verifyWebhookSignature(input: {
  rawBody: Uint8Array
  signature: string | undefined
  secrets: readonly string[]
}): SignatureVerdict {
  if (input.signature === undefined || input.signature === '') return 'unsigned'
  const given = form.exec(input.signature)?.[1]
  if (given === undefined) return 'invalid'
  const bytes = Buffer.from(given, 'hex')
  const verdicts = input.secrets
    .filter((secret) => secret !== '')
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(input.rawBody).digest(), bytes))
  return verdicts.includes(true) ? 'valid' : 'invalid'
}
