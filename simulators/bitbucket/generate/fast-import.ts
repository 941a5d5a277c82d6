import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gitEnvironment, runGit } from '../git/run-git.ts'

/** Blobs wait until there are this many bytes of them. */
const batchBytes = 32 * 1024 * 1024

/** Lines whose trees git keeps at hand: reading one back from the pack under way is what takes its time. */
const activeLines = 60

export interface Imported {
  /** Path of the one pack. */
  pack: string
  /** In git's own format. */
  packedRefs: string
  /** Hash of each mark. */
  hashes: Map<number, string>
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

/**
 * One `git fast-import`, fed as the history is thought out. It compresses a blob against the one before it alone, so
 * blobs are held back for a while and written path by path: the versions of a file then lie beside one another, and the
 * pack is a fraction of the size without a second pass.
 */
export class FastImport {
  readonly #directory: string
  readonly #child
  readonly #ended: Promise<unknown[]>
  #blobs: { path: string; mark: number; text: string }[] = []
  #commands: string[] = []
  #waiting = 0
  #lastMark = 0
  /** Newest commit of each line. */
  readonly #tips = new Map<string, number>()
  #complaint = ''

  constructor(directory: string) {
    this.#directory = directory
    // Without the limit a small history would become loose objects instead of a pack.
    const options = ['-c', 'fastimport.unpackLimit=0', '-c', 'core.compression=3', 'fast-import']
    const marks = `--export-marks=${join(directory, 'marks')}`
    this.#child = spawn(
      'git',
      [...options, '--quiet', '--force', '--done', '--depth=30', `--active-branches=${activeLines}`, marks],
      {
        cwd: directory,
        // Every object is compressed in fresh memory: without this the C library asks the system for it each time.
        env: { ...gitEnvironment, MALLOC_TRIM_THRESHOLD_: '67108864', MALLOC_TOP_PAD_: '16777216' },
      },
    )
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#complaint += chunk.toString('utf8')))
    this.#child.stdin.on('error', () => undefined)
    this.#ended = once(this.#child, 'close')
  }

  newMark(): number {
    return (this.#lastMark += 1)
  }

  addBlob(path: string, text: string): number {
    const mark = this.newMark()
    this.#blobs.push({ path, mark, text })
    this.#waiting += text.length
    return mark
  }

  /** A commit or tag command; texts in it through `data`. */
  addCommand(...parts: string[]): void {
    const command = parts.join('')
    this.#commands.push(command)
    this.#waiting += command.length
  }

  addCommit(commit: NewCommit): number {
    const mark = this.newMark()
    const [from, ...merged] = commit.parents
    const isNext = from === this.#tips.get(commit.line)
    this.#tips.set(commit.line, mark)
    this.addCommand(
      `commit ${scratchRefs}/${commit.line}\nmark :${mark}\nauthor ${sign(commit.author)}\ncommitter ${sign(commit.committer)}\n`,
      data(`${commit.message}\n`),
      isNext ? '' : `from :${from}\n`,
      ...merged.map((parent) => `merge :${parent}\n`),
      ...Array.from(commit.changes, ([path, blob]) => (blob === null ? `D ${path}\n` : `M 100644 :${blob} ${path}\n`)),
      '\n',
    )
    return mark
  }

  /** Call now and then: writes what is held back when it is much. */
  async breathe(): Promise<void> {
    if (this.#waiting > batchBytes) await this.#write()
  }

  async #write(): Promise<void> {
    const blobs = this.#blobs.toSorted((one, other) =>
      one.path === other.path ? one.mark - other.mark : one.path < other.path ? -1 : 1,
    )
    const parts = [...blobs.map(({ mark, text }) => `blob\nmark :${mark}\n${data(text)}`), ...this.#commands]
    this.#blobs = []
    this.#commands = []
    this.#waiting = 0
    for (let index = 0; index < parts.length; index += 500) {
      if (this.#child.exitCode !== null) break
      if (!this.#child.stdin.write(parts.slice(index, index + 500).join('')))
        await Promise.race([once(this.#child.stdin, 'drain'), this.#ended])
    }
  }

  async finish(): Promise<Imported> {
    this.addCommand('done\n')
    await this.#write()
    this.#child.stdin.end()
    const [code] = await this.#ended
    if (code !== 0) throw new Error(`git fast-import failed: ${this.#complaint.trim()}`)
    await rm(join(this.#directory, scratchRefs), { recursive: true })
    await runGit(this.#directory, ['pack-refs', '--all'])
    const folder = join(this.#directory, 'objects', 'pack')
    const pack = (await readdir(folder)).find((name) => name.endsWith('.pack'))
    if (pack === undefined) throw new Error('git fast-import wrote no pack')
    return {
      pack: join(folder, pack),
      packedRefs: await readFile(join(this.#directory, 'packed-refs'), 'utf8'),
      hashes: readMarks(await readFile(join(this.#directory, 'marks'), 'utf8')),
    }
  }
}

/** Commits are made on lines below this; the branches that live on are set at the end. */
const scratchRefs = 'refs/scratch'

export interface Signature {
  name: string
  email: string
  at: number
  offsetMinutes: number
}

function sign({ name, email, at, offsetMinutes }: Signature): string {
  const minutes = Math.abs(offsetMinutes)
  const zone = String(Math.floor(minutes / 60) * 100 + (minutes % 60)).padStart(4, '0')
  return `${name} <${email}> ${at} ${offsetMinutes < 0 ? '-' : '+'}${zone}`
}

export interface NewCommit {
  /** Commits that follow one another, such as those of a branch. */
  line: string
  author: Signature
  committer: Signature
  message: string
  /** The first is what the tree is taken from. */
  parents: readonly number[]
  /** Path → blob, or null where the file goes. */
  changes: Iterable<readonly [string, number | null]>
}

export function addBranch(stream: FastImport, name: string, mark: number): void {
  stream.addCommand(`reset refs/heads/${name}\nfrom :${mark}\n\n`)
}

export function addTag(stream: FastImport, tag: { name: string; mark: number; by: Signature; message: string }): void {
  stream.addCommand(`tag ${tag.name}\nfrom :${tag.mark}\ntagger ${sign(tag.by)}\n`, data(`${tag.message}\n`))
}

function readMarks(text: string): Map<number, string> {
  const hashes = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [mark = '', hash] = line.split(' ')
    if (hash !== undefined) hashes.set(Number(mark.slice(1)), hash)
  }
  return hashes
}
