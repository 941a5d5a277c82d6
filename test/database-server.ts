import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import { tryFileLock } from '../src/lib/file-lock.ts'
import { openDatabase } from '../src/store/db.ts'
import { openEmbeddedPostgres } from '../src/store/embedded-postgres.ts'
import { migrate } from '../src/store/migrate.ts'
import { findServerPid } from '../src/store/postgres-process.ts'

const folderPrefix = 'weir-test-'

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

/** A run that was killed leaves its server and folder behind; a folder in use holds its lock and is left alone. */
export async function removeLeftServers(parent: string): Promise<void> {
  const folders = (await readdir(parent)).filter((name) => name.startsWith(folderPrefix))
  for (const folder of folders.map((name) => join(parent, name, 'postgres'))) {
    // One that is being made may not have its lock yet.
    if (!existsSync(join(folder, 'users.lock')) || (await stat(folder)).mtimeMs > Date.now() - 30_000) continue
    const lock = tryFileLock(join(folder, 'users.lock'), 'exclusive')
    if (lock === undefined) continue
    const pid = findServerPid(join(folder, 'data'))
    if (pid !== undefined) process.kill(pid, 'SIGQUIT')
    lock.release()
    await rm(join(folder, '..'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

async function startEmbedded(): Promise<{ url: string; close: () => Promise<void> }> {
  await removeLeftServers(tmpdir())
  const folder = await mkdtemp(join(tmpdir(), folderPrefix))
  // Tests of durability start servers of their own; here nothing has to survive a power cut.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'max_wal_size=1GB']
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
