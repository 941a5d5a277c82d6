import { countTests, runTests } from './run-tests.ts'

// `npm run test:simulator`: the tests of both simulators, and what they say about them, area by area.

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

const { passed, failed, isGood, files } = await runTests([
  'simulators/',
  'scripts/write-simulator-table',
  ...process.argv.slice(2),
])
const rest = new Set(files)
console.log('')
for (const [name, pattern] of areas) {
  const mine = [...rest].filter((file) => pattern.test(file.name))
  for (const file of mine) rest.delete(file)
  const counts = mine.map(countTests)
  const sum = (which: 'passed' | 'failed') => counts.reduce((total, one) => total + one[which], 0)
  console.log(
    `${sum('failed') === 0 && mine.length > 0 ? '✓' : '✗'} ${name}: ${sum('passed')} passed, ${sum('failed')} failed`,
  )
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = isGood ? 0 : 1
