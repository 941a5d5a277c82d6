import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { spoolReport } from './spool-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-spool-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield new Uint8Array(16 * 1024)
}

describe('an upload', () => {
  it('lies on the disk for its owner alone, until it is removed', async () => {
    const report = await spoolReport(chunks(2), { folder, maxBytes: 1024 * 1024 })
    expect(report.bytes).toBe(32 * 1024)
    const seen = spawnSync('stat', ['-c', '%a', report.path], { encoding: 'utf8' })
    expect(seen.stdout.trim()).toBe('600')
    await report.remove()
    expect(readdirSync(folder)).toEqual([])
  })

  it('that finds no room on the disk is told apart from a defect, and leaves nothing', () => {
    const script = `
      import { spoolReport } from '${import.meta.dirname}/spool-report.ts'
      async function* chunks() { for (let at = 0; at < 9; at++) yield new Uint8Array(16 * 1024) }
      await spoolReport(chunks(), { folder: ${JSON.stringify(folder)}, maxBytes: 1e9 }).catch((error) =>
        console.log(JSON.stringify({ code: error.code, detail: error.detail, cause: error.cause.code })))`
    // A file of this process may hold 64 KB: what fits on a full disk, without filling one.
    const done = spawnSync('prlimit', ['--fsize=65536', process.execPath, '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(JSON.parse(done.stdout)).toEqual({
      code: 'unavailable',
      detail: expect.stringMatching(/disk that holds the data folder is full/),
      cause: 'EFBIG',
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
