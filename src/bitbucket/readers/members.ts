import * as z from 'zod'
import { segment } from '../../lib/rest-client.ts'
import type { FeedRequest } from './feed-request.ts'
import { account } from './record.ts'

/** Who belongs to a workspace. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/ */
export function requestMembers(workspaceUuid: string): FeedRequest {
  return {
    path: `/workspaces/${segment(workspaceUuid)}/members`,
    what: 'list the members of the workspace',
    query: { pagelen: 100 },
  }
}

/** One membership. Of a deleted account nobody is left, which is nothing wrong. */
export const memberRecord = z
  .object({ user: account })
  .transform(({ user }) => ({ key: user?.uuid ?? 'nobody', account: user }))

export type MemberEntry = z.output<typeof memberRecord>
