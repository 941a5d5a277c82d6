import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { paramsOf } from '../../shared/read-request.ts'
import { countRequest } from '../answers/rate-limit.ts'
import { tooManyRequests } from '../answers/too-many-requests.ts'
import { assertScopes, authenticate, authenticateGit, NoScopesError, type Principal } from '../auth/authenticate.ts'
import { atLeast, findRepository, permissionOf, reachRepository } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type ArchiveFormat, archiveTypes, openArchive } from '../git/archive.ts'
import { resolveCommit } from '../git/refs.ts'
import { shortHash } from '../render/place.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { session } from './session.ts'
import { principalOf } from './visit.ts'

/** Credentials as git has them and as the API has them; without any, whoever is logged in. */
function identify(sim: Sim, { headers }: FastifyRequest): Principal {
  const { authorization, cookie } = headers
  if (authorization === undefined) {
    const person = session.find(sim, cookie)
    return person === null ? { kind: 'anonymous' } : principalOf(person)
  }
  const access = authenticateGit(sim, authorization)
  const principal = access.kind === 'known' ? access : authenticate(sim, authorization)
  if (principal.kind === 'known') assertScopes(principal.credential, needs.readRepository)
  return principal
}

function readName(name: string): { revision: string; format: ArchiveFormat } {
  for (const format of ['zip', 'tar.gz', 'tar.bz2'] as const)
    if (name.endsWith(`.${format}`)) return { revision: name.slice(0, -format.length - 1), format }
  throw notFound('Archives are made as zip, tar.gz and tar.bz2.')
}

async function send(sim: Sim, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { workspace = '', repo: slug = '', '*': name = '' } = paramsOf(request)
  const principal = identify(sim, request)
  if (!countRequest(sim, { principal, ip: request.ip, bucket: { budget: 'raw', name: 'raw' } }).allowed) {
    const { status, headers, body } = tooManyRequests(sim, null)
    await reply.code(status).headers(headers).send(body)
    return
  }
  const found = findRepository(sim, workspace, slug)
  if (principal.kind === 'anonymous' && (found === undefined || !atLeast(permissionOf(found, principal), 'read'))) {
    await reply.redirect(`/account/signin/?next=${encodeURIComponent(request.url)}`, 303)
    return
  }
  const repository = reachRepository(sim, principal, { workspace, slug, wanted: 'read' })
  const { revision, format } = readName(name)
  const commit = await resolveCommit(repository.directory, revision)
  if (commit === undefined) throw notFound(`There is no branch, tag or commit ${revision}.`)
  const folder = `${repository.workspace.slug}-${repository.slug}-${shortHash(commit)}`
  const packed = await openArchive(repository.directory, { commit, format, folder })
  await reply
    .headers({
      'content-disposition': `attachment; filename="${folder}.${format}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private',
    })
    .type(archiveTypes[format])
    .send(packed)
}

/** `/{workspace}/{repo}/get/{revision}.zip` and the like: what a repository holds at a revision, to take along. */
export function registerArchives(app: FastifyInstance, sim: Sim): void {
  app.get('/:workspace(^[^.]+$)/:repo/get/*', async (request, reply) => {
    try {
      await send(sim, request, reply)
    } catch (error) {
      const status = error instanceof NoScopesError ? 403 : error instanceof SimulatorError ? error.status : undefined
      if (status === undefined) throw error
      const headers = error instanceof SimulatorError ? (error.parts.headers ?? {}) : {}
      const message = error instanceof SimulatorError ? error.message : 'This token has no scopes.'
      await reply.code(status).headers(headers).type('text/plain; charset=utf-8').send(`${message}\n`)
    }
  })
}
