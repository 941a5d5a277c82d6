// `npm run check`: everything a reviewer should not have to look for. Runs all parts, reports each, fails on any.
import { spawnSync } from 'node:child_process'

type Part = { name: string; command: string; args: string[] }

const node = process.execPath
const parts: Part[] = [
  { name: 'format', command: 'biome', args: ['ci', '--linter-enabled=false', '.'] },
  { name: 'types (server)', command: node, args: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'types (web)', command: node, args: ['node_modules/typescript7/bin/tsc', '-p', 'web/tsconfig.json'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--quiet', '.'] },
  { name: 'boundaries', command: node, args: ['scripts/check-boundaries.ts'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'words', command: node, args: ['scripts/check-words.ts'] },
]

const withTests = !process.argv.includes('--no-tests')
if (withTests) parts.push({ name: 'tests', command: node, args: ['scripts/test.ts'] })

const failed: string[] = []
for (const { name, command, args } of parts) {
  const started = performance.now()
  const done = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const passed = done.status === 0
  if (!passed) failed.push(name)
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`)
}
if (failed.length > 0) console.error(`check failed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
