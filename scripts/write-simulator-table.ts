import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderOperations } from '../simulators/bitbucket/openapi/operations-table.ts'

// The table of the simulator's operations: whole in OPERATIONS.md, its sums between two marks of the README.

const folder = new URL('../simulators/bitbucket/', import.meta.url)
const tablePath = fileURLToPath(new URL('OPERATIONS.md', folder))
const readmePath = fileURLToPath(new URL('README.md', folder))
const marked = /(?<=<!-- operations -->\n\n).*(?=\n\n<!-- \/operations -->)/s

/** What of it lies in the repository; throws when a file or the marks are missing. */
export function readSimulatorTable(): { page: string; sums: string } {
  const sums = marked.exec(readFileSync(readmePath, 'utf8'))?.[0]
  if (sums === undefined) throw new Error('README.md of the simulator has lost its marks for the operations.')
  return { page: readFileSync(tablePath, 'utf8'), sums }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { page, sums } = await renderOperations()
  writeFileSync(tablePath, page)
  writeFileSync(
    readmePath,
    readFileSync(readmePath, 'utf8').replace(marked, () => sums),
  )
}
