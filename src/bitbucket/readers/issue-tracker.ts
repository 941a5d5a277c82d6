import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import type { BitbucketClient } from '../client.ts'

const anyPage = z.object({ values: z.array(z.unknown()) })

/**
 * Whether the host still has its own issue tracker, asked of one repository. bitbucket.org answers 410 since 2026-08-20
 * (https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3071); 404 is a host with trackers where this
 * repository's is switched off; a missing scope also shows that there is something to have a scope for.
 */
export async function findIssueTracker(
  client: BitbucketClient,
  input: { workspace: string; repository: string; lane: RequestLane },
): Promise<{ kind: 'gone' | 'off' | 'on' } | { kind: 'scope_missing'; required: string[] }> {
  try {
    await client.get(`/repositories/${segment(input.workspace)}/${segment(input.repository)}/issues`, {
      what: 'read issues',
      lane: input.lane,
      schema: anyPage,
      query: { pagelen: 1 },
    })
    return { kind: 'on' }
  } catch (error) {
    if (isAppError(error, 'remote_gone')) return { kind: 'gone' }
    if (isAppError(error, 'remote_not_found') || isAppError(error, 'remote_forbidden')) return { kind: 'off' }
    if (isAppError(error, 'scope_missing')) {
      const required = z.array(z.string()).safeParse(error.meta?.['required'])
      return { kind: 'scope_missing', required: required.success ? required.data : [] }
    }
    throw error
  }
}
