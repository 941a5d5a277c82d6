import type { FastifyInstance } from 'fastify'
import type { HttpContext } from './context.ts'

/** Filled below when deliveries can be accepted. */
export function registerBitbucketHooks(_server: FastifyInstance, _context: HttpContext): void {}
