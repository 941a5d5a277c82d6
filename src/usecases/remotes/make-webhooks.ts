import { ensureWebhook, type WebhookDeps } from './ensure-webhook.ts'
import type { OpenConnection } from './open-connection.ts'
import { toBitbucketHooks } from './remote-hooks.ts'
import type { SetUpProgress } from './set-up-progress.ts'

type Known = { id: string; remoteUuid: string }

/** One hook for the workspace where the account may make it; one a repository otherwise. Answers what went wrong, in sentences. */
export async function makeWebhooks(
  deps: WebhookDeps,
  opened: OpenConnection,
  { repositories, note }: { repositories: readonly Known[]; note: (change: Partial<SetUpProgress>) => Promise<void> },
): Promise<string[]> {
  const { connection } = opened
  if (connection.is_administrator) {
    await note({ webhooks_done: 0, webhooks_total: 1 })
    const made = await ensureWebhook(deps, { connection, hooks: toBitbucketHooks(opened, null), repositoryId: null })
    if (made.health === 'ok') {
      await note({ webhooks_done: 1 })
      return []
    }
    // Refused for another reason than rights: a hook a repository would be refused as well.
    if (made.health !== 'forbidden') return made.reason === null ? [] : [made.reason]
  }
  await note({ webhooks_done: 0, webhooks_total: repositories.length })
  const reasons = new Map<string, number>()
  for (const [index, repository] of repositories.entries()) {
    const hooks = toBitbucketHooks(opened, repository.remoteUuid)
    const made = await ensureWebhook(deps, { connection, hooks, repositoryId: repository.id })
    if (made.reason !== null) reasons.set(made.reason, (reasons.get(made.reason) ?? 0) + 1)
    await note({ webhooks_done: index + 1 })
  }
  return [...reasons].map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} repositories)`))
}
