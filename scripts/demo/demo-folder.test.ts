import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tryFileLock } from '../../src/lib/file-lock.ts'
import { type DemoFolder, takeDemoFolder } from './demo-folder.ts'

let home: string
let folder: string

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'weir-demo-folder-'))
  folder = join(home, 'data', 'demo')
  await mkdir(folder, { recursive: true })
  writeFileSync(join(folder, 'kept'), 'the data of a demo')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function take(): DemoFolder {
  const taken = takeDemoFolder(folder)
  if (taken.kind === 'taken') throw new Error(taken.sentence)
  return taken
}

it('a second demo touches nothing of the first and says where it is', async () => {
  const first = take()
  expect(existsSync(folder)).toBe(false)
  await mkdir(folder)
  writeFileSync(join(folder, 'kept'), 'the data of the first')
  expect(takeDemoFolder(folder)).toMatchObject({ kind: 'taken', sentence: expect.stringContaining('still starting') })
  first.note('http://localhost:8420')
  expect(takeDemoFolder(folder)).toMatchObject({
    kind: 'taken',
    sentence: expect.stringContaining('A demo is running here already. It is at http://localhost:8420.'),
  })
  expect(existsSync(join(folder, 'kept'))).toBe(true)
  first.release()
  take().release()
  expect(existsSync(folder)).toBe(false)
})

it('a Weir that outlived its demo keeps its folder', () => {
  const lock = tryFileLock(join(folder, 'server.lock'), 'exclusive')
  expect(takeDemoFolder(folder)).toMatchObject({ kind: 'taken', sentence: expect.stringContaining(folder) })
  expect(existsSync(join(folder, 'kept'))).toBe(true)
  lock?.release()
  take().release()
})
