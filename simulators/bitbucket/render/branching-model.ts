import type { Json, JsonObject } from '../../shared/json.ts'
import { readCommit } from '../git/commits.ts'
import { resolveCommit } from '../git/refs.ts'
import type { BranchingModel, TargetBranch } from '../model/administration.ts'
import { branchesOf, isValidTarget, targetName } from '../operations/branching-models.ts'
import { renderCommit, renderRef } from './commit.ts'
import { href } from './links.ts'
import type { Place } from './place.ts'

async function renderTarget(place: Place, target: TargetBranch): Promise<JsonObject> {
  const { directory } = place.repository
  const name = targetName(target, place.repository)
  const answer: JsonObject = { name, use_mainbranch: target.useMainBranch }
  const hash = name === null ? undefined : await resolveCommit(directory, `refs/heads/${name}`)
  const commit = hash === undefined ? undefined : await readCommit(directory, hash)
  if (name === null || commit === undefined) return answer
  const ref = { name, kind: 'branch', hash: commit.hash, object: commit.hash, annotation: null } as const
  return { ...answer, branch: renderRef(place, ref, renderCommit(place, commit)) }
}

function enabledTypes(model: BranchingModel): Json[] {
  return model.branchTypes.filter((one) => one.enabled).map(({ kind, prefix }) => ({ kind, prefix }))
}

/** The model with the branches as they are. `self` is where it is found. */
export async function renderBranchingModel(
  place: Place,
  model: BranchingModel,
  how: { type: string; self: string },
): Promise<JsonObject> {
  return {
    type: how.type,
    development: await renderTarget(place, model.development),
    ...(model.production.enabled ? { production: await renderTarget(place, model.production) } : {}),
    branch_types: enabledTypes(model),
    links: { self: href(how.self) },
  }
}

function renderName({ name, useMainBranch }: TargetBranch): JsonObject {
  return { name, use_mainbranch: useMainBranch }
}

export function renderProjectBranchingModel(model: BranchingModel, self: string): JsonObject {
  return {
    type: 'project_branching_model',
    development: renderName(model.development),
    ...(model.production.enabled ? { production: renderName(model.production) } : {}),
    branch_types: enabledTypes(model),
    links: { self: href(self) },
  }
}

/** The settings themselves; only a repository's can say whether the branches exist. */
export async function renderBranchingSettings(
  model: BranchingModel,
  how: { self: string; repository: Place['repository'] | null },
): Promise<JsonObject> {
  const { repository, self } = how
  const target = async (branch: TargetBranch): Promise<JsonObject> => ({
    ...(repository === null ? {} : { is_valid: await isValidTarget(branch, branchesOf(repository)) }),
    ...renderName(branch),
  })
  return {
    type: 'branching_model_settings',
    development: await target(model.development),
    production: { ...(await target(model.production)), enabled: model.production.enabled },
    branch_types: model.branchTypes.map(({ kind, enabled, prefix }) => ({ kind, enabled, prefix })),
    default_branch_deletion: String(model.defaultBranchDeletion),
    links: { self: href(self) },
  }
}
