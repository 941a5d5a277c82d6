import { createCipheriv, createDecipheriv, createHash, randomBytes as systemRandomBytes } from 'node:crypto'
import type { RandomBytes } from './ids.ts'

/** Seals secrets for the database. `context` (table, column and row id) must be the same at opening: a sealed value moved to another row does not open. */
export type SecretBox = {
  seal: (plaintext: string, context: string) => string
  /** Throws when no key fits, the context differs or a byte was changed. */
  open: (sealed: string, context: string) => string
  /** The same secret under the first key; answers its argument when it is under that key already. */
  reseal: (sealed: string, context: string) => string
  /** Whether the value is sealed with another key than the first one. */
  isStale: (sealed: string) => boolean
}

const format = 'v1'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** The short public name of a key, written into each record: 8 hexadecimal digits of its SHA-256. */
export function secretKeyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}

/** AES-256-GCM over `keys` of 32 bytes: sealed with the first, opened with any. Throws without a key or with one of another length. */
export function createSecretBox(keys: readonly Uint8Array[], randomBytes: RandomBytes = systemRandomBytes): SecretBox {
  const [first] = keys
  if (first === undefined) throw new Error('A secret box needs at least one key.')
  if (keys.some((key) => key.length !== keyBytes)) throw new Error(`A secret key has ${keyBytes} bytes.`)
  const byId = new Map(keys.map((key) => [secretKeyId(key), key]))
  const firstId = secretKeyId(first)

  const seal = (plaintext: string, context: string): string => {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', first, nonce).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [format, firstId, Buffer.from(nonce).toString('base64url'), body.toString('base64url')].join('.')
  }
  const open = (sealed: string, context: string): string => {
    const { keyId, nonce, body } = parse(sealed)
    const key = byId.get(keyId)
    if (key === undefined) throw new Error(`No secret key with id ${keyId} is configured.`)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(context)).setAuthTag(body.subarray(body.length - tagBytes))
    return Buffer.concat([decipher.update(body.subarray(0, body.length - tagBytes)), decipher.final()]).toString('utf8')
  }
  const isStale = (sealed: string): boolean => parse(sealed).keyId !== firstId
  return {
    seal,
    open,
    isStale,
    reseal: (sealed, context) => (isStale(sealed) ? seal(open(sealed, context), context) : sealed),
  }
}

function parse(sealed: string): { keyId: string; nonce: Buffer; body: Buffer } {
  const [version, keyId, nonce, body, ...rest] = sealed.split('.')
  if (version !== format || keyId === undefined || nonce === undefined || body === undefined || rest.length > 0)
    throw new Error('This is not a sealed secret.')
  const record = { keyId, nonce: Buffer.from(nonce, 'base64url'), body: Buffer.from(body, 'base64url') }
  if (record.nonce.length !== nonceBytes || record.body.length < tagBytes)
    throw new Error('A sealed secret is cut off.')
  return record
}
