import { isAppError } from './lib/app-error.ts'

/** The sentence for a failure an administrator can mend: ours, of the file system, of the database. Undefined for a defect, whose stack is wanted. */
export function explainFailure(error: unknown): string | undefined {
  if (isAppError(error)) return error.detail
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  if ('path' in error && typeof error.path === 'string') return explainFile(error.code, error.path)
  return explainDatabase(error.code, error.message)
}

function explainFile(code: string, path: string): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `The user Weir runs as may not use ${path}. Change its owner or rights, or name another place.`
    case 'EROFS':
      return `${path} is on a read-only file system. Name another place.`
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} cannot be opened or made: something on the way to it is missing, or is not what it should be.`
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk that holds ${path} is full.`
    default:
      return undefined
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function explainDatabase(code: string, message: string): string | undefined {
  if (code === '42501') return `The database does not allow this to the user of DATABASE_URL: ${message}.`
  if (code === '53100') return `The disk of the database is full: ${message}.`
  if (/^(08\w{3}|57P0\d)$/.test(code)) return `The connection to the database broke: ${message}.`
  return undefined
}
