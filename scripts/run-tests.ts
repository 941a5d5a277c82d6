import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  // A file that cannot be loaded has no tests of its own, yet it failed.
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

type FileResult = z.infer<typeof reportSchema>['testResults'][number]

interface Outcome {
  passed: number
  failed: number
  isGood: boolean
  files: FileResult[]
}

/** Tests of a file; one that could not be loaded failed once. */
export function countTests({ status, assertionResults }: FileResult): {
  passed: number
  failed: number
  skipped: number
} {
  const count = (wanted: string) => assertionResults.filter((one) => one.status === wanted).length
  return {
    passed: count('passed'),
    failed: count('failed') + (status === 'failed' && assertionResults.length === 0 ? 1 : 0),
    skipped: count('skipped') + count('pending'),
  }
}

async function runVitest(args: readonly string[], reportFile: string): Promise<number> {
  const reporters = ['default', 'json', './test/slowest-files.ts'].map((name) => `--reporter=${name}`)
  const all = ['run', ...reporters, `--outputFile.json=${reportFile}`, ...args]
  const child = spawn('vitest', all, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => done(code ?? 1))
  })
}

/** Runs vitest with these words and options, and answers what came of it. */
export async function runTests(args: readonly string[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-report-'))
  try {
    const reportFile = join(folder, 'report.json')
    const code = await runVitest(args, reportFile)
    const text = await readFile(reportFile, 'utf8').catch(() => undefined)
    if (text === undefined) return { passed: 0, failed: 1, isGood: false, files: [] }
    const report = reportSchema.parse(JSON.parse(text))
    const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    // An error outside of any test, or no test at all, is a failure as well.
    const failed = Math.max(report.numFailedTests + broken.length, code === 0 ? 0 : 1)
    const isGood = code === 0 && failed === 0 && report.success
    return { passed: report.numPassedTests, failed, isGood, files: report.testResults }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
