import { createHash } from 'node:crypto'
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
import type { BoundRoute } from './route.ts'

type Context = Pick<HttpContext, 'db' | 'clock' | 'secretBox'>

const keptForMs = 24 * 3600 * 1000

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
    if (stored !== undefined) return replay({ context, key, stored, hash, reply })
    try {
      const given = await answer(request, reply)
      const sealedAnswer = context.secretBox.seal(JSON.stringify(given ?? null), sealContext(key))
      await recordIdempotentAnswer(context.db, key, { status: definition.status, sealedAnswer })
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

/** A streamed body is known by its length alone; what it does is idempotent by its own hash. */
function hashRequest(request: FastifyRequest, isStreamed: boolean): string {
  const body = isStreamed ? (request.headers['content-length'] ?? '') : JSON.stringify(request.body ?? null)
  return createHash('sha256').update(`${request.method} ${request.url}\n${body}`).digest('hex')
}

type Replay = { context: Context; key: IdempotencyKey; stored: StoredAnswer; hash: string; reply: FastifyReply }

function replay({ context, key, stored, hash, reply }: Replay): unknown {
  if (stored.requestHash !== hash)
    throw new AppError('idempotency_conflict', 'Use a new Idempotency-Key for another request.')
  if (stored.status === null || stored.sealedAnswer === null)
    throw new AppError(
      'idempotency_conflict',
      'The first request with this Idempotency-Key has not ended. Look at what it did before you try again with a new key.',
    )
  void reply.header('idempotency-replayed', 'true')
  return JSON.parse(context.secretBox.open(stored.sealedAnswer, sealContext(key)))
}

function sealContext(key: IdempotencyKey): string {
  return `idempotency_key.response:${key.organizationId}:${key.principalId}:${key.key}`
}
