import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkSecretKeys } from '../check-secret-keys.ts'
import { readConfig } from '../config.ts'
import { explainFailure } from '../explain-failure.ts'
import { findGit } from '../git/find-git.ts'
import { gitMissing } from '../git/git-process.ts'
import { AppError } from '../lib/app-error.ts'
import { version } from '../lib/version.ts'
import { ensureSecretKeys } from '../secret-key.ts'
import { checkMigrations } from '../store/migrate.ts'
import type { Command, Terminal } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openStore, requireDatabase, requireKey } from './open-weir.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir doctor [--json]'
const options = { json: { type: 'boolean' } } as const

/** What `--json` prints in `checks`. */
type Outcome = { name: string; ok: boolean; detail: string }
type Check = { name: string; run: (terminal: Terminal) => Promise<string> }

const checks: readonly Check[] = [
  { name: 'node', run: async () => `${process.version}, Weir ${version}` },
  { name: 'configuration', run: async ({ environment }) => `data folder ${readConfig(environment).dataFolder}` },
  { name: 'data folder', run: checkFolder },
  {
    name: 'secret key',
    run: async ({ environment }) => {
      const config = readConfig(environment)
      requireKey(config)
      return `${ensureSecretKeys(config).keys.length} in use`
    },
  },
  { name: 'database', run: checkDatabase },
  { name: 'git', run: checkGit },
]

/** Looks at each thing Weir stands on and says what is wrong with it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check configuration, data folder, secret key, database and git',
  usage,
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    requireWords(positionals, 0, usage)
    const outcomes: Outcome[] = []
    for (const check of checks) {
      const outcome = await look(check, terminal)
      outcomes.push(outcome)
      if (values.json !== true) terminal.say(`${outcome.ok ? 'ok   ' : 'wrong'} ${outcome.name}: ${outcome.detail}`)
    }
    const isWell = outcomes.every(({ ok }) => ok)
    if (values.json === true) terminal.say(JSON.stringify({ ok: isWell, checks: outcomes }))
    return isWell ? exitCodes.done : exitCodes.failed
  },
}

async function look({ name, run }: Check, terminal: Terminal): Promise<Outcome> {
  try {
    return { name, ok: true, detail: await run(terminal) }
  } catch (error) {
    const detail = explainFailure(error) ?? (error instanceof Error ? error.message : String(error))
    return { name, ok: false, detail }
  }
}

async function checkFolder({ environment }: Terminal): Promise<string> {
  const config = readConfig(environment)
  requireDatabase(config)
  const { dataFolder } = config
  // A key from elsewhere and a database from elsewhere need no folder; a start makes it for what it uploads.
  if (!existsSync(dataFolder)) return 'not there yet, the next start makes it'
  const probe = join(dataFolder, `.doctor-${process.pid}`)
  await writeFile(probe, 'ok', { flush: true })
  await rm(probe)
  return 'can be written'
}

/** Everything but commits works without it, so its lack is said and is no fault. */
async function checkGit(): Promise<string> {
  const git = await findGit()
  switch (git.kind) {
    case 'found':
      return `version ${git.version}`
    case 'old':
      return `version ${git.version} is too old. ${gitMissing}`
    case 'missing':
      return gitMissing
    default:
      return git satisfies never
  }
}

async function checkDatabase(terminal: Terminal): Promise<string> {
  const { config, database } = await openStore(terminal)
  try {
    requireKey(config)
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
