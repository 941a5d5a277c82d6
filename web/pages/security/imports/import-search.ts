import { readChoices, type SearchText, withoutEmpty } from '../../../search-params.ts'

export const importStates = [
  'running',
  'previewed',
  'held',
  'applied',
  'unchanged',
  'undone',
  'failed',
  'discarded',
] as const

export type ImportSearch = { state?: (typeof importStates)[number][] | undefined }

export function toImportSearch(search: SearchText): ImportSearch {
  return withoutEmpty({ state: readChoices(search, 'state', importStates) })
}
