import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Simulator } from '../simulators/bitbucket/simulator.ts'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'
import type { WorldIds } from './connected-organization.ts'

/** Stores what the simulator delivers, as accepting does after its checks of signature. */
export async function listenForHooks({
  deps,
  simulator,
  ids,
}: {
  deps: SyncDeps
  simulator: Simulator
  ids: WorldIds
}) {
  const running = new Set<Promise<unknown>>()
  const server: Server = createServer((request, response) => {
    const work = (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const body = Buffer.concat(chunks)
      await deps.db
        .insertInto('delivery')
        .values({
          organization_id: ids.organizationId,
          id: deps.newId(),
          webhook_id: ids.webhookId,
          connection_id: ids.connectionId,
          remote_delivery_id: String(request.headers['x-request-uuid']),
          event_key: String(request.headers['x-event-key']),
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
  const [workspace] = simulator.sim.workspaces
  if (workspace === undefined) throw new Error('The simulator has no workspace.')
  simulator.sim.hooks.push({
    uuid: '{0f0f0f0f-0000-4000-8000-000000000001}',
    url: `http://127.0.0.1:${port}/`,
    description: 'Weir (test)',
    active: true,
    events: [
      'pullrequest:comment_created',
      'pullrequest:comment_updated',
      'pullrequest:comment_deleted',
      'pullrequest:comment_resolved',
      'pullrequest:comment_reopened',
      'pullrequest:updated',
      'repo:commit_comment_created',
      'issue:created',
      'issue:updated',
      'issue:comment_created',
    ],
    secret: null,
    skipCertVerification: false,
    historySince: null,
    subject: { kind: 'workspace', workspace },
    createdAt: new Date().toISOString(),
  })
  return {
    idle: async () => {
      await Promise.all(running)
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
