// Files that are shipped name no machine's paths, no package registry, and no real contributor data.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const forbidden: { pattern: RegExp; why: string }[] = [
  { pattern: /(?<![\w.])\/(?:work|home|root)\/[a-z]/, why: 'a path of one machine' },
  { pattern: new RegExp(['registry', 'npmjs', 'org'].join('\\.')), why: 'the host of a package registry' },
  {
    // Not in quotes of its own: a task of Jira that is not done is called so.
    pattern: new RegExp(`(?<!')\\b(?:${['TO', 'FIX'].map((word, i) => word + ['DO', 'ME'][i]).join('|')})\\b`),
    why: 'an open end',
  },
]
const textFile = /\.(?:ts|tsx|mjs|js|json|md|sql|yml|yaml|html|css|sh|txt)$|^(?:Dockerfile|\.env\.example|\.ci\/run)$/

const tracked = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' }).stdout.split(
  '\0',
)
const files = tracked.filter((file) => textFile.test(file) && file !== 'scripts/check-words.ts')
const problems = files.flatMap((file) => {
  const lines = readFileSync(file, { encoding: 'utf8', flag: 'r' }).split('\n')
  return lines.flatMap((line, index) =>
    forbidden.filter(({ pattern }) => pattern.test(line)).map(({ why }) => `${file}:${index + 1}: ${why}`),
  )
})

for (const problem of problems) console.error(problem)
console.log(`words: ${files.length} files, ${problems.length} problems`)
process.exit(problems.length === 0 && files.length > 0 ? 0 : 1)
