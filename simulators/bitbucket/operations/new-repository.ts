import { newTracker } from '../model/issue-tracker.ts'
import type { PipelinesConfig } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { newRepositoryAdministration } from './new-administration.ts'

type Given = Pick<Repository, 'uuid' | 'slug' | 'name' | 'workspace' | 'project' | 'createdOn' | 'directory'>

function newPipelinesConfig(): PipelinesConfig {
  return {
    enabled: null,
    nextBuildNumber: 1,
    variables: [],
    environmentVariables: new Map(),
    schedules: [],
    caches: [],
    keyPair: null,
    knownHosts: [],
  }
}

/** A repository nothing has happened to yet; `more` says what is already known of it. */
export function newRepository(given: Given, more: Partial<Repository> = {}): Repository {
  return {
    description: '',
    isPrivate: true,
    language: '',
    hasIssues: false,
    mainBranch: 'main',
    size: 0,
    updatedOn: given.createdOn,
    formerSlugs: [],
    permissions: new Map(),
    pullRequests: [],
    issues: [],
    tracker: newTracker(),
    commitComments: [],
    commitApprovals: [],
    statuses: [],
    reports: [],
    environments: [],
    pipelines: [],
    deployments: [],
    pipelinesConfig: newPipelinesConfig(),
    ...newRepositoryAdministration(),
    ...given,
    ...more,
  }
}
