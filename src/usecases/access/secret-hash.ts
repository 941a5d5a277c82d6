import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hexadecimal of a secret with 32 random bytes: such a one cannot be guessed, so it needs no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Compared in constant time. */
export function isSecretOf(hash: string, secret: string): boolean {
  const expected = Buffer.from(hash, 'hex')
  const given = createHash('sha256').update(secret).digest()
  return expected.length === given.length && timingSafeEqual(expected, given)
}
