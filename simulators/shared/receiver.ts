import { createServer, type IncomingHttpHeaders } from 'node:http'
import { parseJson } from './json.ts'

interface Caught {
  headers: IncomingHttpHeaders
  raw: Buffer
  body: unknown
}

export interface Receiver {
  url: string
  caught: Caught[]
  /** Status of the coming answers, in order; 200 when none is left. */
  answers: number[]
  /** Milliseconds to wait before answering. */
  delayMs: number
  close: () => Promise<void>
}

/** A server that takes webhooks and remembers them. */
export async function openReceiver(): Promise<Receiver> {
  const caught: Caught[] = []
  const answers: number[] = []
  const receiver: Receiver = { url: '', caught, answers, delayMs: 0, close: async () => undefined }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      caught.push({ headers: request.headers, raw, body: parseJson(raw.toString('utf8')) })
      const status = answers.shift() ?? 200
      setTimeout(() => response.writeHead(status).end(), receiver.delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  receiver.url = `http://127.0.0.1:${address.port}/hook`
  receiver.close = async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return receiver
}
