import type { FastifyInstance } from 'fastify'
import { checkMigrations } from '../store/migrate.ts'
import type { HttpContext } from './context.ts'

type Part = { ok: boolean; problem?: string }

const checkWithinMs = 3000

/** `live`: this process answers. `ready`: it can do its work; each failing part is named, without its inner detail. */
export function registerHealth(server: FastifyInstance, context: HttpContext): void {
  server.get('/health/live', { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store')
    return { status: 'ok' }
  })
  server.get('/health/ready', { schema: { hide: true } }, async (request, reply) => {
    const checks = Object.entries({ ...databaseChecks(context), ...context.readiness })
    const results = await Promise.all(checks.map(async ([name, check]) => [name, await run(check)] as const))
    const failing = results.filter(([, result]) => !result.part.ok)
    for (const [name, { error }] of failing) request.log.warn({ err: error, part: name }, 'a part is not ready')
    void reply.header('cache-control', 'no-store').code(failing.length === 0 ? 200 : 503)
    const parts = Object.fromEntries(results.map(([name, { part }]) => [name, part]))
    return { status: failing.length === 0 ? 'ok' : 'failing', failing: failing.map(([name]) => name), parts }
  })
}

function databaseChecks({ pool }: HttpContext): Record<string, () => Promise<void>> {
  return {
    database: async () => {
      await pool.query('select 1')
    },
    migrations: async () => {
      const { pending } = await checkMigrations(pool)
      if (pending.length > 0) throw new NotReady(`${pending.length} migrations have not run`)
    },
  }
}

/** Its sentence is shown; that of any other error may hold a host or user name, so it goes to the log alone. */
export class NotReady extends Error {}

async function run(check: () => Promise<void>): Promise<{ part: Part; error?: unknown }> {
  try {
    await Promise.race([check(), failAfter(checkWithinMs)])
    return { part: { ok: true } }
  } catch (error) {
    const problem = error instanceof NotReady ? error.message : 'cannot be reached'
    return { part: { ok: false, problem }, error }
  }
}

async function failAfter(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new NotReady(`does not answer within ${ms / 1000} s`)), ms).unref()
  })
}
