import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { completeSetup } from '../../contract/access/session.ts'
import { createWeirClient, type WeirClient } from '../../scripts/demo/weir-client.ts'
import { type OpenDatabase, openDatabase } from '../../src/store/db.ts'
import { openEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { testPassword } from '../app.ts'
import {
  type Environment,
  endPostgres,
  freePort,
  postgresPid,
  startWeir,
  type WeirProcess,
} from '../processes/weir-process.ts'
import type { Chance } from './chance.ts'
import { type Gateway, openGateway } from './gateway.ts'

/** Two web and two worker processes on one PostgreSQL, behind one address. */
export type WeirCluster = {
  admin: WeirClient
  /** For looking; nothing of Weir goes through it. */
  db: OpenDatabase['db']
  gateway: Gateway
  /** SIGKILL for one of the four; it comes back after up to two seconds. */
  killOne: (chance: Chance) => Promise<string>
  /** SIGKILL for the postmaster: everything of it ends, and it comes back as a machine would start it. */
  killDatabase: () => void
  /** Resolves when all four run. */
  whole: () => Promise<void>
  /** What the processes wrote at the level of errors. */
  errors: () => string[]
  close: () => Promise<void>
}

type Member = { name: string; environment: Environment; process: WeirProcess; starting: Promise<void>; past: string[] }

/** Whatever fails at the start, nothing of it is left behind. */
export async function startCluster(environment: Environment): Promise<WeirCluster> {
  const started: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const end of started.toReversed()) await end().catch(() => undefined)
  }
  try {
    return { ...(await start(environment, started)), close }
  } catch (error) {
    await close()
    throw error
  }
}

type Started = (() => Promise<unknown>)[]

async function start(environment: Environment, started: Started): Promise<Omit<WeirCluster, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-chaos-'))
  // The machine lives on, and what was handed to it is not lost: what is asked of a disk is asked elsewhere.
  started.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const server = await openEmbeddedPostgres({ dataFolder: folder, settings: ['fsync=off', 'full_page_writes=off'] })
  started.push(
    () => endPostgres(folder),
    () => server.close(),
  )
  const ports = [await freePort(), await freePort()]
  const gateway = await openGateway(ports)
  started.push(() => gateway.close())
  const members: Member[] = []
  const whole = async (): Promise<void> => {
    await Promise.all(members.map(({ starting }) => starting))
  }
  started.push(async () => {
    await whole().catch(() => undefined)
    await Promise.all(members.map((one) => one.process.kill()))
  })
  const shared: Environment = {
    DATABASE_URL: server.url,
    WEIR_SECRET_KEY: randomBytes(32).toString('base64'),
    WEIR_DATA_FOLDER: join(folder, 'unused'),
    WEIR_PUBLIC_URL: gateway.url,
    WEIR_ALLOWED_PRIVATE_ADDRESSES: '127.0.0.1/32',
    WEIR_LOG_LEVEL: 'error',
    ...environment,
  }
  const launch = async (name: string, more: Environment): Promise<string | undefined> => {
    const mine = { ...shared, ...more }
    const process = await startWeir(mine)
    members.push({ name, environment: mine, process, starting: Promise.resolve(), past: [] })
    return process.setupToken
  }
  const setupToken = await launch('web 1', { WEIR_ROLES: 'web', WEIR_PORT: String(ports[0]) })
  const admin = createWeirClient({ baseUrl: gateway.url })
  // Before another one starts: each start prints a setup token of its own.
  await admin.call(completeSetup, {
    body: {
      setup_token: setupToken ?? '',
      organization_name: 'Harbour Works',
      name: 'Ada Admin',
      email: 'ada@example.com',
      password: testPassword,
    },
  })
  await Promise.all([
    launch('web 2', { WEIR_ROLES: 'web', WEIR_PORT: String(ports[1]) }),
    launch('worker 1', { WEIR_ROLES: 'worker' }),
    launch('worker 2', { WEIR_ROLES: 'worker' }),
  ])
  const open = await openDatabase({ url: server.url }, { poolSize: 2 })
  started.push(() => open.close())
  return {
    admin,
    db: open.db,
    gateway,
    whole,
    killOne: async (chance) => {
      const member = chance.pick(members.toSorted((one, other) => one.name.localeCompare(other.name)))
      if (member === undefined) return ''
      await member.starting
      const pauseMs = chance.below(2000)
      await member.process.kill()
      member.past.push(member.process.output())
      member.starting = (async () => {
        await sleep(pauseMs)
        member.process = await startAgain(member.environment)
      })()
      // Told by `whole`.
      member.starting.catch(() => undefined)
      return member.name
    },
    killDatabase: () => void process.kill(postgresPid(folder), 'SIGKILL'),
    errors: () =>
      members.flatMap(({ name, past, process }) =>
        [...past, process.output()].flatMap((text) =>
          text
            .split('\n')
            .filter((line) => line.includes('"level":50') || line.includes('"level":60'))
            .map((line) => `${name}: ${line}`),
        ),
      ),
  }
}

/** Again where it ended by itself, as whatever watches over services does: its PostgreSQL may be down just then. */
async function startAgain(environment: Environment): Promise<WeirProcess> {
  for (let tries = 0; ; tries++) {
    try {
      return await startWeir(environment)
    } catch (error) {
      if (tries >= 10) throw error
      await sleep(500)
    }
  }
}
