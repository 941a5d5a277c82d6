import { tmpdir } from 'node:os'
import type { TestProject } from 'vitest/node'
import { chromium, findProgram } from '../scripts/ensure-program.ts'
import { removeLeftServers, startTestServer } from './database-server.ts'
import { openMemoryFolder } from './memory-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    weirTestDatabase: { serverUrl: string; template: string }
    /** For what somebody looks at after the run, whose own temporary folder goes with it. */
    keptFolder: string
  }
}

/**
 * One PostgreSQL for the whole run; WEIR_TEST_DATABASE_URL names another server than the embedded one,
 * CHROMIUM_PATH another browser than the one that is found, TMPDIR another place for files than the memory.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = findProgram(chromium.names)
  if (browser !== undefined) process.env['CHROMIUM_PATH'] ??= browser
  project.provide('keptFolder', tmpdir())
  const memory = process.env['TMPDIR'] === undefined ? await openMemoryFolder(removeLeftServers) : undefined
  if (memory !== undefined) process.env['TMPDIR'] = memory.path
  const server = await startTestServer(process.env['WEIR_TEST_DATABASE_URL'])
  project.provide('weirTestDatabase', { serverUrl: server.serverUrl, template: server.template })
  return async () => {
    await server.close()
    await memory?.close()
  }
}
