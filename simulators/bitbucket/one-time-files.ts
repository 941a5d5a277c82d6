import type { FastifyInstance } from 'fastify'
import type { Sim } from './state.ts'

export interface OneTimeFile {
  name: string
  contentType: string
  bytes: Buffer
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** An address outside the API that serves a file once, to whoever has it, for a limited time. */
export function offerOneTimeFile(sim: Sim, file: Omit<OneTimeFile, 'expiresAt'>): string {
  const now = sim.clock()
  for (const [token, { expiresAt }] of sim.oneTimeFiles) if (expiresAt <= now) sim.oneTimeFiles.delete(token)
  const token = sim.newSecret(40)
  sim.oneTimeFiles.set(token, { ...file, expiresAt: now + sim.switches.tracker.linkSeconds * 1000 })
  return `${sim.urls.web}/_files/${token}/${encodeURIComponent(file.name)}`
}

/** Serves what was offered. HEAD does not use an address up. */
export function registerOneTimeFiles(app: FastifyInstance, sim: Sim): void {
  app.get<{ Params: { token: string } }>('/_files/:token/:name', async (request, reply) => {
    const { token } = request.params
    const file = sim.oneTimeFiles.get(token)
    if (file === undefined || file.expiresAt <= sim.clock())
      return await reply.code(404).type('text/plain').send('Not Found')
    if (request.method === 'GET') sim.oneTimeFiles.delete(token)
    const name = encodeURIComponent(file.name)
    return await reply
      .headers({
        'content-disposition': `attachment; filename*=UTF-8''${name}`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .type(file.contentType)
      .send(file.bytes)
  })
}
