import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../src/store/db.ts'
import { renderSchemaTypes } from '../src/store/schema-types.ts'
import { startTestServer, withDatabaseName } from '../test/database-server.ts'

/** Where the types lie. */
export const schemaTypesPath = fileURLToPath(new URL('../src/store/schema.gen.ts', import.meta.url))

async function write(): Promise<void> {
  const server = await startTestServer(undefined)
  const open = await openDatabase({ url: withDatabaseName(server.serverUrl, server.template) })
  try {
    writeFileSync(schemaTypesPath, await renderSchemaTypes(open.pool))
  } finally {
    await open.close()
    await server.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write()
