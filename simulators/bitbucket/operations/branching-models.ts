import { resolveCommit } from '../git/refs.ts'
import { type BranchingModel, branchKinds, type TargetBranch } from '../model/administration.ts'
import type { Repository } from '../model.ts'
import { badRequest } from '../simulator-error.ts'

/** What a call changes of a branch that the model names; undefined stays as it is. */
interface TargetEdit {
  name: string | null | undefined
  useMainBranch: boolean | undefined
  enabled: boolean | undefined
}

export interface BranchingModelEdit {
  development: TargetEdit | undefined
  production: TargetEdit | undefined
  branchTypes: { kind: string | undefined; prefix: string | undefined; enabled: boolean | undefined }[]
  defaultBranchDeletion: boolean | undefined
}

/** Whether a branch that a model names exists. */
type BranchTest = (name: string) => Promise<boolean>

export function branchesOf(repository: Repository): BranchTest {
  return async (name) => (await resolveCommit(repository.directory, `refs/heads/${name}`)) !== undefined
}

/** The main branch always counts as there, even when the repository is empty. */
export async function isValidTarget(target: TargetBranch, exists: BranchTest): Promise<boolean> {
  return target.useMainBranch || target.name === null || (await exists(target.name))
}

function invalid(field: string, problem: string): never {
  throw badRequest('Bad request', { [field]: [problem] })
}

function editTarget<Target extends TargetBranch>(target: Target, edit: TargetEdit | undefined, field: string): Target {
  if (edit === undefined) return target
  const useMainBranch = edit.useMainBranch ?? (typeof edit.name === 'string' ? false : target.useMainBranch)
  if (useMainBranch && typeof edit.name === 'string') invalid(field, 'name must be null when use_mainbranch is true.')
  const name = useMainBranch ? null : (edit.name ?? target.name)
  return { ...target, name: name === '' ? null : name, useMainBranch }
}

function isPrefix(prefix: string): boolean {
  return prefix !== '' && !/[\s~^:?*[\\]|\.\.|^[/.-]|@\{|\.lock$|\/\//.test(prefix)
}

function assertPrefixes(types: BranchingModel['branchTypes']): void {
  const enabled = types.filter((one) => one.enabled)
  for (const one of enabled) {
    if (!isPrefix(one.prefix))
      invalid('branch_types', `"${one.prefix}" is not a valid prefix for ${one.kind} branches.`)
    const other = enabled.find(({ kind, prefix }) => kind !== one.kind && prefix.startsWith(one.prefix))
    if (other !== undefined)
      invalid('branch_types', `The prefix of ${one.kind} branches must not start that of ${other.kind} branches.`)
  }
}

function editTypes(types: BranchingModel['branchTypes'], edits: BranchingModelEdit['branchTypes']) {
  const kinds: readonly string[] = branchKinds
  for (const { kind } of edits) {
    if (kind === undefined) invalid('branch_types', 'Each branch type must have a kind.')
    if (!kinds.includes(kind)) invalid('branch_types', `"${kind}" is not a valid choice.`)
  }
  const edited = types.map((type) => {
    const edit = edits.find((one) => one.kind === type.kind)
    return { kind: type.kind, prefix: edit?.prefix ?? type.prefix, enabled: edit?.enabled ?? type.enabled }
  })
  assertPrefixes(edited)
  return edited
}

/** The model after an edit; throws 400 where it would end up wrong. Projects may name branches that do not exist yet. */
export async function editBranchingModel(
  model: BranchingModel,
  edit: BranchingModelEdit,
  exists: BranchTest,
): Promise<BranchingModel> {
  const development = editTarget(model.development, edit.development, 'development')
  const production = {
    ...editTarget(model.production, edit.production, 'production'),
    enabled: edit.production?.enabled ?? model.production.enabled,
  }
  if (!development.useMainBranch && development.name === null) invalid('development', 'A branch name is required.')
  if (edit.development !== undefined && !(await isValidTarget(development, exists)))
    invalid('development', `Branch "${development.name}" does not exist.`)
  if (production.enabled && !production.useMainBranch && production.name === null)
    invalid('production', 'A branch name is required.')
  if (edit.production !== undefined && production.enabled && !(await isValidTarget(production, exists)))
    invalid('production', `Branch "${production.name}" does not exist.`)
  return {
    development,
    production,
    branchTypes: editTypes(model.branchTypes, edit.branchTypes),
    defaultBranchDeletion: edit.defaultBranchDeletion ?? model.defaultBranchDeletion,
  }
}

/** The model that counts in a repository: its own, or its project's while it does not override that. */
export async function effectiveModel(repository: Repository): Promise<BranchingModel> {
  if (repository.overrides.branching_model) return repository.branchingModel
  const { development, production, ...rest } = repository.project.branchingModel
  const exists = branchesOf(repository)
  // What a project names and this repository has not is the main branch here.
  const here = async <Target extends TargetBranch>(target: Target): Promise<Target> =>
    (await isValidTarget(target, exists)) ? target : { ...target, name: null, useMainBranch: true }
  return { ...rest, development: await here(development), production: await here(production) }
}

/** The name of the branch meant; null in an empty repository. */
export function targetName(target: TargetBranch, repository: Repository): string | null {
  return target.useMainBranch ? repository.mainBranch : target.name
}
