import type { PlannedPullRequest } from './plan.ts'
import { itemAt, type Random } from './random.ts'
import { folders, things } from './words.ts'

/**
 * One file of the invented source. A pull request that changes it holds it until it is closed, so that no two of them
 * conflict, and the versions of a file form one line.
 */
export interface SourceFile {
  path: string
  /** The newest version, of whichever branch; null: not there (any more). */
  lines: readonly string[] | null
  onMain: { lines: readonly string[] | null; blob: number | null }
  /** Number of the merge that changed it last on the main branch. */
  mergedIn: number
  holder: PlannedPullRequest | null
}

const patterns = [
  'export const #Limit = %',
  'import { #From } from "../lib/#.ts"',
  'export function read#(input: string): number {',
  '  const #s = input.split(",").slice(0, %)',
  '  if (#s.length > %) throw new Error("too many #s")',
  '  for (const # of #s) total += #.length * %',
  '  log.info("# done", { count: % })',
  '  return #s.length + %',
  '}',
  '',
  '// A # is kept for % days.',
  'const #Cache = new Map<string, number>()',
  '  await store.save("#", { retries: % })',
  'test("a # of % is accepted", () => expect(check(%)).toBe(true))',
] as const

export function writeLine(random: Random): string {
  const thing = random.pick(things)
  return random
    .pick(patterns)
    .replaceAll('#', thing)
    .replaceAll('%', String(random.int(1, 999)))
}

export class SourceTree {
  readonly files: SourceFile[] = []
  readonly byPath = new Map<string, SourceFile>()
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** A file that is not there yet; its first version is what the next edit makes of it. */
  create(): SourceFile {
    const random = this.#random
    const folder = random.pick(folders)
    const stem = `${random.pick(things)}-${random.pick(things)}-${this.files.length}`
    const path =
      folder === 'docs' ? `docs/${stem}.md` : folder === 'test' ? `test/${stem}.test.ts` : `${folder}/${stem}.ts`
    const file: SourceFile = { path, lines: null, onMain: { lines: null, blob: null }, mergedIn: 0, holder: null }
    this.files.push(file)
    this.byPath.set(path, file)
    return file
  }

  /** A file that this pull request may change: nobody else does, and its branch has seen the newest version. */
  choose(holder: PlannedPullRequest, base: number): SourceFile {
    const random = this.#random
    for (let attempt = 0; attempt < 6 && this.files.length > 0; attempt += 1) {
      // Some files are changed much more often than others.
      const file = itemAt(this.files, Math.floor(random.next() ** 2 * this.files.length))
      const isFree = file.holder === null ? file.lines !== null && file.mergedIn <= base : file.holder === holder
      if (isFree) {
        file.holder = holder
        return file
      }
    }
    const made = this.create()
    made.holder = holder
    return made
  }

  /** A new version with about this many changed lines; answers the number of the first of them. */
  edit(file: SourceFile, count: number): number {
    const random = this.#random
    const fresh = (length: number) => Array.from({ length }, () => writeLine(random))
    if (file.lines === null) {
      file.lines = fresh(Math.max(4, count))
      return 1
    }
    const lines = [...file.lines]
    const start = random.int(0, Math.max(0, lines.length - 1))
    // Files grow, but not for ever.
    const removed = Math.min(lines.length - start, lines.length > 120 ? count * 2 : Math.floor(count * random.next()))
    lines.splice(start, removed, ...fresh(count))
    file.lines = lines
    return start + 1
  }
}
