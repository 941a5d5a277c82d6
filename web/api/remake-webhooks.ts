import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ApiProblem } from './api-problem.ts'
import { call } from './call.ts'

/** As many repositories as one choice may name. */
const most = 2000

/** Repositories of the workspace that are assets, by their UUIDs. */
async function listTaken(id: string): Promise<string[]> {
  const uuids: string[] = []
  let cursor: string | undefined
  do {
    const page = await call('listRemoteRepositories', { params: { id }, query: { cursor, limit: 100 } })
    uuids.push(...page.items.filter((item) => item.asset_id !== null).map((item) => item.uuid))
    cursor = page.next ?? undefined
  } while (cursor !== undefined && uuids.length < most)
  return uuids.slice(0, most)
}

/** Chooses the repositories again that are assets already: the webhooks they lack are made then. */
export function useRemakeWebhooks(id: string) {
  const client = useQueryClient()
  return useMutation<{ queued: boolean }, ApiProblem>({
    mutationFn: async () => {
      const uuids = await listTaken(id)
      return call('chooseRepositories', { params: { id }, body: { selection: { kind: 'some', uuids } } })
    },
    onSuccess: async () =>
      Promise.all(
        (['getConnectionProgress', 'listWebhooks', 'getConnection'] as const).map((route) =>
          client.invalidateQueries({ queryKey: [route] }),
        ),
      ),
  })
}
