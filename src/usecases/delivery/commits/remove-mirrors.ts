import { deleteMirror, listMirrors } from '../../../git/mirror-folder.ts'
import { listMirrored, recordNoMirror } from '../../../store/delivery/git-mirrors.ts'
import type { CommitDeps } from './commit-deps.ts'

/** Deletes the copies of repositories that are gone or whose connection was disconnected; what was read from them stays. */
export async function removeMirrors({ db, git, log }: Pick<CommitDeps, 'db' | 'git' | 'log'>): Promise<void> {
  const here = await listMirrors(git.folder)
  if (here.length === 0) return
  const wanted = await listMirrored(db, here)
  for (const key of here.filter(({ repositoryId }) => !wanted.has(repositoryId))) {
    if (!(await deleteMirror(git.folder, key))) continue
    await recordNoMirror(db, key)
    log.info(key, 'the copy of a repository that is no longer read was deleted')
  }
}
