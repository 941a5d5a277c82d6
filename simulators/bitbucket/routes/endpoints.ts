import type { Endpoint } from '../call.ts'
import { commitCommentEndpoints } from './commit-comments.ts'
import { commitEndpoints } from './commits.ts'
import { hookRoutes } from './hooks.ts'
import { insightEndpoints } from './insights.ts'
import { issueTrackerEndpoints } from './issue-tracker.ts'
import { peopleEndpoints } from './people.ts'
import { pullRequestCommentEndpoints } from './pull-request-comments.ts'
import { pullRequestEndpoints } from './pull-requests.ts'
import { refEndpoints } from './refs.ts'
import { repositoryEndpoints } from './repositories.ts'
import { sourceEndpoints } from './source.ts'

export const endpoints: Endpoint[] = [
  ...peopleEndpoints,
  ...repositoryEndpoints,
  ...refEndpoints,
  ...commitEndpoints,
  ...sourceEndpoints,
  ...pullRequestEndpoints,
  ...pullRequestCommentEndpoints,
  ...commitCommentEndpoints,
  ...insightEndpoints,
  ...hookRoutes,
  ...issueTrackerEndpoints,
]
