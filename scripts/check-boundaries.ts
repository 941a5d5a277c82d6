// Runs dependency-cruiser over the rooms, asserts that it really read them, and proves with a planted violation
// that the rules bite: a linter that silently reads nothing passes everything.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const rooms = ['src', 'contract', 'web', 'simulators']
const planted = 'src/domain/planted-violation.ts'
const leastModules = 100

type Report = {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number }
}

function cruise(cwd: string, folders: readonly string[]): Report {
  const done = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (done.error !== undefined) throw done.error
  return JSON.parse(done.stdout)
}

const report = cruise('.', rooms)
const problems = report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
if (report.summary.totalCruised < leastModules)
  problems.push(`only ${report.summary.totalCruised} modules read; the check is blind`)

// In a tree of its own: other checks may read this one meanwhile.
const tree = mkdtempSync(join(tmpdir(), 'weir-boundaries-'))
try {
  for (const folder of ['src/domain', 'src/store']) mkdirSync(join(tree, folder), { recursive: true })
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json']) copyFileSync(name, join(tree, name))
  writeFileSync(join(tree, 'src/store/db.ts'), 'export const db = 1\n')
  writeFileSync(join(tree, planted), "import '../store/db.ts'\n")
  const caught = cruise(tree, ['src']).summary.violations.some(({ from }) => from === planted)
  if (!caught) problems.push('the planted violation (domain → store) was not caught')
} finally {
  rmSync(tree, { recursive: true })
}

for (const problem of problems) console.error(problem)
console.log(`boundaries: ${report.summary.totalCruised} modules, ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
