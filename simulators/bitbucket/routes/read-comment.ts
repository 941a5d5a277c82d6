import { at, isObject, numberAt, stringAt } from '../../shared/json.ts'
import type { Inline } from '../model.ts'
import { badRequest } from '../simulator-error.ts'

/** The place a comment is pinned to. `to` counts in the new file, `from` in the old one. */
export function readInline(body: unknown): Inline | undefined {
  const inline = at(body, 'inline')
  if (inline === undefined || inline === null) return undefined
  const path = stringAt(inline, 'path')
  if (!isObject(inline) || path === undefined || path === '') {
    throw badRequest('Bad request', { 'inline.path': ['required key not provided'] })
  }
  for (const key of ['to', 'from', 'start_to', 'start_from']) {
    const line = inline[key]
    if (line !== undefined && line !== null && (typeof line !== 'number' || !Number.isInteger(line) || line < 1)) {
      throw badRequest('Bad request', { [`inline.${key}`]: ['Enter a valid line number.'] })
    }
  }
  const line = (key: string) => numberAt(inline, key) ?? null
  return {
    path,
    to: line('to'),
    from: line('from'),
    startTo: line('start_to'),
    startFrom: line('start_from'),
    outdated: false,
  }
}

export function readParentId(body: unknown): number | undefined {
  const parent = at(body, 'parent')
  if (parent === undefined || parent === null) return undefined
  const id = at(parent, 'id')
  const number = typeof id === 'string' ? Number(id) : id
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw badRequest('Bad request', { parent: ['required key not provided'] })
  return number
}

export function readRaw(body: unknown): string | undefined {
  return stringAt(body, 'content', 'raw')
}
