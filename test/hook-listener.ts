import type { Simulator } from '../simulators/bitbucket/simulator.ts'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'
import type { WorldIds } from './connected-organization.ts'
import { receiveDeliveries } from './receive-deliveries.ts'

/** Has the simulated Bitbucket deliver to this test. */
export async function listenForHooks({
  deps,
  simulator,
  ids,
}: {
  deps: SyncDeps
  simulator: Simulator
  ids: WorldIds
}) {
  const receiving = await receiveDeliveries({
    deps,
    ids,
    readHeader: (headers) => ({
      remoteDeliveryId: String(headers['x-request-uuid']),
      eventKey: String(headers['x-event-key']),
    }),
  })
  const [workspace] = simulator.sim.workspaces
  if (workspace === undefined) throw new Error('The simulator has no workspace.')
  simulator.sim.hooks.push({
    uuid: '{0f0f0f0f-0000-4000-8000-000000000001}',
    url: receiving.url,
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
  return receiving
}
