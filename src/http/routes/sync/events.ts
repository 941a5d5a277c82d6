import * as contract from '../../../../contract/sync/events.ts'
import { isStillAllowed } from '../../access.ts'
import type { HttpContext } from '../../context.ts'
import { createStreamLimit, openEventStream } from '../../event-stream.ts'
import type { LiveHub } from '../../live-hub.ts'
import { type BoundRoute, bind } from '../../route.ts'

const streamsPerMember = 20

export function eventRoutes(context: HttpContext, hub: LiveHub): BoundRoute[] {
  const takeStream = createStreamLimit(streamsPerMember)
  return [
    bind(contract.streamEvents, async ({ principal, request, reply }) => {
      reply.raw.once('close', takeStream(principal.memberId))
      const { access } = contract.streamEvents
      openEventStream({
        hub,
        principal,
        request,
        reply,
        isStillAllowed: async () => isStillAllowed(context, access, request),
      })
    }),
  ]
}
