import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../lib/app-error.ts'

/** Ten times the largest file of today; what unpacks to more is none of them. */
const mostBytes = 512 * 1024 * 1024

/** A file as it is published: the bytes of it, unpacked where it is gzip, whatever its name. Throws `intelligence_invalid`. */
export async function* unpack(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    head = Buffer.concat([head, next.value])
    if (head.length >= 2) break
  }
  const whole = startWith(head, pieces)
  const isPacked = head[0] === 0x1f && head[1] === 0x8b
  yield* limit(isPacked ? gunzip(whole) : whole)
}

async function* startWith(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const target = createGunzip()
  const feeding = pipeline(Readable.from(packed), target)
  // Its failure is that of the target, which is read below.
  feeding.catch(() => undefined)
  try {
    for await (const chunk of target) if (chunk instanceof Uint8Array) yield chunk
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))) throw cause
    throw new AppError(
      'intelligence_invalid',
      'The packed file is cut short or damaged. Nothing of it was taken. Fetch it again.',
      { cause },
    )
  }
}

async function* limit(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.length
    if (read > mostBytes)
      throw new AppError(
        'intelligence_invalid',
        'The file is larger than any that is published. Nothing of it was taken.',
      )
    yield chunk
  }
}
