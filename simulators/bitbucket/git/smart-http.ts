import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressOf, bodyOf, paramsOf } from '../../shared/read-request.ts'
import type { Wire } from '../../shared/wire.ts'
import { countRequest } from '../answers/rate-limit.ts'
import { authenticateGit, type GitAccess, grantedScopes } from '../auth/authenticate.ts'
import { atLeast, findRepository, permissionOf } from '../auth/permission.ts'
import type { Repository } from '../model.ts'
import type { Acting } from '../operations/pull-requests.ts'
import { changeRefs } from '../operations/push.ts'
import { logRequest } from '../request-log.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { askBackend, services } from './http-backend.ts'
import { guardPush } from './push-guard.ts'
import { unpackBody } from './unpack-body.ts'

const goneText = [
  'CHANGE-3222 - Functionality has been deprecated',
  'App passwords are deprecated and must be replaced with API tokens.',
  'https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222',
  '',
].join('\n')

const challenge = { 'www-authenticate': 'Basic realm="Bitbucket.org HTTP"' }
const noAccess = 'You may not have access to this repository or it no longer exists in this workspace.\n'

interface Visit {
  request: FastifyRequest
  access: GitAccess
  path: 'info/refs' | (typeof services)[number]
  /** As asked for: by name, or by the path. */
  service: string | undefined
}

function say(status: number, text: string, headers: Record<string, string> = {}): Wire {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text }
}

/** API tokens need read:… to fetch and write:… to push; OAuth scopes contain one another. */
function mayReach(access: Extract<GitAccess, { kind: 'known' }>, writes: boolean): boolean {
  const granted = grantedScopes(access.credential)
  if (access.credential.kind === 'api_token') return granted.has(`${writes ? 'write' : 'read'}:repository:bitbucket`)
  return granted.has(writes ? 'repository:write' : 'repository')
}

/** Why somebody gets nothing; undefined when they may go on. */
function refuse(sim: Sim, { request, access, service }: Visit, repository: Repository | undefined): Wire | undefined {
  if (access.kind === 'app_password_gone') return say(410, goneText)
  const writes = service === 'git-receive-pack'
  const isOpen = repository !== undefined && !repository.isPrivate && !writes
  if (access.kind === 'refused' && !(isOpen && request.headers.authorization === undefined))
    return say(401, 'Authentication failed\n', challenge)
  if (repository === undefined) return say(404, 'Repository not found\n')
  if (access.kind !== 'known') return undefined
  const principal = { kind: 'known', person: access.person, credential: access.credential } as const
  if (!countRequest(sim, { principal, ip: request.ip, bucket: { budget: 'git', name: 'git' } }).allowed)
    return say(429, 'Rate limit for this resource has been exceeded')
  const isAllowed = atLeast(permissionOf(repository, principal), writes ? 'write' : 'read') && mayReach(access, writes)
  return isAllowed ? undefined : say(403, noAccess)
}

async function push(sim: Sim, acting: Acting, visit: Visit): Promise<Wire> {
  const { request, path, service } = visit
  const body = await unpackBody(bodyOf(request), request.headers['content-encoding'])
  // Recorded before git hears of its success: who pushed and then looks sees what the push did.
  return await changeRefs(sim, acting, async () => {
    const guard = await guardPush(sim, acting, body)
    try {
      return await askBackend(request, acting.repository, { path, service, body, environment: guard.environment })
    } finally {
      await guard.end()
    }
  })
}

async function answer(sim: Sim, visit: Visit): Promise<Wire> {
  const { request, access, path, service } = visit
  const { workspace = '', repo = '' } = paramsOf(request)
  const repository = findRepository(sim, workspace, repo.replace(/\.git$/, ''))
  const refusal = refuse(sim, visit, repository)
  if (refusal !== undefined || repository === undefined) return refusal ?? say(404, 'Repository not found\n')
  if (path === 'git-receive-pack' && access.kind === 'known')
    return await push(sim, { repository, actor: access.person }, visit)
  const body = await unpackBody(bodyOf(request), request.headers['content-encoding'])
  return await askBackend(request, repository, { path, service, body })
}

function explain(error: unknown): Wire {
  if (error instanceof SimulatorError) return say(error.status, `${error.message}\n`)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`simulated Bitbucket failed: ${text}\n`)
  return say(500, 'Something went wrong\n')
}

async function handle(
  sim: Sim,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  asked: Pick<Visit, 'path' | 'service'>,
): Promise<void> {
  const { authorization } = request.headers
  const access = authenticateGit(sim, authorization)
  const wire = await answer(sim, { request, access, ...asked }).catch(explain)
  const isKnown = access.kind === 'known'
  logRequest(sim, request, {
    status: wire.status,
    credential: isKnown ? access.credential.kind : authorization === undefined ? 'anonymous' : 'invalid',
    username: isKnown ? access.person.username : null,
  })
  await reply.code(wire.status).headers(wire.headers).send(wire.body)
}

export function registerGit(app: FastifyInstance, sim: Sim): void {
  app.get('/:workspace/:repo/info/refs', async (request, reply) => {
    const service = addressOf(request).query.get('service') ?? undefined
    await handle(sim, { request, reply }, { path: 'info/refs', service })
  })
  for (const service of services) {
    app.post(`/:workspace/:repo/${service}`, async (request, reply) => {
      await handle(sim, { request, reply }, { path: service, service })
    })
  }
}
