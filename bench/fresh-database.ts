import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type OpenDatabase, openDatabase } from '../src/store/db.ts'

type Fresh = {
  open: OpenDatabase
  /** Version of the server, and whether it is the embedded one. */
  name: string
  /** The database goes with it; of the embedded one its folder is the caller's to remove. */
  close: () => Promise<void>
}

type FreshOptions = {
  /** Address of a PostgreSQL server whose role may create databases; empty: the embedded one, in `folder`. */
  server: string
  folder: string
  poolSize: number
  onStatement?: () => void
}

/** A database of its own to measure on. */
export async function openFresh({ server, folder, ...options }: FreshOptions): Promise<Fresh> {
  if (server === '') {
    const open = await openDatabase({ dataFolder: join(folder, 'data') }, options)
    return { open, name: `PostgreSQL ${await versionOf(open)}, embedded`, close: open.close }
  }
  const admin = await openDatabase({ url: server }, { poolSize: 1 })
  const database = `weir_bench_${randomBytes(6).toString('hex')}`
  await admin.pool.query(`create database ${database}`)
  const url = new URL(server)
  url.pathname = `/${database}`
  const open = await openDatabase({ url: url.href }, options)
  const close = async (): Promise<void> => {
    await open.close()
    await admin.pool.query(`drop database ${database} with (force)`)
    await admin.close()
  }
  return { open, name: `PostgreSQL ${await versionOf(open)}`, close }
}

async function versionOf({ pool }: OpenDatabase): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>('show server_version')
  return rows[0]?.server_version ?? 'unknown'
}
