import { crc32, inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  path: string
  bytes: Buffer
}

const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50
const utf8Names = 0x0800
/** 1980-01-01, the first day a zip can name: the same entries always make the same bytes. */
const firstDay = 0x0021
const endLength = 22
const longestComment = 65_535
/** All files of an archive together, unpacked: as much as a request may hold that is not packed. */
const largestContent = 256 * 1024 * 1024

function header(length: number, fields: [offset: number, bytes: 2 | 4, value: number][]): Buffer {
  const buffer = Buffer.alloc(length)
  for (const [offset, bytes, value] of fields) buffer.writeUIntLE(value, offset, bytes)
  return buffer
}

/** A zip archive whose entries are stored as they are. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, bytes } of entries) {
    const name = Buffer.from(path, 'utf8')
    const sum = crc32(bytes)
    const local = header(30, [
      [0, 4, localSignature],
      [4, 2, 20],
      [6, 2, utf8Names],
      [12, 2, firstDay],
      [14, 4, sum],
      [18, 4, bytes.length],
      [22, 4, bytes.length],
      [26, 2, name.length],
    ])
    const central = header(46, [
      [0, 4, centralSignature],
      [4, 2, 20],
      [6, 2, 20],
      [8, 2, utf8Names],
      [14, 2, firstDay],
      [16, 4, sum],
      [20, 4, bytes.length],
      [24, 4, bytes.length],
      [28, 2, name.length],
      [42, 4, offset],
    ])
    files.push(local, name, bytes)
    directory.push(central, name)
    offset += local.length + name.length + bytes.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = header(endLength, [
    [0, 4, endSignature],
    [8, 2, entries.length],
    [10, 2, entries.length],
    [12, 4, size],
    [16, 4, offset],
  ])
  return Buffer.concat([...files, ...directory, end])
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - endLength - longestComment)
  for (let at = archive.length - endLength; at >= first; at -= 1)
    if (archive.readUInt32LE(at) === endSignature) return at
  return -1
}

function readEntry(archive: Buffer, at: number, room: number): ZipEntry {
  const method = archive.readUInt16LE(at + 10)
  const packed = archive.readUInt32LE(at + 20)
  const plain = archive.readUInt32LE(at + 24)
  const local = archive.readUInt32LE(at + 42)
  const path = archive.toString('utf8', at + 46, at + 46 + archive.readUInt16LE(at + 28))
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const data = archive.subarray(start, start + packed)
  if (plain > room) throw new RangeError(`${path} is too large`)
  if (method !== 0 && method !== 8) throw new RangeError(`${path} is packed in a way that is not known`)
  const bytes = method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, plain) })
  if (bytes.length !== plain || crc32(bytes) !== archive.readUInt32LE(at + 16))
    throw new RangeError(`${path} is broken`)
  return { path, bytes }
}

/** The files of an archive, stored or deflated; undefined when it is no whole zip archive, or one of more than `most` bytes. */
export function readZip(archive: Buffer, most = largestContent): ZipEntry[] | undefined {
  const end = archive.length < endLength ? -1 : findEnd(archive)
  if (end === -1) return undefined
  const entries: ZipEntry[] = []
  let at = archive.readUInt32LE(end + 16)
  let room = most
  try {
    for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
      if (archive.readUInt32LE(at) !== centralSignature) return undefined
      const entry = readEntry(archive, at, room)
      room -= entry.bytes.length
      if (!entry.path.endsWith('/')) entries.push(entry)
      at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
    }
  } catch (error) {
    // Lengths that point beyond the file, and data that does not unpack.
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
  return entries
}
