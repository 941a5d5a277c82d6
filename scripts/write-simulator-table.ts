import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderOperations } from '../simulators/bitbucket/openapi/operations-table.ts'

const tablePath = fileURLToPath(new URL('../simulators/bitbucket/OPERATIONS.md', import.meta.url))

/** The table as it lies in the repository; empty when there is none. */
export function readSimulatorTable(): string {
  try {
    return readFileSync(tablePath, 'utf8')
  } catch {
    return ''
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(tablePath, await renderOperations())
