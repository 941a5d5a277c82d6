import type { FastifyRequest } from 'fastify'
import type { Wire } from '../../shared/wire.ts'
import type { Repository } from '../model.ts'
import { hiddenRefs } from './bring-branch.ts'
import { tryGit } from './run-git.ts'

export const services = ['git-upload-pack', 'git-receive-pack'] as const

interface BackendCall {
  /** What git is asked for, without the address of the repository. */
  path: 'info/refs' | (typeof services)[number]
  /** Asked for by name; undefined where the path says it, or nothing does. */
  service: string | undefined
  /** Unpacked. */
  body: Buffer
  /** What the process is told besides. */
  environment?: Record<string, string>
}

/** A CGI answer: header lines, an empty line, the body. */
function toWire(output: Buffer): Wire | undefined {
  const split = output.indexOf('\r\n\r\n')
  if (split === -1) return undefined
  const headers: Record<string, string> = {}
  let status = 200
  for (const line of output.subarray(0, split).toString('utf8').split('\r\n')) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    if (name === 'status') status = Number.parseInt(value, 10)
    else if (name !== '') headers[name] = value
  }
  return { status, headers, body: output.subarray(split + 4) }
}

/** Hands a request to git's own CGI: the address it sees is made here, not by the caller. */
export async function askBackend(request: FastifyRequest, { directory }: Repository, call: BackendCall): Promise<Wire> {
  const environment = {
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${call.path}`,
    QUERY_STRING: call.service === undefined ? '' : new URLSearchParams({ service: call.service }).toString(),
    REQUEST_METHOD: request.method,
    REMOTE_USER: 'simulator',
    REMOTE_ADDR: request.ip,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: String(call.body.length),
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    ...call.environment,
  }
  // Push options are taken and mean nothing.
  const options = ['receive.advertisePushOptions=true', `transfer.hideRefs=${hiddenRefs}`]
  const args = [...options.flatMap((option) => ['-c', option]), 'http-backend']
  const { stdout, stderr } = await tryGit(directory, args, { stdin: call.body, environment })
  const wire = toWire(stdout)
  if (wire === undefined) throw new Error(`git http-backend gave no answer: ${stderr.trim()}`)
  return wire
}
