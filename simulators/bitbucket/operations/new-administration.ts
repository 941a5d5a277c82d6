import type { BranchingModel, ProjectAdministration, RepositoryAdministration } from '../model/administration.ts'

function newBranchingModel(): BranchingModel {
  return {
    development: { name: null, useMainBranch: true },
    production: { name: null, useMainBranch: false, enabled: false },
    branchTypes: [
      { kind: 'release', prefix: 'release/', enabled: true },
      { kind: 'hotfix', prefix: 'hotfix/', enabled: true },
      { kind: 'feature', prefix: 'feature/', enabled: true },
      { kind: 'bugfix', prefix: 'bugfix/', enabled: true },
    ],
    defaultBranchDeletion: false,
  }
}

/** The settings of a repository before anybody has changed them. */
export function newRepositoryAdministration(): RepositoryAdministration {
  return {
    parent: null,
    website: null,
    forkPolicy: 'no_public_forks',
    groupPermissions: new Map(),
    restrictions: [],
    branchingModel: newBranchingModel(),
    overrides: { default_merge_strategy: true, branching_model: true },
    defaultReviewers: [],
    deployKeys: [],
    artifacts: [],
    watchers: [],
  }
}

/** The settings of a project before anybody has changed them. */
export function newProjectAdministration(): ProjectAdministration {
  return {
    userPermissions: new Map(),
    groupPermissions: new Map(),
    branchingModel: newBranchingModel(),
    defaultReviewers: [],
    deployKeys: [],
  }
}
