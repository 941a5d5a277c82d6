// Runs dependency-cruiser over the rooms, asserts that it really read them, and proves with a planted violation
// that the rules bite: a linter that silently reads nothing passes everything.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'

const rooms = ['src', 'contract', 'web', 'simulators']
const planted = 'src/domain/planted-violation.ts'
const leastModules = 100

type Report = {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number }
}

function cruise(): Report {
  const done = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...rooms], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (done.error !== undefined) throw done.error
  return JSON.parse(done.stdout)
}

const report = cruise()
const problems = report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
if (report.summary.totalCruised < leastModules)
  problems.push(`only ${report.summary.totalCruised} modules read; the check is blind`)

writeFileSync(planted, "import '../store/db.ts'\n")
try {
  const caught = cruise().summary.violations.some(({ from }) => from === planted)
  if (!caught) problems.push('the planted violation (domain → store) was not caught')
} finally {
  rmSync(planted)
}

for (const problem of problems) console.error(problem)
console.log(`boundaries: ${report.summary.totalCruised} modules, ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
