import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let clone: string

const script = `console.log([process.env.WEIR_PORT, process.env.WEIR_METRICS].join(' '))`

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'weir-run-'))
  for (const name of ['bin', 'scripts', 'src']) mkdirSync(join(clone, name))
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}')
  copyFileSync(resolve(import.meta.dirname, '..', 'bin', 'run.mjs'), join(clone, 'bin', 'run.mjs'))
  for (const name of ['scripts/start.ts', 'scripts/demo.ts', 'src/cli.ts']) writeFileSync(join(clone, name), script)
  writeFileSync(join(clone, '.env'), 'WEIR_PORT=9000\nWEIR_METRICS=on\n')
})
afterAll(() => rmSync(clone, { recursive: true, force: true }))

function run(name: string): string {
  const env = { PATH: process.env['PATH'], WEIR_SKIP_INSTALL: '1', WEIR_METRICS: 'off' }
  const done = spawnSync(process.execPath, [join(clone, 'bin', 'run.mjs'), name], {
    env,
    encoding: 'utf8',
    cwd: tmpdir(),
  })
  return done.stdout.trim()
}

test.each(['scripts/start.ts', 'src/cli.ts'])('%s reads .env of its own folder, and the environment wins', (name) => {
  expect(run(name)).toBe('9000 off')
})

test('the demo goes by its own settings', () => {
  expect(run('scripts/demo.ts')).toBe('off')
})
