import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import type { RandomBytes } from './ids.ts'

/** OWASP's recommended argon2id setting (19 MiB, two passes, one lane): https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 }
/** Scrypt of the same strength, where Node is older than 24.7 and has no argon2: 2^15 × 8 × 128 bytes = 32 MiB. */
const scryptCost = { log2N: 15, r: 8, p: 3 }
const saltBytes = 16
const tagBytes = 32
/** Longer input costs time without adding strength. */
const maximumPasswordLength = 1024

type ParsedHash = { kind: 'argon2id' | 'scrypt'; costs: ReadonlyMap<string, number>; salt: Buffer; tag: Buffer }

/** A password as a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). Refuses more than 1024 characters. */
export async function hashPassword(password: string, randomBytes: RandomBytes = crypto.randomBytes): Promise<string> {
  if (password.length > maximumPasswordLength) throw new RangeError('A password has at most 1024 characters.')
  const salt = Buffer.from(randomBytes(saltBytes))
  if (typeof crypto.argon2 !== 'function') {
    const { log2N, r, p } = scryptCost
    const tag = await scrypt({ password, salt, log2N, r, p, length: tagBytes })
    return `$scrypt$ln=${log2N},r=${r},p=${p}$${encode(salt)}$${encode(tag)}`
  }
  const tag = await argon2id({ password, salt, ...argon2Cost, length: tagBytes })
  const { memory, passes, parallelism } = argon2Cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`
}

/** Whether the password fits the hash, compared in constant time; false as well when the hash is none of ours. */
export async function verifyPassword(input: { hash: string; password: string }): Promise<boolean> {
  const parsed = parse(input.hash)
  if (parsed === undefined || input.password.length > maximumPasswordLength) return false
  const { costs, salt, tag } = parsed
  const cost = (name: string): number => costs.get(name) ?? 0
  const shared = { password: input.password, salt, length: tag.length }
  const found =
    parsed.kind === 'argon2id'
      ? await argon2id({ ...shared, memory: cost('m'), passes: cost('t'), parallelism: cost('p') })
      : await scrypt({ ...shared, log2N: cost('ln'), r: cost('r'), p: cost('p') })
  return found.length === tag.length && crypto.timingSafeEqual(found, tag)
}

type Argon2Input = {
  password: string
  salt: Buffer
  memory: number
  passes: number
  parallelism: number
  length: number
}

async function argon2id(input: Argon2Input): Promise<Buffer> {
  const { password, salt, memory, passes, parallelism, length } = input
  const message = password.normalize('NFKC')
  const options = { message, nonce: salt, memory, passes, parallelism, tagLength: length }
  return promisify(crypto.argon2)('argon2id', options)
}

type ScryptInput = { password: string; salt: Buffer; log2N: number; r: number; p: number; length: number }

async function scrypt(input: ScryptInput): Promise<Buffer> {
  const { log2N, r, p } = input
  const options = { N: 2 ** log2N, r, p, maxmem: 2 ** log2N * r * 256 }
  return new Promise((resolve, reject) => {
    crypto.scrypt(input.password.normalize('NFKC'), input.salt, input.length, options, (error, tag) =>
      error === null ? resolve(tag) : reject(error),
    )
  })
}

function parse(hash: string): ParsedHash | undefined {
  const match = /^\$(?:(argon2id)\$v=19|(scrypt))\$([a-z0-9=,]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash)
  if (match === null) return undefined
  const pairs = (match[3] ?? '').split(',').map((pair) => pair.split('='))
  return {
    kind: match[1] === 'argon2id' ? 'argon2id' : 'scrypt',
    costs: new Map(pairs.map(([name = '', value]) => [name, Number(value)])),
    salt: Buffer.from(match[4] ?? '', 'base64'),
    tag: Buffer.from(match[5] ?? '', 'base64'),
  }
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
