import { needs } from '../auth/scopes.ts'
import type { Endpoint } from '../call.ts'
import { trackerPartKinds } from '../model/issue-tracker.ts'
import { notFound } from '../simulator-error.ts'
import { issueAttachmentEndpoints } from './issue-attachments.ts'
import { trackerBase, trackerEndpoint } from './issue-call.ts'
import { issueCommentEndpoints } from './issue-comments.ts'
import { issueInterestEndpoints } from './issue-interest.ts'
import { issueJobEndpoints } from './issue-jobs.ts'
import { issuePartEndpoints } from './issue-parts.ts'
import { issueEndpoints } from './issues.ts'

/** The 33 operations. */
export const trackerOperations: Endpoint[] = [
  ...issueEndpoints,
  ...issueCommentEndpoints,
  ...issueAttachmentEndpoints,
  ...issueInterestEndpoints,
  ...issueJobEndpoints,
  ...issuePartEndpoints,
]

const roots = ['issues', ...trackerPartKinds.map((kind) => `${kind}s`)].map((name) => `${trackerBase}/${name}`)

/** Whatever else lies below the tracker's paths: no such address while it lived, gone like the rest since. */
export const trackerRemainders: Endpoint[] = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).flatMap((method) =>
  roots
    .flatMap((root) => [root, `${root}/*`])
    .filter((path) => !trackerOperations.some((one) => one.method === method && one.path === path))
    .map((path) =>
      trackerEndpoint(method, path, method === 'GET' ? needs.readIssue : needs.writeIssue, () => {
        throw notFound('There is no API hosted at this URL')
      }),
    ),
)

export const issueTrackerEndpoints: Endpoint[] = [...trackerOperations, ...trackerRemainders]
