import type { Repository } from '../model.ts'

type Given = Pick<Repository, 'uuid' | 'slug' | 'name' | 'workspace' | 'project' | 'createdOn' | 'directory'>

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
    commitComments: [],
    statuses: [],
    reports: [],
    environments: [],
    pipelines: [],
    deployments: [],
    ...given,
    ...more,
  }
}
