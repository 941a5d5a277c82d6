import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkSecretKeys } from '../check-secret-keys.ts'
import { readConfig } from '../config.ts'
import { explainFailure } from '../explain-failure.ts'
import { AppError } from '../lib/app-error.ts'
import { ensureSecretKeys } from '../secret-key.ts'
import { checkMigrations } from '../store/migrate.ts'
import { version } from '../version.ts'
import type { Command, Terminal } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir doctor'

type Check = { name: string; run: (terminal: Terminal) => Promise<string> }

const checks: readonly Check[] = [
  { name: 'node', run: async () => `${process.version}, Weir ${version}` },
  { name: 'configuration', run: async ({ environment }) => `data folder ${readConfig(environment).dataFolder}` },
  { name: 'data folder', run: checkFolder },
  {
    name: 'secret key',
    run: async ({ environment }) => `${ensureSecretKeys(readConfig(environment)).keys.length} in use`,
  },
  { name: 'database', run: checkDatabase },
]

/** Looks at each thing Weir stands on and says what is wrong with it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check configuration, data folder, secret key and database',
  usage,
  run: async (args, terminal) => {
    requireWords(parseOptions(args, {}, usage).positionals, 0, usage)
    let isWell = true
    for (const check of checks) {
      try {
        terminal.say(`ok    ${check.name}: ${await check.run(terminal)}`)
      } catch (error) {
        isWell = false
        const why = explainFailure(error) ?? (error instanceof Error ? error.message : String(error))
        terminal.say(`wrong ${check.name}: ${why}`)
      }
    }
    return isWell ? exitCodes.done : exitCodes.failed
  },
}

async function checkFolder({ environment }: Terminal): Promise<string> {
  const { dataFolder } = readConfig(environment)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const probe = join(dataFolder, `.doctor-${process.pid}`)
  await writeFile(probe, 'ok', { flush: true })
  await rm(probe)
  return 'can be written'
}

async function checkDatabase(terminal: Terminal): Promise<string> {
  const { config, database } = await openStore(terminal)
  try {
    const { keys } = ensureSecretKeys(config)
    const found = await database.pool.query<{ version: string }>(`select current_setting('server_version') as version`)
    const { pending } = await checkMigrations(database.pool)
    const keyProblem = pending.length === 0 ? await checkSecretKeys(database.pool, keys) : undefined
    if (keyProblem !== undefined) throw new AppError('unavailable', keyProblem)
    const schema = pending.length === 0 ? 'up to date' : `${pending.length} migrations to run: weir migrate`
    return `PostgreSQL ${found.rows[0]?.version ?? 'of unknown version'}, schema ${schema}`
  } finally {
    await database.close()
  }
}
