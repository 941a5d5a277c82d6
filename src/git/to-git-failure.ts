import { AppError } from '../lib/app-error.ts'
import type { GitEnd } from './git-process.ts'
import { gitMissing } from './git-process.ts'

/**
 * What a fetch that did not end well stands for, by git's own words (English, since the language is set).
 * A refused login, an app password (410), a repository that is gone or hidden, a limit, or a host that cannot be reached.
 */
export function toGitFailure(end: GitEnd, host: string): AppError {
  if (end.kind === 'missing') return new AppError('unavailable', gitMissing, { meta: { git: 'missing' } })
  if (end.kind === 'stopped')
    return new AppError('remote_unavailable', `${host} did not hand over the repository in time. It is tried again.`)
  const { error } = end
  const status = Number(/returned error: (\d{3})/.exec(error)?.[1] ?? 0)
  if (status === 401 || /Authentication failed|could not read Username/.test(error))
    return new AppError('remote_unauthorized', `${host} does not accept the credential for git. Renew the connection.`)
  if (status === 403)
    return new AppError('remote_forbidden', `The credential may not read the repository's code at ${host}.`)
  if (status === 410)
    return new AppError(
      'remote_gone',
      `${host} has withdrawn what was asked for. App passwords no longer work for git: renew the connection with an API token.`,
    )
  if (status === 404 || /repository '.*' not found/.test(error))
    return new AppError('remote_not_found', `${host} does not have the repository, or hides it from the credential.`)
  if (status === 429) return new AppError('remote_rate_limited', `${host} asks git to slow down. It is tried again.`)
  if (/No space left on device|disk quota/i.test(error)) return diskFull()
  const cause = new Error(`git fetch ended with ${end.code}: ${error}`)
  if (status >= 300 && status < 400)
    return new AppError(
      'remote_invalid_answer',
      `${host} redirects git to another address, which Weir does not follow.`,
    )
  return new AppError('remote_unavailable', `${host} did not hand over the repository to git. It is tried again.`, {
    cause,
  })
}

/** The disk is full, or all but. */
export function diskFull(): AppError {
  return new AppError(
    'unavailable',
    'There is too little free space on the disk for the copy of the repository. Free some, or name another folder with WEIR_GIT_FOLDER.',
    { meta: { git: 'disk' } },
  )
}
