import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkspaceFile, WorkspaceFileError, WorkspaceFileWriter } from './workspace-file.ts'

let folder: string
let whole: Buffer
/** Whether the file had its name before it was whole. */
let isEarly: boolean

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workspace-file-'))
  const path = join(folder, 'whole')
  const writer = await WorkspaceFileWriter.create(path, { seed: 3, scale: '1x1' })
  await writer.add('workspace', '', Buffer.from('people'))
  await writeFile(join(folder, 'pack'), 'x'.repeat(100_000))
  await writer.addFile('pack', 'amber-api', join(folder, 'pack'))
  isEarly = existsSync(path)
  await writer.finish()
  whole = await readFile(path)
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

async function openAs(bytes: Buffer | string) {
  const path = join(folder, 'other')
  await writeFile(path, bytes)
  return await openWorkspaceFile(path)
}

test('what was written is read, each section by itself', async () => {
  const file = await openAs(whole)
  try {
    expect(isEarly).toBe(false)
    expect(file.header).toMatchObject({ seed: 3, scale: '1x1' })
    expect(file.sections.map(({ kind, name, bytes }) => [kind, name, bytes])).toEqual([
      ['workspace', '', 6],
      ['pack', 'amber-api', 100_000],
    ])
    const [first, second] = file.sections
    if (first === undefined || second === undefined) throw new Error('sections are missing')
    expect((await file.read(second)).toString()).toBe('x'.repeat(100_000))
    expect((await file.read(first)).toString()).toBe('people')
  } finally {
    await file.close()
  }
})

test.each([
  ['in the first line', () => whole.subarray(0, 30), /no file of a simulated workspace|cut off/],
  ['in a section', () => whole.subarray(0, 50_000), /cut off/],
  ['before the end', () => whole.subarray(0, whole.lastIndexOf('{"kind":"end"')), /cut off/],
  ['in the last line', () => whole.subarray(0, whole.length - 3), /cut off/],
])('a file that is cut off %s is refused', async (_where, bytes, expected) => {
  const opening = openAs(bytes())
  await expect(opening).rejects.toThrow(expected)
  await expect(opening).rejects.toThrow(WorkspaceFileError)
})

test('another version is named, and so is what is no workspace at all', async () => {
  const other = whole.toString('latin1').replace('"version":1', '"version":9')
  await expect(openAs(Buffer.from(other, 'latin1'))).rejects.toThrow(/has version 9, this simulator reads 1/)
  await expect(openAs('hello\n')).rejects.toThrow(/no file of a simulated workspace/)
  await expect(openAs('')).rejects.toThrow(/no file of a simulated workspace/)
  await expect(openWorkspaceFile(join(folder, 'nowhere'))).rejects.toThrow(/cannot be read/)
})

test('a changed byte is found when its section is read', async () => {
  const changed = Buffer.from(whole)
  changed.write('y', changed.length - 5000)
  const file = await openAs(changed)
  try {
    const [first, second] = file.sections
    if (first === undefined || second === undefined) throw new Error('sections are missing')
    expect((await file.read(first)).toString()).toBe('people')
    await expect(file.read(second)).rejects.toThrow(/damaged: the pack of amber-api/)
  } finally {
    await file.close()
  }
})
