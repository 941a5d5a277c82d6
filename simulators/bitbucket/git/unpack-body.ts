import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SimulatorError } from '../simulator-error.ts'

/** git packs only what it asks for when it fetches: a few bytes for each commit that it knows. */
const largestUnpacked = 64 * 1024 * 1024

const unzip = promisify(gunzip)

/**
 * The body of a request as it was before it was packed. Done here and not by git's own server, so that who checks a
 * push reads the very bytes that are carried out. Throws 415 for an unknown encoding, 413 for too much, 400 for rubbish.
 */
export async function unpackBody(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return body
  if (name !== 'gzip' && name !== 'x-gzip') throw new SimulatorError(415, 'Unsupported content encoding')
  try {
    return await unzip(body, { maxOutputLength: largestUnpacked })
  } catch (error) {
    const isTooMuch = error instanceof RangeError
    throw isTooMuch ? new SimulatorError(413, 'Request too large') : new SimulatorError(400, 'Invalid gzip data')
  }
}
