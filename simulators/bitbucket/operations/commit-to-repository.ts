import { commitFiles, type NewFile } from '../git/commit-files.ts'
import { isRefName, listRefs, resolveCommit } from '../git/refs.ts'
import { findEntry } from '../git/tree.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertMayChangeBranch } from './branch-restrictions.ts'
import type { Acting } from './pull-requests.ts'
import { changeRefs } from './push.ts'

interface Upload {
  files: NewFile[]
  removed: string[]
  message: string | undefined
  author: string | undefined
  branch: string | undefined
  parent: string | undefined
}

interface Place {
  branch: string
  /** null: the first commit of an empty repository. */
  parent: string | null
  isNewBranch: boolean
}

/** Which branch the commit goes on, and on top of what, by what the caller said of the two. */
async function findPlace(acting: Acting, upload: Upload): Promise<Place> {
  const { repository } = acting
  const { directory } = repository
  const branches = (await listRefs(directory)).filter((ref) => ref.kind === 'branch')
  const tipOf = (name: string | null) => branches.find((ref) => ref.name === name)?.hash
  const branch = upload.branch ?? repository.mainBranch ?? 'main'
  if (!(await isRefName(directory, branch))) throw badRequest('Bad request', { branch: ['Enter a valid branch name.'] })
  const parent = upload.parent === undefined ? undefined : await resolveCommit(directory, upload.parent)
  if (upload.parent !== undefined && parent === undefined)
    throw badRequest('Bad request', { parents: [`Commit not found: ${upload.parent}`] })
  const tip = tipOf(branch)
  if (tip !== undefined) {
    if (parent !== undefined && parent !== tip)
      throw new SimulatorError(409, `The branch "${branch}" is not at ${parent.slice(0, 12)} any more.`)
    return { branch, parent: tip, isNewBranch: false }
  }
  if (branches.length === 0) return { branch, parent: null, isNewBranch: true }
  const start = parent ?? tipOf(repository.mainBranch)
  // There are no further root commits in a repository that has commits.
  if (start === undefined) throw badRequest('Bad request', { parents: ['required key not provided'] })
  return { branch, parent: start, isNewBranch: true }
}

async function assertThere(acting: Acting, place: Place, removed: string[]): Promise<void> {
  for (const path of removed) {
    const entry = place.parent === null ? undefined : await findEntry(acting.repository.directory, place.parent, path)
    if (entry === undefined) throw badRequest('Bad request', { files: [`No such file or directory: ${path}`] })
  }
}

const authorForm = /^[^<>\n]+ <[^<>\n]+>$/

function usualMessage({ files, removed }: Upload): string {
  const [first] = [...files.map((file) => file.path), ...removed]
  return first === undefined ? 'Branch created online with Bitbucket\n' : `${first} edited online with Bitbucket\n`
}

/** Makes a commit of uploaded files and moves its branch; answers its hash. Everything that follows a push follows. */
export async function commitToRepository(sim: Sim, acting: Acting, upload: Upload): Promise<string> {
  const { repository, actor } = acting
  const self = `${actor.displayName} <${actor.email}>`
  const author = upload.author ?? self
  if (!authorForm.test(author))
    throw badRequest('Bad request', { author: ['The author must look like "Name <name@host>".'] })
  return await changeRefs(sim, acting, async () => {
    const place = await findPlace(acting, upload)
    assertMayChangeBranch(repository, actor, { branch: place.branch, deletes: false })
    if (upload.files.length + upload.removed.length === 0 && !place.isNewBranch)
      throw badRequest('There are no changes to be committed.')
    await assertThere(acting, place, upload.removed)
    const made = await commitFiles(repository.directory, {
      branch: place.branch,
      parent: place.parent,
      message: upload.message ?? usualMessage(upload),
      author,
      committer: self,
      at: Math.floor(sim.clock() / 1000),
      files: upload.files,
      removed: upload.removed,
    })
    if (!made) throw badRequest('The files could not be committed.')
    return (await resolveCommit(repository.directory, `refs/heads/${place.branch}`)) ?? ''
  })
}
