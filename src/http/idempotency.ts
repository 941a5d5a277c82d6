import { createHash, type Hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../lib/app-error.ts'
import {
  deleteIdempotencyKeysBefore,
  type IdempotencyKey,
  recordIdempotentAnswer,
  releaseIdempotencyKey,
  type StoredAnswer,
  takeIdempotencyKey,
} from '../store/access/idempotency-keys.ts'
import type { HttpContext } from './context.ts'
import { readBody } from './request-body.ts'
import type { BoundRoute } from './route.ts'

type Context = Pick<HttpContext, 'db' | 'clock' | 'secretBox'>

const keptForMs = 24 * 3600 * 1000
/** Of a repeated body without a length; an accepted one was shorter. */
const comparedAtMostBytes = 1024 * 1024 * 1024

/**
 * Answers a creating POST once for each `Idempotency-Key` of a principal. Answers are kept sealed for a day, because
 * some hold a token or a link. A request that died half-way stays taken: its outcome is unknown, so it is not repeated.
 */
export function withIdempotency(context: Context, route: BoundRoute): BoundRoute['answer'] {
  const { definition, answer } = route
  const isCreating = definition.method === 'POST' && (definition.status === 201 || definition.status === 202)
  if (!isCreating || definition.access === 'public') return answer
  return async (request, reply) => {
    const key = readKey(request)
    if (key === undefined) return answer(request, reply)
    const hash = hashRequest(request, route.isStreamed)
    const now = context.clock()
    await deleteIdempotencyKeysBefore(context.db, key.organizationId, new Date(now.getTime() - keptForMs))
    const stored = await takeIdempotencyKey(context.db, key, { hash, at: now })
    if (route.isStreamed) request.bodyHash = createHash('sha256')
    if (stored !== undefined) {
      if (route.isStreamed) await compareBody({ request, reply, stored, hash })
      else if (stored.requestHash !== hash) throw anotherRequest()
      return replay({ context, key, stored, reply })
    }
    try {
      const given = await answer(request, reply)
      const sealedAnswer = context.secretBox.seal(JSON.stringify(given ?? null), sealContext(key))
      const requestHash = request.bodyHash === null ? hash : withBody(hash, request.bodyHash)
      await recordIdempotentAnswer(context.db, key, { status: definition.status, sealedAnswer, requestHash })
      return given
    } catch (error) {
      // A foreseen failure changed nothing; after any other one nobody knows, and the key stays taken.
      if (isAppError(error)) await releaseIdempotencyKey(context.db, key)
      throw error
    }
  }
}

function readKey(request: FastifyRequest): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || request.principal === null) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new AppError('validation_failed', 'Idempotency-Key: 1 to 255 visible ASCII characters.')
  const { organizationId, memberId, tokenId } = request.principal
  return { organizationId, principalId: tokenId ?? memberId, key }
}

/** Of a streamed body only the length is known yet: its content comes into the hash when it was read. */
function hashRequest(request: FastifyRequest, isStreamed: boolean): string {
  const body = isStreamed ? (request.headers['content-length'] ?? '') : JSON.stringify(request.body ?? null)
  return createHash('sha256').update(`${request.method} ${request.url}\n${body}`).digest('hex')
}

function withBody(hash: string, body: Hash): string {
  return `${hash} ${body.digest('hex')}`
}

type Comparison = { request: FastifyRequest; reply: FastifyReply; stored: StoredAnswer; hash: string }

/** Reads a repeated body to its end, keeping nothing of it. Throws `idempotency_conflict` when it is another one. */
async function compareBody({ request, reply, stored, hash }: Comparison): Promise<void> {
  await readBody({ request, reply }, async (body) => {
    const [head] = stored.requestHash.split(' ')
    if (head !== hash) throw anotherRequest()
    // What the first one carried is not known before it has ended.
    if (stored.status === null) throw notEnded()
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > comparedAtMostBytes) throw anotherRequest()
    }
    if (request.bodyHash === null || withBody(hash, request.bodyHash) !== stored.requestHash) throw anotherRequest()
  })
}

function anotherRequest(): AppError {
  return new AppError('idempotency_conflict', 'Use a new Idempotency-Key for another request.')
}

function notEnded(): AppError {
  return new AppError(
    'idempotency_conflict',
    'The first request with this Idempotency-Key has not ended. Look at what it did before you try again with a new key.',
  )
}

type Replay = { context: Context; key: IdempotencyKey; stored: StoredAnswer; reply: FastifyReply }

function replay({ context, key, stored, reply }: Replay): unknown {
  if (stored.status === null || stored.sealedAnswer === null) throw notEnded()
  void reply.header('idempotency-replayed', 'true')
  return JSON.parse(context.secretBox.open(stored.sealedAnswer, sealContext(key)))
}

function sealContext(key: IdempotencyKey): string {
  return `idempotency_key.response:${key.organizationId}:${key.principalId}:${key.key}`
}
