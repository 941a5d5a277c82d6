import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeDefault } from '../src/config.ts'
import type { Variable } from '../src/config-schemas.ts'
import { variables } from '../src/config-variables.ts'

export const configDocPath = fileURLToPath(new URL('../docs/configuration.md', import.meta.url))
export const envExamplePath = fileURLToPath(new URL('../.env.example', import.meta.url))

const all = Object.entries<Variable<unknown>>(variables)

/** The page that lists every variable. */
export function renderConfigDoc(): string {
  const rows = all.map(([name, variable]) => {
    const file = variable.isSecret === true ? ` Also as \`${name}_FILE\`, the path of a file that holds it.` : ''
    return `| \`${name}\` | ${describeDefault(variable)} | ${variable.meaning}${file} | \`${variable.example}\` |`
  })
  return [
    '# Configuration',
    '',
    'Weir reads its environment once at the start, reports all mistakes together and then stops. Nothing has to be set.',
    '`npm start` and `npx weir` also read the file `.env` beside `package.json`, for which `.env.example` is the template;',
    'what the environment says wins.',
    'A name that begins with `WEIR_` and is not listed here is a mistake.',
    '',
    'This page is written by `node bin/run.mjs scripts/write-config-doc.ts`.',
    '',
    '| variable | default | meaning | example |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The file to copy to `.env`: every variable, commented out. */
export function renderEnvExample(): string {
  const blocks = all.map(
    ([name, variable]) => `# ${variable.meaning}\n# ${name}=${variable.default || variable.example}\n`,
  )
  return [
    '# To copy to .env, which `npm start` and `npx weir` read; what the environment says wins. Nothing has to be set.\n# docs/configuration.md says more. Written by scripts/write-config-doc.ts.\n',
    ...blocks,
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(configDocPath, renderConfigDoc())
  writeFileSync(envExamplePath, renderEnvExample())
}
