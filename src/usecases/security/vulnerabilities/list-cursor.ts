import { AppError } from '../../../lib/app-error.ts'
import { type ListPosition, type SortField, sortFields } from '../../../store/security/vulnerability-list.ts'

/** A field of the list, worst or earliest first, or with a sign before it the other way round. */
export type Sort = SortField | `-${SortField}`

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function toField(sort: Sort): SortField {
  const field = sortFields.find((one) => sort === one || sort === `-${one}`)
  if (field === undefined) throw new Error(`There is no order ${sort}.`)
  return field
}

export function toCursor({ values, id }: ListPosition, sort: Sort): string {
  return Buffer.from(JSON.stringify([sort, ...values, id])).toString('base64url')
}

/** A cursor is only good for the order it was given for. Throws `validation_failed`. */
export function parseCursor(cursor: string, sort: Sort): ListPosition {
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString())
  if (Array.isArray(parsed)) {
    const [of, ...rest]: unknown[] = parsed
    const texts = rest.filter((one) => typeof one === 'string')
    const values = texts.slice(0, -1)
    const id = texts.at(-1) ?? ''
    const shapes = shapesOf(toField(sort))
    const fits = values.length === shapes.length && shapes.every((shape, index) => shape.test(values[index] ?? ''))
    if (of === sort && texts.length === rest.length && uuid.test(id) && fits) return { values, id }
  }
  throw new AppError('validation_failed', 'cursor: take it from `next` of the page before, and keep the same sort.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const whole = /^\d{1,9}$/
const real = /^-?\d+(\.\d+)?(e[+-]?\d{1,2})?$/
const moment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/
const momentOrNone = new RegExp(`^infinity$|${moment.source}`)
const text = /^[^\0]*$/

/** The database reads the values as the field's types; what does not look like one never gets there. */
function shapesOf(field: SortField): RegExp[] {
  switch (field) {
    case 'severity':
      return [whole, real, moment]
    case 'title':
      return [text]
    case 'asset':
      return [text, uuid]
    case 'opened_at':
    case 'updated_at':
      return [moment]
    case 'due_at':
      return [momentOrNone]
    case 'epss':
      return [real]
    case 'status':
    case 'number':
      return [whole]
  }
}
