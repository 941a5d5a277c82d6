import type * as z from 'zod'
import { problem } from '../../contract/primitives.ts'
import { AppError, type ErrorCode, errorCatalogue } from '../lib/app-error.ts'
import type { HttpAnswer } from '../lib/http-client.ts'

/** The answer of another Weir. Throws what that Weir refuses with, or `remote_…` when it is none. */
export function readRemoteAnswer<Schema extends z.ZodType>(
  answer: HttpAnswer,
  wanted: { status: number; schema: Schema },
): z.output<Schema> {
  const body = readJson(answer)
  const done = wanted.schema.safeParse(body)
  if (answer.status === wanted.status && done.success) return done.data
  const told = problem.safeParse(body)
  if (!told.success)
    throw new AppError(
      'remote_invalid_answer',
      `${answer.url.host} answered ${answer.status} and is no Weir of this version. Check --url.`,
    )
  const { code, detail, id } = told.data
  throw new AppError(isCode(code) ? code : 'remote_refused', `${detail} (${answer.url.host}, error ${id})`)
}

function readJson(answer: HttpAnswer): unknown {
  try {
    return answer.json()
  } catch {
    // A proxy's page in place of an answer: told by its status below.
    return undefined
  }
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}
