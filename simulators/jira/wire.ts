import type { FastifyReply } from 'fastify'

/** What goes over the wire. */
export interface Wire {
  status: number
  headers: Record<string, string>
  body: string
}

export type Outcome = Wire | { cut: 'whole' } | { cut: 'in_body'; wire: Wire }

/** Sends an outcome, or ends the connection where it says so. */
export async function sendOutcome(reply: FastifyReply, outcome: Outcome): Promise<void> {
  if (!('cut' in outcome)) {
    await reply.code(outcome.status).headers(outcome.headers).send(outcome.body)
    return
  }
  reply.hijack()
  // An answer without a body has no middle.
  if (outcome.cut === 'whole' || outcome.wire.body === '') {
    reply.raw.socket?.destroy()
    return
  }
  const { status, headers, body } = outcome.wire
  const bytes = Buffer.from(body)
  // The length of the whole is announced, so that what arrives is known to be too little.
  reply.raw.writeHead(status, { ...headers, 'content-length': String(bytes.length) })
  reply.raw.flushHeaders()
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.socket?.destroy())
}
