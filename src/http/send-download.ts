import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'

type Download = {
  fileName: string
  mediaType: string
  headers: Readonly<Record<string, string>>
  chunks: AsyncGenerator<Chunk>
}

type Chunk = string | Uint8Array

/**
 * Sends a file of unknown length as it is made, no faster than it is received. A failure before the first chunk is an
 * answer like others; after it the connection is cut, so that nobody takes half a file for a whole one.
 */
export async function sendDownload(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { fileName, mediaType, headers, chunks }: Download,
): Promise<void> {
  const first = await chunks.next()
  const { raw } = reply
  void reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    ...headers,
    'content-type': mediaType,
    'content-disposition': `attachment; ${toFileName(fileName)}`,
    'cache-control': 'no-store',
  })
  try {
    await pipeline(Readable.from(withFirst(first, chunks)), raw)
  } catch (error) {
    request.log.warn({ err: error }, 'a download was broken off')
    raw.destroy()
  }
}

async function* withFirst(first: IteratorResult<Chunk>, rest: AsyncGenerator<Chunk>): AsyncGenerator<Chunk> {
  if (first.done !== true) yield first.value
  yield* rest
}

/** Names that are more than plain letters are spelled as https://www.rfc-editor.org/rfc/rfc8187#section-3.2 says. */
function toFileName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return `filename="${name}"`
  const spelled = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `filename*=UTF-8''${spelled}`
}
