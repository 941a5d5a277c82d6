import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { killLeftProcesses, runCli, runToEnd } from './weir-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-configuration-'))
afterAll(async () => {
  await killLeftProcesses()
  rmSync(folder, { recursive: true, force: true })
})

const canary = 'canary-that-must-not-be-printed'

/** Variable, wrong value, what is said of it. */
const mistakes: readonly [string, string, RegExp][] = [
  ['DATABASE_URL', `mysql://weir:${canary}@db/weir`, /postgres:\/\//],
  ['WEIR_SECRET_KEY', canary, /32 bytes/],
  ['WEIR_PUBLIC_URL', 'weir.example.com', /complete address/],
  ['WEIR_PORT', 'eighty', /whole number from 0 to 65535/],
  ['WEIR_ROLES', 'boss', /web and worker/],
  ['WEIR_TRUSTED_PROXIES', 'everybody', /no address or range/],
  ['WEIR_ALLOWED_PRIVATE_ADDRESSES', 'all of them', /neither an address/],
  ['WEIR_MAX_REPORT_MB', '-1', /whole number/],
  ['WEIR_LOG_LEVEL', 'loud', /none of fatal/],
  ['WEIR_METRICS', 'maybe', /neither on nor off/],
]
const misspelt: readonly [string, string][] = [
  ['WEIR_PUBLIK_URL', 'WEIR_PUBLIC_URL'],
  ['WEIR_SECRETKEY', 'WEIR_SECRET_KEY'],
]

describe('a configuration with twelve mistakes', () => {
  const environment = {
    ...Object.fromEntries(mistakes.map(([name, value]) => [name, value])),
    ...Object.fromEntries(misspelt.map(([name]) => [name, canary])),
  }

  it.each([
    ['src/main.ts', []],
    ['src/cli.ts', ['backup', '/nowhere/x']],
  ])('is told whole by %s, each with variable, problem and example, and no value of a secret', async (script, args) => {
    const done = await runToEnd([script, ...args], environment)
    const lines = done.stderr.trim().split('\n')
    expect([done.code, done.stdout, lines[0]]).toEqual([2, '', 'The configuration has 12 mistakes:'])
    expect(lines).toHaveLength(13)
    for (const [name, , says] of mistakes) {
      const line = lines.find((one) => one.startsWith(`- ${name} `))
      expect(line, name).toMatch(says)
      expect(line, name).toContain(`Example: ${name}=`)
    }
    for (const [name, nearest] of misspelt)
      expect(lines).toContain(`- ${name} is not a variable of Weir. The nearest is ${nearest}.`)
    expect(done.stderr).not.toContain(canary)
  })
})

describe('a wish nobody knows', () => {
  it('is told with the commands there are, and ends with 2', async () => {
    const done = await runCli(['improt', 'x.sarif'], {})
    expect([done.code, done.stdout]).toEqual([2, ''])
    expect(done.stderr).toMatch(/no command "improt"[\s\S]*weir COMMAND/)
  })
})

describe('a database that cannot be reached', () => {
  it('ends the start with 1 and a sentence that holds neither password nor stack', async () => {
    const done = await runToEnd(['src/main.ts'], {
      DATABASE_URL: `postgres://weir:${canary}@127.0.0.1:1/weir`,
      WEIR_DATA_FOLDER: folder,
    })
    expect(done.code).toBe(1)
    expect(done.stderr).toMatch(/database.*cannot be reached/i)
    expect(done.stderr + done.stdout).not.toContain(canary)
    expect(done.stderr).not.toMatch(/ at .*\.ts:/)
  }, 60_000)
})
