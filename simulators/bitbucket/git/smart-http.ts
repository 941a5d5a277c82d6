import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyOf, paramsOf } from '../../shared/read-request.ts'
import { countRequest } from '../answers/rate-limit.ts'
import { authenticateGit, type GitAccess, grantedScopes } from '../auth/authenticate.ts'
import { atLeast, findRepository, permissionOf } from '../auth/permission.ts'
import type { Repository } from '../model.ts'
import { recordPush } from '../operations/push.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { guardPush } from './push-guard.ts'
import { listRefs } from './refs.ts'
import { tryGit } from './run-git.ts'

const goneText = [
  'CHANGE-3222 - Functionality has been deprecated',
  'App passwords are deprecated and must be replaced with API tokens.',
  'https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222',
  '',
].join('\n')

const challenge = { 'www-authenticate': 'Basic realm="Bitbucket.org HTTP"' }

interface Visit {
  request: FastifyRequest
  reply: FastifyReply
}

async function say(
  reply: FastifyReply,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): Promise<void> {
  await reply
    .code(status)
    .headers({ 'content-type': 'text/plain; charset=utf-8', ...headers })
    .send(text)
}

/** API tokens need read:… to fetch and write:… to push; OAuth scopes contain one another. */
function mayReach(access: Extract<GitAccess, { kind: 'known' }>, writes: boolean): boolean {
  const granted = grantedScopes(access.credential)
  if (access.credential.kind === 'api_token') return granted.has(`${writes ? 'write' : 'read'}:repository:bitbucket`)
  return granted.has(writes ? 'repository:write' : 'repository')
}

async function serve(sim: Sim, visit: Visit, service: string): Promise<void> {
  const { request, reply } = visit
  const { workspace = '', repo = '' } = paramsOf(request)
  const repository = findRepository(sim, workspace, repo.replace(/\.git$/, ''))
  const access = authenticateGit(sim, request.headers.authorization)
  if (access.kind === 'app_password_gone') return await say(reply, 410, goneText)
  const isOpen = repository !== undefined && !repository.isPrivate && service === 'git-upload-pack'
  if (access.kind === 'refused' && !(isOpen && request.headers.authorization === undefined)) {
    return await say(reply, 401, 'Authentication failed\n', challenge)
  }
  if (repository === undefined) return await say(reply, 404, 'Repository not found\n')
  const writes = service === 'git-receive-pack'
  if (access.kind === 'known') {
    const principal = { kind: 'known', person: access.person, credential: access.credential } as const
    if (!countRequest(sim, { principal, ip: request.ip, bucket: { budget: 'git', name: 'git' } }).allowed)
      return await say(reply, 429, 'Rate limit for this resource has been exceeded')
    if (!atLeast(permissionOf(repository, principal), writes ? 'write' : 'read') || !mayReach(access, writes)) {
      return await say(
        reply,
        403,
        'You may not have access to this repository or it no longer exists in this workspace.\n',
      )
    }
  }
  if (!writes || request.method === 'GET') return await sendCgi(reply, await runBackend(request, repository))
  if (access.kind !== 'known') return await say(reply, 401, 'Authentication failed\n', challenge)
  const output = await inGitQueue(sim, repository, async () => {
    const before = await listRefs(repository.directory)
    const guard = await guardPush(
      sim,
      { repository, actor: access.person },
      { body: bodyOf(request), encoding: request.headers['content-encoding'] },
    )
    const said = await runBackend(request, repository, guard)
    // Recorded before git hears of its success: who pushed and then looks sees what the push did.
    await recordPush(sim, { repository, actor: access.person }, { before, after: await listRefs(repository.directory) })
    return said
  })
  await sendCgi(reply, output)
}

function cgiEnvironment(request: FastifyRequest, repository: Repository, length: number): Record<string, string> {
  const [path = '', query = ''] = request.url.split('?')
  const rest = path.split('/').slice(3).join('/')
  return {
    GIT_PROJECT_ROOT: repository.directory,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${rest}`,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    REMOTE_USER: 'simulator',
    REMOTE_ADDR: request.ip,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: String(length),
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  }
}

/** Hands the request to git's own CGI. */
async function runBackend(
  request: FastifyRequest,
  repository: Repository,
  more: Record<string, string> = {},
): Promise<Buffer> {
  const body = bodyOf(request)
  const environment = { ...cgiEnvironment(request, repository, body.length), ...more }
  // Push options are taken and mean nothing.
  const args = ['-c', 'receive.advertisePushOptions=true', 'http-backend']
  return (await tryGit(repository.directory, args, { stdin: body, environment })).stdout
}

/** A CGI answer: header lines, an empty line, the body. */
async function sendCgi(reply: FastifyReply, output: Buffer): Promise<void> {
  const split = output.indexOf('\r\n\r\n')
  const lines = output.subarray(0, Math.max(0, split)).toString('utf8').split('\r\n')
  let status = split === -1 ? 500 : 200
  for (const line of lines) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    if (name === 'status') status = Number.parseInt(value, 10)
    else if (name !== '') void reply.header(name, value)
  }
  await reply.code(status).send(output.subarray(split + 4))
}

export function registerGit(app: FastifyInstance, sim: Sim): void {
  app.get('/:workspace/:repo/info/refs', async (request, reply) => {
    const service = new URL(request.url, 'http://host').searchParams.get('service') ?? 'git-upload-pack'
    await serve(sim, { request, reply }, service)
  })
  for (const service of ['git-upload-pack', 'git-receive-pack']) {
    app.post(`/:workspace/:repo/${service}`, async (request, reply) => await serve(sim, { request, reply }, service))
  }
}
