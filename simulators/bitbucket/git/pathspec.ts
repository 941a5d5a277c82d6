import { badRequest } from '../simulator-error.ts'

/** Whether a tree can have something at this path; with a slash at its end it is a folder. */
export function isTreePath(path: string): boolean {
  const steps = path.replace(/\/$/, '').split('/')
  return !path.includes('\0') && steps.every((step) => step !== '' && step !== '.' && step !== '..')
}

/** The path a caller means, without slashes around it; `''` is everything. Throws what git would fail at. */
export function toTreePath(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '')
  if (path !== '' && !isTreePath(path)) throw badRequest('Bad request', { path: ['Enter a path in the repository.'] })
  return path
}

/** A file or folder as git's commands take it, whatever its name looks like. */
export function pathspec(path: string, magic: 'literal' | 'exclude,literal' = 'literal'): string {
  return `:(top,${magic})${toTreePath(path)}`
}
