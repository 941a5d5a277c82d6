import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'

type Header = { remoteDeliveryId: string; eventKey: string }

type Receiving = {
  deps: SyncDeps
  ids: { organizationId: string; webhookId: string; connectionId: string }
  readHeader: (headers: IncomingHttpHeaders, body: Buffer) => Header
}

/** Stores what a simulator delivers, as accepting does after its checks of signature. */
export async function receiveDeliveries({ deps, ids, readHeader }: Receiving) {
  const running = new Set<Promise<unknown>>()
  const server = createServer((request, response) => {
    const work = (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const body = Buffer.concat(chunks)
      const { remoteDeliveryId, eventKey } = readHeader(request.headers, body)
      await deps.db
        .insertInto('delivery')
        .values({
          organization_id: ids.organizationId,
          id: deps.newId(),
          webhook_id: ids.webhookId,
          connection_id: ids.connectionId,
          remote_delivery_id: remoteDeliveryId,
          event_key: eventKey,
          body,
          body_sha256: createHash('sha256').update(body).digest('hex'),
          state: 'received',
          received_at: deps.clock(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      response.writeHead(202).end()
    })()
    running.add(work)
    void work.finally(() => running.delete(work))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    idle: async () => {
      await Promise.all(running)
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
