import type { JsonPath, Wish } from './json-slicer.ts'

/** The wish of a format whose file is one object: lists (or maps) read member by member, other fields read whole, the rest skipped. */
export function wishItems(items: readonly string[], values: readonly string[] = []): (path: JsonPath) => Wish {
  const entered = new Set<string | number>(items)
  const taken = new Set<string | number>(values)
  return ([top, ...rest]) => {
    if (top === undefined) return 'enter'
    if (taken.has(top)) return 'take'
    if (!entered.has(top)) return 'skip'
    return rest.length === 0 ? 'enter' : 'take'
  }
}

/** Whether a member of that list stands here; where the list is null, the null stands at the list's own path. */
export function isItemOf(path: JsonPath, list: string): boolean {
  return path.length === 2 && path[0] === list && typeof path[1] === 'number'
}
