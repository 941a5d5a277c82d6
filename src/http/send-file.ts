import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { isSafeImage } from '../domain/evidence-type.ts'

type SentFile = { name: string; type: string; bytes: number; content: AsyncIterable<Uint8Array> }

/** Sends a file people gave. It must never act as a page of ours: only images are shown, and nothing in them runs. */
export async function sendFile(reply: FastifyReply, file: SentFile): Promise<void> {
  const isShown = isSafeImage(file.type)
  const ascii = file.name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(file.name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16)}`,
  )
  await reply
    .header('content-type', isShown ? file.type : 'application/octet-stream')
    .header(
      'content-disposition',
      `${isShown ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    )
    .header('content-length', file.bytes)
    .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    // What it shows never changes under its id; whoever else uses the browser is not served from its store.
    .header('cache-control', 'private, no-store')
    // One that reads from something open is closed as it is where nobody is there to receive it; a new one around it is not.
    .send(file.content instanceof Readable ? file.content : Readable.from(file.content))
}
