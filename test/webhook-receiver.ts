import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: Record<string, string>; body: string }

/** A receiver of webhooks on a free port; answers what it is told to, 204 otherwise. */
export async function startReceiver() {
  const received: Received[] = []
  const state = { status: 204, headers: {} as Record<string, string>, text: '' }
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const)
      received.push({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() })
      response.writeHead(state.status, state.headers).end(state.status === 204 ? undefined : state.text)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo
  return {
    received,
    state,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hooks/weir?token=canary-in-address`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
