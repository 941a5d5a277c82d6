import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from './ensure-program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-path-'))
  await writeFile(join(folder, 'browser'), '#!/bin/sh\n')
  await chmod(join(folder, 'browser'), 0o755)
  await writeFile(join(folder, 'notes'), 'not a program')
  await chmod(join(folder, 'notes'), 0o644)
})
afterAll(() => rm(folder, { recursive: true }))

test('a program is found under any of its names', () => {
  expect(findProgram(['chrome', 'browser'], `/nowhere:${folder}`)).toBe(join(folder, 'browser'))
})

test.each([['absent'], ['notes']])('%s is no program', (name) => {
  expect(findProgram([name], folder)).toBeUndefined()
})
