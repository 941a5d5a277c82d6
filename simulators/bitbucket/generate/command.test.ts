import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'

// Each starts processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 })

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

async function run(...args: string[]): Promise<{ code: unknown; out: string; said: string }> {
  return await new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], (error, out, said) => resolve({ code: error?.code ?? 0, out, said })),
  )
}

test('generate writes a file and says so in one line of JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'generate-command-'))
  try {
    const out = join(folder, 'shop')
    const { code, out: line } = await run('generate', '--scale', '1x3', '--seed', '4', '--out', out)
    expect(code).toBe(0)
    expect(JSON.parse(line)).toEqual({ out, scale: '1x3', seed: 4 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test.each([
  ['a scale', ['--scale', 'many', '--out', 'x'], '--scale must be like 50x1000, not "many"'],
  ['no file', ['--scale', '1x1'], '--out must name the file to write'],
  ['a seed', ['--scale', '1x1', '--out', 'x', '--seed', 'one'], '--seed must be a whole number, not "one"'],
  ['an option', ['--bogus'], "Unknown option '--bogus'"],
])('generate says what it takes to %s it cannot read', async (_what, args, expected) => {
  const { code, said } = await run('generate', ...args)
  expect(code).toBe(2)
  expect(said).toContain(expected)
  expect(said).toContain('usage: npm run simulator -- generate')
})

test('a file that is none is refused in a sentence', async () => {
  const { code, said } = await run('--from', main)
  expect(code).toBe(1)
  expect(said).toBe(`${main} is no file of a simulated workspace\n`)
})
