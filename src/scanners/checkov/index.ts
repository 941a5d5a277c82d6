import { countOf } from '../count-of.ts'
import { jsonFormat } from '../define-format.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { toResult } from './to-result.ts'

/** The number of a run is -1 where the report is no list but one run. */
type Context = { types: Map<number, string>; version: string | null; unparsed: number }

const lists = new Set<string | number>(['passed_checks', 'failed_checks', 'skipped_checks'])

/**
 * Checkov's JSON (`checkov -o json`): https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html
 * One run, or a list of runs, one for each kind of file that was found; where none was, its summary alone.
 */
export const checkov = jsonFormat<Context>({
  name: 'checkov',
  title: 'Checkov',
  recognise: (head) =>
    /^\s*[[{]/.test(head) &&
    (/"checkov_version"\s*:/.test(head) ||
      (/"check_type"\s*:/.test(head) && /"results"\s*:\s*\{/.test(head)) ||
      /"(?:passed|failed|skipped)_checks"\s*:\s*\[/.test(head)),
  wish: (path) => wishInRun(withoutRun(path)),
  isResult: (path) => isCheck(withoutRun(path)),
  newContext: () => ({ types: new Map(), version: null, unparsed: 0 }),
  learn,
  tools: ({ version, unparsed }) => [
    { name: 'Checkov', version, problem: unparsed === 0 ? null : 'Checkov could not parse some of the files' },
  ],
  unread: ({ unparsed }) =>
    unparsed === 0
      ? []
      : [`Checkov could not parse ${countOf(unparsed, 'file')}, so it says nothing about what is in them.`],
  read: (value, { types }, path) => {
    const [, list] = withoutRun(path)
    return [toResult(readObject(value), { type: types.get(runOf(path)) ?? '', list: String(list) })]
  },
})

function wishInRun(path: JsonPath): Wish {
  const [top, list] = path
  if (top === undefined) return 'enter'
  if (top === 'check_type' || top === 'summary' || top === 'checkov_version') return 'take'
  if (top !== 'results') return 'skip'
  if (list === undefined) return 'enter'
  if (!lists.has(list) && list !== 'parsing_errors') return 'skip'
  return path.length === 2 ? 'enter' : 'take'
}

function isCheck(path: JsonPath): boolean {
  return path.length === 3 && path[0] === 'results' && lists.has(path[1] ?? '')
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const inRun = withoutRun(path)
  const [top, list] = inRun
  if (top === 'check_type') context.types.set(runOf(path), readText(value) ?? '')
  else if (top === 'checkov_version') context.version = readText(value) ?? null
  else if (top === 'summary') context.version ??= readText(readObject(value)['checkov_version']) ?? null
  else if (list === 'parsing_errors' && inRun.length === 3) context.unparsed += 1
}

function withoutRun(path: JsonPath): JsonPath {
  return typeof path[0] === 'number' ? path.slice(1) : path
}

function runOf([first]: JsonPath): number {
  return typeof first === 'number' ? first : -1
}
