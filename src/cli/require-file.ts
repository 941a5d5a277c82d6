import { statSync } from 'node:fs'
import { AppError } from '../lib/app-error.ts'

/** Throws `validation_failed` unless a file of that name is there. */
export function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new AppError('validation_failed', `There is no file ${file}.`)
  if (!found.isFile()) throw new AppError('validation_failed', `${file} is no file.`)
}
