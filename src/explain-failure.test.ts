import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { explainFailure } from './explain-failure.ts'

it.each([
  ['EACCES', 'The user Weir runs as may not use /srv/weir/secret.key.'],
  ['EPERM', 'The user Weir runs as may not use /srv/weir/secret.key.'],
  ['EROFS', '/srv/weir/secret.key is on a read-only file system.'],
  ['ENOSPC', 'The disk that holds /srv/weir/secret.key is full.'],
])('%s of a file is a sentence with its path', (code, sentence) => {
  const error = Object.assign(new Error(`${code}: whatever`), { code, path: '/srv/weir/secret.key', syscall: 'open' })
  expect(explainFailure(error)).toMatch(sentence)
})

it('what the file system really throws is explained', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-explain-'))
  writeFileSync(join(folder, 'file'), '')
  for (const path of [join(folder, 'file', 'x'), join(folder, 'none', 'x')]) {
    let thrown: unknown
    try {
      readFileSync(path)
    } catch (error) {
      thrown = error
    }
    expect(explainFailure(thrown)).toContain(`${path} cannot be opened or made`)
  }
  rmSync(folder, { recursive: true })
})

it('what the database refuses is explained, and a defect is not', () => {
  const refused = Object.assign(new Error('permission denied for schema public'), { code: '42501' })
  expect(explainFailure(refused)).toContain('permission denied for schema public')
  const full = Object.assign(new Error('could not extend file'), { code: '53100' })
  expect(explainFailure(full)).toMatch(/disk of the database is full/)
  expect(explainFailure(Object.assign(new Error('syntax error'), { code: '42601' }))).toBeUndefined()
  expect(explainFailure(new TypeError('x is not a function'))).toBeUndefined()
  expect(explainFailure('text')).toBeUndefined()
})
