import { type GitRef, resolveCommit } from '../git/refs.ts'
import { runGit } from '../git/run-git.ts'
import type { Repository } from '../model.ts'
import { badRequest } from '../simulator-error.ts'

/** Makes a branch that exists the main one, for clones too. */
export async function setMainBranch(repository: Repository, name: string): Promise<void> {
  if ((await resolveCommit(repository.directory, `refs/heads/${name}`)) === undefined)
    throw badRequest('Bad request', { mainbranch: [`branch not found: ${name}`] })
  await runGit(repository.directory, ['symbolic-ref', 'HEAD', `refs/heads/${name}`])
  repository.mainBranch = name
}

/** The first push to an empty repository decides its main branch. */
export async function adoptMainBranch(repository: Repository, refs: readonly GitRef[]): Promise<void> {
  if (repository.mainBranch !== null) return
  const names = refs.filter((ref) => ref.kind === 'branch').map((ref) => ref.name)
  const name = ['main', 'master'].find((one) => names.includes(one)) ?? names[0]
  if (name !== undefined) await setMainBranch(repository, name)
}
