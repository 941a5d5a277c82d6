import type { TestProject } from 'vitest/node'
import { startTestServer } from './database-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    weirTestDatabase: { serverUrl: string; template: string }
  }
}

/** One PostgreSQL for the whole run; WEIR_TEST_DATABASE_URL names another server than the embedded one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer(process.env['WEIR_TEST_DATABASE_URL'])
  project.provide('weirTestDatabase', { serverUrl: server.serverUrl, template: server.template })
  return server.close
}
