import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

let folder: string
let data: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-elsewhere-'))
  data = join(folder, 'data')
  writeFileSync(join(folder, 'scan.sarif'), '{}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function weir(args: string[], environment: Record<string, string> = {}) {
  const out: string[] = []
  const errors: string[] = []
  const code = await runCommand(args, {
    environment: { WEIR_DATA_FOLDER: data, ...environment },
    say: (line) => out.push(line),
    complain: (line) => errors.push(line),
    readInput: async () => '',
  })
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}

it.each([
  [['import', 'scan.sarif', '--asset', 'quay']],
  [['backup', 'all.weir']],
  [['user', 'reset-password', 'ada@example.com']],
  [['organization', 'create', 'Harbour', '--admin', 'ada@example.com']],
])('%j where no Weir is says where it looked and how to name another place, and makes nothing', async (args) => {
  const found = await weir(args.map((word) => (word === 'scan.sarif' ? join(folder, word) : word)))
  expect(found.code).toBe(1)
  expect(found.errors).toContain(`There is no Weir in the data folder ${data}.`)
  expect(found.errors).toContain('WEIR_DATA_FOLDER')
  expect(existsSync(data)).toBe(false)
})

it('a command beside a database elsewhere makes no second secret key', async () => {
  const found = await weir(['user', 'reset-password', 'ada@example.com'], {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/weir',
  })
  expect(found).toMatchObject({ code: 1, errors: expect.stringContaining(`There is no secret key in`) })
  expect(existsSync(data)).toBe(false)
})

it('doctor where no Weir is makes nothing, and --json is one object', async () => {
  expect(await weir(['doctor'])).toMatchObject({ code: 1, out: expect.stringContaining('wrong database: There is no') })
  const { code, out } = await weir(['doctor', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    checks: [
      { name: 'node', ok: true },
      { name: 'configuration', ok: true, detail: `data folder ${data}` },
      { name: 'data folder', ok: false },
      { name: 'secret key', ok: false },
      { name: 'database', ok: false },
      { name: 'git', ok: true },
    ],
  })
  expect(existsSync(data)).toBe(false)
})
