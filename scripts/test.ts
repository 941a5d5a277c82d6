import { chromium, ensureProgram } from './ensure-program.ts'
import { runTests } from './run-tests.ts'

// `npm test [-- path…]`: every test, or those whose path holds one of the words; options go on to vitest. The last line is `N passed, N failed`.

async function main(): Promise<number> {
  const filters = process.argv.slice(2)
  if (filters.every((filter) => filter.startsWith('-')) || filters.some((filter) => filter.includes('journeys')))
    process.env['CHROMIUM_PATH'] ??= ensureProgram(chromium)
  const { passed, failed, isGood } = await runTests(filters)
  console.log(`\n${passed} passed, ${failed} failed`)
  return isGood ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
}
