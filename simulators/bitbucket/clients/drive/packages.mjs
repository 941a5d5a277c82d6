// What every driver has in common: its input, the packages of the client's own folder, and how it reports.
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What the test handed over. */
export const input = JSON.parse(process.argv[2] ?? '{}')

/** A package of the client's folder, as the client's users load it. */
export const load = createRequire(join(input.folder, 'package.json'))

/** The last line of a driver is its report. */
export const report = (value) => process.stdout.write(`\n${JSON.stringify(value)}\n`)

/** What a call that must fail failed with. */
export async function failure(work) {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('this should have been refused')
}
