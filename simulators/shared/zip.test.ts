import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    writeFileSync(join(folder, 'long.txt'), 'the same again '.repeat(500))
    git('add', '.')
    git('-c', 'user.name=a', '-c', 'user.email=a@a.example', 'commit', '-qm', 'one')
    git('archive', '--format=zip', '-9', '-o', 'out.zip', 'HEAD')
    const archive = readFileSync(join(folder, 'out.zip'))
    expect(archive.length).toBeLessThan(1000)
    expect(readZip(archive)).toEqual([{ path: 'long.txt', bytes: Buffer.from('the same again '.repeat(500)) }])
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
