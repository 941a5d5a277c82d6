import type { Endpoint } from '../call.ts'
import { branchRestrictionEndpoints } from './branch-restrictions.ts'
import { branchingModelEndpoints } from './branching-models.ts'
import { codeSearchEndpoints } from './code-search.ts'
import { commitCommentEndpoints } from './commit-comments.ts'
import { commitFileEndpoints } from './commit-files.ts'
import { commitEndpoints } from './commits.ts'
import { compareEndpoints } from './compare.ts'
import { defaultReviewerEndpoints } from './default-reviewers.ts'
import { deployKeyEndpoints } from './deploy-keys.ts'
import { deploymentEndpoints } from './deployments.ts'
import { downloadEndpoints } from './downloads.ts'
import { environmentEndpoints } from './environments.ts'
import { hookRoutes } from './hooks.ts'
import { issueTrackerEndpoints } from './issue-tracker.ts'
import { peopleEndpoints } from './people.ts'
import { permissionsConfigEndpoints } from './permissions-config.ts'
import { pipelineScheduleEndpoints } from './pipeline-schedules.ts'
import { pipelineStepEndpoints } from './pipeline-steps.ts'
import { pipelineVariableEndpoints } from './pipeline-variables.ts'
import { pipelineEndpoints } from './pipelines.ts'
import { pipelinesConfigEndpoints } from './pipelines-config.ts'
import { projectEndpoints } from './projects.ts'
import { pullRequestCommentEndpoints } from './pull-request-comments.ts'
import { pullRequestHistoryEndpoints } from './pull-request-history.ts'
import { pullRequestMergeEndpoints } from './pull-request-merge.ts'
import { pullRequestEndpoints } from './pull-requests.ts'
import { refEndpoints } from './refs.ts'
import { reportEndpoints } from './reports.ts'
import { repositoryEndpoints } from './repositories.ts'
import { repositoryLifecycleEndpoints } from './repository-lifecycle.ts'
import { sourceEndpoints } from './source.ts'
import { statusEndpoints } from './statuses.ts'
import { workspacePullRequestEndpoints } from './workspace-pull-requests.ts'
import { workspaceEndpoints } from './workspaces.ts'

export const endpoints: Endpoint[] = [
  ...peopleEndpoints,
  ...workspaceEndpoints,
  ...projectEndpoints,
  ...permissionsConfigEndpoints,
  ...branchRestrictionEndpoints,
  ...branchingModelEndpoints,
  ...defaultReviewerEndpoints,
  ...deployKeyEndpoints,
  ...downloadEndpoints,
  ...workspacePullRequestEndpoints,
  ...repositoryEndpoints,
  ...repositoryLifecycleEndpoints,
  ...refEndpoints,
  ...commitEndpoints,
  ...compareEndpoints,
  ...sourceEndpoints,
  ...codeSearchEndpoints,
  ...commitFileEndpoints,
  ...pullRequestEndpoints,
  ...pullRequestHistoryEndpoints,
  ...pullRequestMergeEndpoints,
  ...pullRequestCommentEndpoints,
  ...commitCommentEndpoints,
  ...statusEndpoints,
  ...reportEndpoints,
  ...pipelineEndpoints,
  ...pipelineStepEndpoints,
  ...pipelinesConfigEndpoints,
  ...pipelineVariableEndpoints,
  ...pipelineScheduleEndpoints,
  ...deploymentEndpoints,
  ...environmentEndpoints,
  ...hookRoutes,
  ...issueTrackerEndpoints,
]
