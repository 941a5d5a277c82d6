import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readZip, writeZip } from './zip.ts'

const entries = [
  { path: 'db-2.0.json', bytes: Buffer.from('{"grüße":1}') },
  { path: 'attachments/größe.bin', bytes: Buffer.from([0, 1, 255]) },
  { path: 'empty', bytes: Buffer.alloc(0) },
]

test('what is written is read, and the same entries make the same bytes', () => {
  expect(readZip(writeZip(entries))).toEqual(entries)
  expect(writeZip(entries)).toEqual(writeZip(entries))
  expect(readZip(writeZip([]))).toEqual([])
})

test('git, which knows zip by itself, writes archives this can read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  try {
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args])
    git('init', '-q')
    writeFileSync(join(folder, 'empty.txt'), '')
    writeFileSync(join(folder, 'long.txt'), 'the same again '.repeat(500))
    git('add', '.')
    git('-c', 'user.name=a', '-c', 'user.email=a@a.example', 'commit', '-qm', 'one')
    git('archive', '--format=zip', '-9', '-o', 'out.zip', 'HEAD')
    const archive = readFileSync(join(folder, 'out.zip'))
    expect(archive.length).toBeLessThan(1000)
    expect(readZip(archive)).toEqual([
      { path: 'empty.txt', bytes: Buffer.alloc(0) },
      { path: 'long.txt', bytes: Buffer.from('the same again '.repeat(500)) },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what is no archive, cut off or damaged is not taken', () => {
  const archive = writeZip(entries)
  const damaged = Buffer.from(archive)
  damaged.writeUInt8(0x58, 30 + 'db-2.0.json'.length)
  for (const bytes of [Buffer.alloc(0), Buffer.from('not a zip, just some text'), archive.subarray(20), damaged])
    expect(readZip(bytes)).toBeUndefined()
})

/** One file in an archive, packed by the method that zip calls 8. */
function deflated(path: string, bytes: Buffer): Buffer {
  const packed = deflateRawSync(bytes)
  const archive = writeZip([{ path, bytes: packed }])
  const central = archive.length - 22 - 46 - Buffer.byteLength(path)
  for (const [at, sizes] of [
    [8, 22],
    [central + 10, central + 24],
  ] as const) {
    archive.writeUInt16LE(8, at)
    archive.writeUInt32LE(bytes.length, sizes)
  }
  for (const at of [14, central + 16]) archive.writeUInt32LE(crc32(bytes), at)
  return archive
}

test('an empty file may be packed too', () => {
  expect(readZip(deflated('empty', Buffer.alloc(0)))).toEqual([{ path: 'empty', bytes: Buffer.alloc(0) }])
})

test('what unpacks to more than there is room for, file by file or together, is not taken', () => {
  const bomb = deflated('zeros', Buffer.alloc(1_000_000))
  expect(bomb.length).toBeLessThan(2000)
  expect(readZip(bomb, 1_000_000)).toHaveLength(1)
  expect(readZip(bomb, 999_999)).toBeUndefined()
  const many = writeZip(Array.from({ length: 10 }, (_, index) => ({ path: `${index}`, bytes: Buffer.alloc(100) })))
  expect(readZip(many, 1000)).toHaveLength(10)
  expect(readZip(many, 999)).toBeUndefined()
})
