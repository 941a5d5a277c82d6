// `npm run check`: everything a reviewer should not have to look for. Runs all parts, reports each, fails on any.
import { spawn } from 'node:child_process'

type Part = { name: string; command: string; args: string[] }

const node = process.execPath
/** One that checks takes half the processor time of the usual four, which each look at much of the same. */
const types = (project: string): string[] => ['node_modules/typescript7/bin/tsc', '--checkers', '1', '-p', project]
/** The longest first, so that none is left alone at the end. */
const parts: Part[] = [
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--quiet', '.'] },
  { name: 'types (server)', command: node, args: types('tsconfig.json') },
  { name: 'types (web)', command: node, args: types('web/tsconfig.json') },
  { name: 'boundaries', command: node, args: ['scripts/check-boundaries.ts'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'format', command: 'biome', args: ['ci', '--linter-enabled=false', '.'] },
  { name: 'words', command: node, args: ['scripts/check-words.ts'] },
]
/** Some have one thread, others as many as there are cores; a third at once would only take the memory of the others. */
const atOnce = 2

const failed: string[] = []

async function run({ name, command, args }: Part, output: 'inherit' | 'pipe'): Promise<void> {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', output, output] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  const code = await new Promise<number | null>((done) => {
    child.once('error', (error) => {
      text += `${error.message}\n`
      done(null)
    })
    child.once('close', done)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0) failed.push(name)
  console.log(`${text}${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
}

const left = [...parts]
async function runLeft(): Promise<void> {
  for (let part = left.shift(); part !== undefined; part = left.shift()) await run(part, 'pipe')
}
await Promise.all(Array.from({ length: atOnce }, runLeft))
const withTests = !process.argv.includes('--no-tests')
if (withTests) await run({ name: 'tests', command: node, args: ['scripts/test.ts'] }, 'inherit')
if (failed.length > 0) console.error(`check failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
