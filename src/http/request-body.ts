import type { Hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../lib/app-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Takes in a streamed body as it is read; set by whoever wants to know afterwards which bytes came. */
    bodyHash: Hash | null
  }
}

/** What is still read, and for how long, of an upload that was refused, so that its sender gets to read the answer. */
const drainAtMostBytes = 1024 * 1024 * 1024
const drainWithinMs = 30_000

type Exchange = { request: FastifyRequest; reply: FastifyReply }

/**
 * Hands the body on as it streams in. When `work` fails before the end, the rest is read and thrown away within limits:
 * a connection with unread bytes would hang with its next request. Throws `validation_failed` when the sender left.
 */
export async function readBody<Result>(
  { request, reply }: Exchange,
  work: (body: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  const { raw } = request
  try {
    return await work(readHashed(request))
  } catch (error) {
    if (raw.destroyed && !raw.complete)
      throw new AppError('validation_failed', 'The upload broke off before its end.', { cause: error })
    if (!(await drain(raw))) void reply.header('connection', 'close')
    throw error
  }
}

/** The same for a file that is sent itself. Throws `unsupported_media_type` for types that a form of another site could send. */
export async function readFileBody<Result>(
  exchange: Exchange,
  work: (body: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  return readBody(exchange, async (body) => {
    if (!/^application\/octet-stream($|;)/i.test(exchange.request.headers['content-type'] ?? ''))
      throw new AppError('unsupported_media_type', 'Send the file itself as application/octet-stream.')
    return work(body)
  })
}

async function* readHashed({ raw, bodyHash }: FastifyRequest): AsyncGenerator<Uint8Array> {
  for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
    bodyHash?.update(chunk)
    yield chunk
  }
}

async function drain(raw: FastifyRequest['raw']): Promise<boolean> {
  const deadlineMs = performance.now() + drainWithinMs
  let left = drainAtMostBytes
  const timer = setTimeout(() => raw.destroy(), drainWithinMs)
  try {
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
      left -= chunk.length
      if (left < 0 || performance.now() > deadlineMs) return false
    }
    return true
  } catch {
    // Gone: nobody waits for the answer any more.
    return false
  } finally {
    clearTimeout(timer)
  }
}
