import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type DatabaseOptions, type OpenDatabase, openDatabase } from '../src/store/db.ts'
import { withDatabaseName } from './database-server.ts'

/** A migrated, empty database of its own, with pg-boss's schema inside. Call `close` in `afterAll`: it drops the database. */
export async function createTestDatabase(options: DatabaseOptions = {}): Promise<OpenDatabase> {
  const { serverUrl, template } = inject('weirTestDatabase')
  const name = `${template}_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template ${template} strategy file_copy`)
  const open = await openDatabase({ url: withDatabaseName(serverUrl, name) }, { poolSize: 5, ...options })
  return {
    ...open,
    close: async () => {
      await open.close()
      await onServer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

/** An empty database without any table, for tests of what makes tables. */
export async function createBareDatabase(options: DatabaseOptions = {}): Promise<OpenDatabase> {
  const { serverUrl, template } = inject('weirTestDatabase')
  const name = `${template}_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template template0`)
  const open = await openDatabase({ url: withDatabaseName(serverUrl, name) }, { poolSize: 5, ...options })
  return {
    ...open,
    close: async () => {
      await open.close()
      await onServer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
