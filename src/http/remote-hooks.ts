import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { type RemoteKind, remoteKinds } from '../domain/remote-kind.ts'
import { AppError, type ErrorCode } from '../lib/app-error.ts'
import { type AcceptDeliveryDeps, acceptDelivery, type RefusalReason } from '../usecases/remotes/accept-delivery.ts'
import { createDeliveryIntake } from '../usecases/remotes/delivery-intake.ts'
import { largestDeliveryBytes } from '../usecases/remotes/read-delivery.ts'
import type { HttpContext } from './context.ts'

const hookParams = z.object({ organizationId: z.string(), webhookId: z.string() })
/** Far above what a workspace sends, far below what would fill the queue in an hour. */
const deliveriesPerMinute = 120_000

/** Where remotes deliver. Any type of content: only the signature over the raw bytes decides. */
export function registerRemoteHooks(server: FastifyInstance, context: HttpContext): void {
  const deps = { ...context, db: context.timedDb }
  const intake = createDeliveryIntake(deps)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const kind of remoteKinds) registerHooksOf(server, { ...deps, intake }, kind)
}

function registerHooksOf(server: FastifyInstance, deps: AcceptDeliveryDeps, kind: RemoteKind): void {
  server.post<{ Params: z.infer<typeof hookParams> }>(
    `/hooks/${kind}/:organizationId/:webhookId`,
    {
      schema: { hide: true, params: hookParams },
      bodyLimit: largestDeliveryBytes[kind],
      config: { rateLimit: { max: deliveriesPerMinute, timeWindow: 60_000 } },
      logLevel: 'warn',
      // No browser reads these answers, and they come by the hundred a second.
      helmet: false,
    },
    async (request, reply) => {
      const { organizationId, webhookId } = request.params
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { headers } = request
      const outcome = await acceptDelivery(deps, { kind, organizationId, webhookId, rawBody, headers })
      if (outcome.kind === 'refused') throw toRefusal(outcome.reason)
      return reply.code(202).send({ state: outcome.kind })
    },
  )
}

const refusals: Readonly<Record<RefusalReason, readonly [ErrorCode, string]>> = {
  unsigned: ['unauthenticated', 'The delivery is not signed.'],
  bad_signature: ['unauthenticated', 'The signature does not fit the body.'],
  unknown_webhook: ['not_found', 'There is no webhook with this address.'],
  too_large: ['payload_too_large', 'The delivery is larger than is taken in.'],
  id_reused: ['conflict', 'Another delivery came with the same id.'],
  malformed: ['validation_failed', 'The headers are not those of a delivery.'],
}

function toRefusal(reason: RefusalReason): AppError {
  const [code, detail] = refusals[reason]
  return new AppError(code, detail)
}
