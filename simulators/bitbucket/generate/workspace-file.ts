import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { isObject } from '../../shared/json.ts'

/**
 * One file that holds a workspace: a line that says what it is, then sections, each a line of JSON with its length and
 * checksum and that many bytes, then a section that says it is complete. Neither tar nor one gzip stream: the records are
 * read from beginning to end at every start, the packs by their place in the file when somebody needs that repository,
 * and packs are compressed already.
 */
const format = 'simulated-bitbucket-workspace'
const version = 1

/** Says in a sentence why a file cannot be used. */
export class WorkspaceFileError extends Error {}

export interface FileHeader {
  seed: number
  scale: string
}

export interface Section {
  kind: 'workspace' | 'repository' | 'records' | 'pack' | 'end'
  /** The repository's slug; empty for what belongs to none. */
  name: string
  bytes: number
  sha256: string
  /** Place of the first byte in the file. */
  offset: number
}

const longestLine = 8192

/** Writes section by section; until `finish` the file has another name. */
export class WorkspaceFileWriter {
  readonly #path: string
  readonly #file: FileHandle
  #sections = 0

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  static async create(path: string, header: FileHeader): Promise<WorkspaceFileWriter> {
    const writer = new WorkspaceFileWriter(path, await open(`${path}.part`, 'w'))
    await writer.#file.write(`${JSON.stringify({ format, version, ...header })}\n`)
    return writer
  }

  async add(kind: Section['kind'], name: string, body: Buffer): Promise<void> {
    await this.#head({ kind, name, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') })
    if (body.length > 0) await this.#file.write(body)
  }

  /** Copies a file in, without ever holding it whole. */
  async addFile(kind: Section['kind'], name: string, path: string): Promise<void> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk)
    await this.#head({ kind, name, bytes: (await stat(path)).size, sha256: hash.digest('hex') })
    for await (const chunk of createReadStream(path)) await this.#file.write(chunk)
  }

  async #head(section: Omit<Section, 'offset'>): Promise<void> {
    this.#sections += 1
    await this.#file.write(`${JSON.stringify(section)}\n`)
  }

  async finish(): Promise<void> {
    await this.add('end', String(this.#sections), Buffer.alloc(0))
    await this.#file.close()
    await rename(`${this.#path}.part`, this.#path)
  }

  async abandon(): Promise<void> {
    await this.#file.close()
    await rm(`${this.#path}.part`, { force: true })
  }
}

/** A workspace file that stays open, so that packs can be read from it while the simulator runs. */
export interface WorkspaceFile {
  header: FileHeader
  sections: Section[]
  /** The bytes of a section, after they were checked. */
  read: (section: Section) => Promise<Buffer>
  close: () => Promise<void>
}

export async function openWorkspaceFile(path: string): Promise<WorkspaceFile> {
  const file = await open(path).catch(() => {
    throw new WorkspaceFileError(`${path} cannot be read`)
  })
  try {
    const { size } = await file.stat()
    const first = await readLine(file, { path, offset: 0 })
    const header = readHeader(path, first.value)
    const sections = await readSections(file, { path, offset: first.end, size })
    return { header, sections, read: async (section) => await readBody(file, path, section), close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

function readHeader(path: string, value: unknown): FileHeader {
  if (!isObject(value) || value['format'] !== format)
    throw new WorkspaceFileError(`${path} is no file of a simulated workspace`)
  if (value['version'] !== version)
    throw new WorkspaceFileError(
      `${path} has version ${String(value['version'])}, this simulator reads ${version}: generate it again`,
    )
  const { seed, scale } = value
  if (typeof seed !== 'number' || typeof scale !== 'string') throw new WorkspaceFileError(`${path} has a broken header`)
  return { seed, scale }
}

function cutOff(path: string): WorkspaceFileError {
  return new WorkspaceFileError(`${path} is cut off: generate it again`)
}

async function readLine(
  file: FileHandle,
  at: { path: string; offset: number },
): Promise<{ value: unknown; end: number }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(longestLine), 0, longestLine, at.offset)
  const length = buffer.subarray(0, bytesRead).indexOf(0x0a)
  if (length === -1 && at.offset > 0) throw cutOff(at.path)
  try {
    const value: unknown = JSON.parse(buffer.toString('utf8', 0, Math.max(0, length)))
    return { value, end: at.offset + length + 1 }
  } catch {
    if (at.offset === 0) return { value: undefined, end: 0 }
    throw new WorkspaceFileError(`${at.path} is damaged near byte ${at.offset}`)
  }
}

const kinds = ['workspace', 'repository', 'records', 'pack', 'end'] as const

async function readSections(
  file: FileHandle,
  place: { path: string; offset: number; size: number },
): Promise<Section[]> {
  const { path, size } = place
  const sections: Section[] = []
  for (let offset = place.offset; ; ) {
    if (offset >= size) throw cutOff(path)
    const { value, end } = await readLine(file, { path, offset })
    const said = isObject(value) ? value : {}
    const { name, bytes, sha256 } = said
    const kind = kinds.find((one) => one === said['kind'])
    if (kind === undefined || typeof name !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string')
      throw new WorkspaceFileError(`${path} is damaged near byte ${offset}`)
    if (end + bytes > size) throw cutOff(path)
    if (kind === 'end') {
      if (name !== String(sections.length)) throw new WorkspaceFileError(`${path} lacks some of its sections`)
      return sections
    }
    sections.push({ kind, name, bytes, sha256, offset: end })
    offset = end + bytes
  }
}

async function readBody(file: FileHandle, path: string, section: Section): Promise<Buffer> {
  const body = Buffer.allocUnsafe(section.bytes)
  for (let done = 0; done < body.length; ) {
    const { bytesRead } = await file.read(body, done, body.length - done, section.offset + done)
    if (bytesRead === 0) throw cutOff(path)
    done += bytesRead
  }
  if (createHash('sha256').update(body).digest('hex') !== section.sha256)
    throw new WorkspaceFileError(
      `${path} is damaged: the ${section.kind} of ${section.name || 'the workspace'} is not what was written`,
    )
  return body
}
