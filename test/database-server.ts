import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import { openDatabase } from '../src/store/db.ts'
import { openEmbeddedPostgres } from '../src/store/embedded-postgres.ts'
import { migrate } from '../src/store/migrate.ts'

/** A server for tests with a migrated template database on it. */
export type TestServer = { serverUrl: string; template: string; close: () => Promise<void> }

/** The server at `url`, else an embedded one in a temporary folder; both with a fresh template. */
export async function startTestServer(url: string | undefined): Promise<TestServer> {
  const server = url === undefined ? await startEmbedded() : { url, close: async () => undefined }
  const template = `weir_test_${randomBytes(4).toString('hex')}`
  const admin = await openDatabase({ url: server.url }, { poolSize: 1 })
  await admin.pool.query(`create database ${template} template template0`)
  await fill(withDatabaseName(server.url, template))
  return {
    serverUrl: server.url,
    template,
    close: async () => {
      const found = await admin.pool.query<{ name: string }>(
        'select datname as name from pg_database where starts_with(datname, $1)',
        [template],
      )
      for (const { name } of found.rows) await admin.pool.query(`drop database if exists ${name} with (force)`)
      await admin.close()
      await server.close()
    },
  }
}

/** The same address with another database in it. */
export function withDatabaseName(url: string, name: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`)
}

async function startEmbedded(): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-'))
  // Tests of durability start servers of their own; here nothing has to survive a power cut.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'max_wal_size=4GB']
  const server = await openEmbeddedPostgres({ dataFolder: folder, settings })
  return {
    url: server.url,
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function fill(url: string): Promise<void> {
  const open = await openDatabase({ url }, { poolSize: 2 })
  await migrate(open.pool)
  await open.close()
  const boss = new PgBoss({ connectionString: url, max: 2 })
  await boss.start()
  await boss.stop({ graceful: false })
}
