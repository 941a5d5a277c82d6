import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { chromium, ensureProgram } from './ensure-program.ts'

// `npm test [-- path…]`: every test, or those whose path holds one of the words; options go on to vitest. The last line is `N passed, N failed`.

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  // A file that cannot be loaded has no tests of its own, yet it failed.
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

async function runVitest(filters: readonly string[], reportFile: string): Promise<number> {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters]
  const child = spawn('vitest', args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => done(code ?? 1))
  })
}

async function main(): Promise<number> {
  const filters = process.argv.slice(2)
  if (filters.every((filter) => filter.startsWith('-')) || filters.some((filter) => filter.includes('journeys')))
    process.env['CHROMIUM_PATH'] ??= ensureProgram(chromium)
  const folder = await mkdtemp(join(tmpdir(), 'weir-report-'))
  try {
    const reportFile = join(folder, 'report.json')
    const code = await runVitest(filters, reportFile)
    const text = await readFile(reportFile, 'utf8').catch(() => undefined)
    if (text === undefined) {
      console.log('\n0 passed, 1 failed')
      return 1
    }
    const report = reportSchema.parse(JSON.parse(text))
    const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    // An error outside of any test, or no test at all, is a failure as well.
    const failed = Math.max(report.numFailedTests + broken.length, code === 0 ? 0 : 1)
    console.log(`\n${report.numPassedTests} passed, ${failed} failed`)
    return code !== 0 || failed > 0 || !report.success ? 1 : 0
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
}
