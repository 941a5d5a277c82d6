import type { FastifyInstance } from 'fastify'
import type { Attachment } from './model.ts'
import type { Sim } from './state.ts'

/** How long an address of a file works; the real one's are signed for about as long. */
const linkMs = 10 * 60_000

/** The address of a file outside of the API, for whoever has it. */
export function offerMedia(sim: Sim, attachment: Attachment): string {
  const token = sim.newSecret(40)
  sim.media.set(token, { attachment, expiresAt: sim.clock() + linkMs })
  return `${sim.url}/_media/${token}`
}

/** Serves what was offered. Its address says who may have it: a credential beside it is refused. */
export function registerMedia(app: FastifyInstance, sim: Sim): void {
  app.get<{ Params: { token: string } }>('/_media/:token', async (request, reply) => {
    const found = sim.media.get(request.params.token)
    if (request.headers.authorization !== undefined)
      return await reply.code(400).type('text/plain').send('Only one auth mechanism is allowed.')
    if (found === undefined || found.expiresAt <= sim.clock())
      return await reply.code(404).type('text/plain').send('Not Found')
    const { mimeType, bytes, filename } = found.attachment
    return await reply
      .headers({
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
        'x-content-type-options': 'nosniff',
      })
      .type(mimeType)
      .send(bytes)
  })
}
