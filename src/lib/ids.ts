import { randomFillSync } from 'node:crypto'
import { type Clock, systemClock } from './clock.ts'

/** `length` bytes nobody can guess. */
export type RandomBytes = (length: number) => Uint8Array

/** Random bytes are asked of the system a page at a time: a call of its own for each id costs more than the id. */
const pool = Buffer.alloc(4096)
let poolUsed = pool.length

function systemRandomBytes(length: number): Uint8Array {
  if (length > pool.length) return randomFillSync(Buffer.alloc(length))
  if (poolUsed + length > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  const bytes = Uint8Array.from(pool.subarray(poolUsed, poolUsed + length))
  // What was given out is not kept where a dump of the memory would show it again.
  pool.fill(0, poolUsed, poolUsed + length)
  poolUsed += length
  return bytes
}

/** Where an id's time and randomness come from; both default to the machine's own. */
export type IdSource = { clock?: Clock; randomBytes?: RandomBytes }

/** Makes a fresh id at each call. */
export type NewId = () => string

/** The 12 bits after the version: a counter inside one millisecond keeps ids of one source in order. */
const counterLimit = 0x1000

/** A UUID version 7 (RFC 9562): lower case, sortable by its millisecond. */
export function newId(source: IdSource = {}): string {
  const random = (source.randomBytes ?? systemRandomBytes)(10)
  const counter = (((random[0] ?? 0) << 8) | (random[1] ?? 0)) % counterLimit
  return format((source.clock ?? systemClock)().getTime(), counter, random.subarray(2))
}

/** A source of UUIDs version 7 that never go backwards, even when many fall into one millisecond or the clock is set back. */
export function createNewId(source: IdSource = {}): NewId {
  const clock = source.clock ?? systemClock
  const randomBytes = source.randomBytes ?? systemRandomBytes
  let lastMs = 0
  let counter = 0
  return () => {
    const nowMs = clock().getTime()
    counter = nowMs > lastMs ? 0 : counter + 1
    lastMs = Math.max(nowMs, lastMs)
    if (counter === counterLimit) {
      counter = 0
      lastMs += 1
    }
    return format(lastMs, counter, randomBytes(8))
  }
}

/** An unguessable text of `byteLength` random bytes in base64url (32 bytes give 43 characters). */
export function newSecret(byteLength: number, randomBytes: RandomBytes = systemRandomBytes): string {
  return Buffer.from(randomBytes(byteLength)).toString('base64url')
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function format(ms: number, counter: number, tail: Uint8Array): string {
  const hex = (place: number): string => hexOfByte[tail[place] ?? 0] ?? ''
  const time = ms.toString(16).padStart(12, '0')
  const version = (0x7000 | counter).toString(16)
  const variant = hexOfByte[0x80 | ((tail[0] ?? 0) & 0x3f)] ?? ''
  const node = `${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${hex(1)}-${node}`
}
