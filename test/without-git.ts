import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../src/lib/app-error.ts'
import type { CommitDeps } from '../src/usecases/delivery/commits/commit-deps.ts'

/** For workers that are about something else: no connection is opened for git, so no copy of a repository is made. */
export const withoutGit: CommitDeps['git'] = {
  folder: join(tmpdir(), 'weir-without-git'),
  limits: { maxBytes: 0, keepFreeBytes: 0 },
  allowedPrivateAddresses: [],
  open: async () => {
    throw new AppError('conflict', 'This worker reads nothing with git.')
  },
}
