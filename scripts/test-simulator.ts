import { countTests, runTests } from './run-tests.ts'

// `npm run test:simulator [-- path…]`: the tests of both simulators, or those whose path holds one of the words, and what they say about them, area by area.

const areas: [name: string, files: RegExp][] = [
  ['the table of operations is current', /\/write-simulator-table\.test\.ts$/],
  ['Jira', /\/simulators\/jira\//],
  ['answers fit the published API descriptions', /\/openapi\/(every-answer|check-schema)\./],
  ['answers and webhooks are shaped as recorded', /\/openapi\/(recorded-shapes|shape)\.|\/payload-shape/],
  ['published clients work as they are', /\/bitbucket\/clients\//],
  ['faults, switches and control', /\/bitbucket\/(nasty|switches|faults|control|read-)|\/simulators\/shared\//],
  ['behaviour documented sentence by sentence', /\/to-the-letter\//],
  ['operations, web pages, git, webhooks and seed', /\/simulators\/bitbucket\//],
]

const given = process.argv.slice(2)
const isWhole = given.every((one) => one.startsWith('-'))
const wanted = isWhole ? ['simulators/', 'scripts/write-simulator-table', ...given] : given
const { passed, failed, isGood, files } = await runTests(wanted)
const rest = new Set(files)
let hasEmpty = false
console.log('')
for (const [name, pattern] of areas) {
  const mine = [...rest].filter((file) => pattern.test(file.name))
  for (const file of mine) rest.delete(file)
  const counts = mine.map(countTests)
  const sum = (which: 'passed' | 'failed' | 'skipped') => counts.reduce((total, one) => total + one[which], 0)
  // What was skipped, because the descriptions and recordings are not here, proves nothing.
  const sign = sum('failed') > 0 || mine.length === 0 ? '✗' : sum('skipped') > 0 ? '–' : '✓'
  hasEmpty ||= mine.length === 0
  if (isWhole || mine.length > 0)
    console.log(`${sign} ${name}: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = isGood && !(isWhole && hasEmpty) ? 0 : 1
