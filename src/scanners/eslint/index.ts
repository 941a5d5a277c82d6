import { normalisePath } from '../../domain/normalise-path.ts'
import { countOf } from '../count-of.ts'
import { jsonFormat } from '../define-format.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { readFile, type Surroundings } from './read-file.ts'

type Context = Surroundings & { unparsed: number; deprecated: Set<string> }

/**
 * ESLint's JSON (`eslint -f json`, `-f json-with-metadata`): https://eslint.org/docs/latest/use/formatters/
 * One file is read at a time: its source comes behind its messages, and gives them the lines they are about.
 */
export const eslint = jsonFormat<Context>({
  name: 'eslint',
  title: 'ESLint',
  recognise: (head) =>
    /^\s*[[{]/.test(head) &&
    /"filePath"\s*:\s*"/.test(head) &&
    /"messages"\s*:\s*\[/.test(head) &&
    (/"errorCount"\s*:/.test(head) || /"ruleId"\s*:/.test(head)),
  wish,
  isResult: (path) => isFile(path),
  newContext: () => ({ root: '', helpLinks: new Map(), unparsed: 0, deprecated: new Set() }),
  learn,
  tools: ({ unparsed }) => [
    { name: 'ESLint', version: null, problem: unparsed === 0 ? null : 'ESLint could not parse some of the files' },
  ],
  unread: ({ unparsed, deprecated }) => [
    ...(unparsed === 0
      ? []
      : [`ESLint could not parse ${countOf(unparsed, 'file')}, so it says nothing about what is in them.`]),
    ...(deprecated.size === 0
      ? []
      : [`${countOf(deprecated.size, 'rule')} in use ${deprecated.size === 1 ? 'is' : 'are'} deprecated.`]),
  ],
  read: (value, context) => readFile(readObject(value), context),
})

/** A list of files, or with metadata an object that holds it. */
function wish([top, ...rest]: JsonPath): Wish {
  if (top === undefined) return 'enter'
  if (typeof top === 'number') return 'take'
  if (top === 'results') return rest.length === 0 ? 'enter' : 'take'
  if (top !== 'metadata') return 'skip'
  const [field, rule] = rest
  if (field === undefined || (field === 'rulesMeta' && rule === undefined)) return 'enter'
  return field === 'cwd' || field === 'rulesMeta' ? 'take' : 'skip'
}

function isFile(path: JsonPath): boolean {
  return typeof path[0] === 'number' || (path[0] === 'results' && typeof path[1] === 'number')
}

function learn(context: Context, { path, value }: { path: JsonPath; value: unknown }): void {
  const [top, field, rule] = path
  if (isFile(path)) {
    const file = readObject(value)
    const [, folder] = /^(.*)[/\\]eslint\.config\.[cm]?[jt]s$/.exec(readText(file['filePath']) ?? '') ?? []
    if (folder !== undefined) learnRoot(context, folder)
    if (readList(file['messages']).some((message) => readObject(message)['fatal'] === true)) context.unparsed += 1
    for (const one of readList(file['usedDeprecatedRules'])) {
      const id = readText(readObject(one)['ruleId'])
      if (id !== undefined && context.deprecated.size < 1000) context.deprecated.add(id)
    }
  } else if (top === 'metadata' && field === 'cwd') {
    learnRoot(context, readText(value) ?? '')
  } else if (top === 'metadata' && typeof rule === 'string') {
    const url = readText(readObject(readObject(value)['docs'])['url'])
    if (url !== undefined) context.helpLinks.set(rule, url)
  }
}

/**
 * The folder ESLint ran in, told by the metadata or its configuration. Of a build machine's checkout more is known: there the
 * repository may begin further up.
 */
function learnRoot(context: Context, folder: string): void {
  const root = folder.replaceAll('\\', '/').replace(/\/$/, '')
  const isCheckout = normalisePath(`${root}/`) !== root.replace(/^\//, '')
  if (!isCheckout && (context.root === '' || root.length < context.root.length)) context.root = root
}
