import * as z from 'zod'
import { listKeys } from '../../domain/delivery/remediation/list-keys.ts'
import type { FeedRequest } from './feed-request.ts'
import { text } from './record.ts'

/**
 * The tasks of one pull request; what is beyond a hundred of them is not read.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
 */
export function requestTasks(repositoryPath: string, pullRequestId: number): FeedRequest {
  return {
    path: `${repositoryPath}/pullrequests/${pullRequestId}/tasks`,
    what: `list the tasks of pull request ${pullRequestId}`,
    query: { pagelen: 100 },
  }
}

/** Keys that stand in a task, such as `SHOP-12`, and the comment it hangs on. Its words are not kept. */
export const taskRecord = z
  .object({
    content: z.object({ raw: text.nullish() }).nullish().catch(null),
    comment: z
      .object({ id: z.union([z.number(), z.string()]).transform(String) })
      .nullish()
      .catch(null),
  })
  .transform(({ content, comment }) => ({ keys: listKeys(content?.raw ?? ''), commentId: comment?.id ?? null }))
