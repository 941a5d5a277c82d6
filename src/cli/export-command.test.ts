import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, setUp, type TestApp } from '../../test/app.ts'
import { sarifOf } from '../usecases/security/imports/import.fixture.ts'
import { runCommand } from './run-command.ts'

let weir: TestApp
let token = ''
const folder = mkdtempSync(join(tmpdir(), 'weir-export-'))

beforeAll(async () => {
  weir = await createTestApp()
  const admin = await setUp(weir)
  await admin.send('POST', '/api/v1/assets', { json: { key: 'quay', name: 'Quay' } })
  const made = await admin.send('POST', '/api/v1/api-tokens', {
    json: { name: 'export', scopes: ['read'], expires_in_days: 1 },
  })
  token = Object(made.body).token
  const results = Array.from({ length: 700 }, (_, index) => ({ text: `Door ${index}`, file: `src/${index}.ts` }))
  const sent = { body: sarifOf(results), headers: { 'content-type': 'application/json' } }
  await admin.send('POST', '/api/v1/imports?asset=quay', sent)
})
afterAll(async () => {
  await weir.close()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]) {
  const said: string[] = []
  const complained: string[] = []
  const code = await runCommand(['export', ...args], {
    environment: { WEIR_URL: weir.url, WEIR_TOKEN: token },
    say: (line) => said.push(line),
    complain: (line) => complained.push(line),
    readInput: async () => '',
  })
  return { code, said, complained: complained.join('\n') }
}

test('another Weir’s vulnerabilities come into a file, which is there only when it is whole', async () => {
  const file = join(folder, 'out.sarif')
  expect(await run('--format', 'sarif', '-o', file)).toMatchObject({
    code: 0,
    complained: `700 vulnerabilities written to ${file}.`,
  })
  expect(JSON.parse(readFileSync(file, 'utf8')).runs[0].results).toHaveLength(700)
  const refused = await run('--format', 'sarif', '-o', join(folder, 'no.sarif'), '--severity', 'awful')
  expect(refused.code).toBe(2)
  expect(readdirSync(folder)).toEqual(['out.sarif'])
})

test('without a file they come out line by line, as filtered', async () => {
  const { code, said } = await run('--format', 'csv', '--severity', 'high', '--filter', 'q=src/69')
  expect(code).toBe(0)
  expect(said[0]).toMatch(/^\uFEFFnumber,title,/)
  expect(said.length).toBeGreaterThan(10)
  expect(said.length).toBeLessThan(30)
  expect((await run('--format', 'csv', '--severity', 'low')).said).toHaveLength(1)
})

test.each([
  [[], 'Say which format'],
  [['--format', 'pdf'], '--format pdf: choose csv, json, sarif or vex.'],
  [['--format', 'csv', '--filter', 'open'], 'write NAME=VALUE'],
  [['--format', 'csv', '--filter', 'colour=blue'], 'colour'],
])('%j is refused with a sentence', async (args, sentence) => {
  const { code, complained } = await run(...args)
  expect([code, complained]).toEqual([2, expect.stringContaining(sentence)])
})

test('the Weir of this machine and another one refuse wrong values with the same sentence', async () => {
  const wrong = ['--severity', 'high', '--severity', 'nope', '--filter', 'kind=pets']
  const { code, complained } = await run('--format', 'csv', ...wrong)
  expect(code).toBe(2)
  expect(complained.split('\n')).toEqual([
    '--severity nope: choose critical, high, medium, low, or notification.',
    expect.stringMatching(/^--filter kind=pets: choose .* or .*\.$/),
  ])
  const here: string[] = []
  const ended = await runCommand(['export', '--format', 'csv', ...wrong], {
    environment: {},
    say: () => undefined,
    complain: (line) => here.push(line),
    readInput: async () => '',
  })
  expect([ended, here.join('\n')]).toEqual([2, complained])
})
