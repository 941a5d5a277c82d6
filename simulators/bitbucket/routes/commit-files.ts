import type { FormPart } from '../../shared/form-body.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint } from '../call.ts'
import type { NewFile } from '../git/commit-files.ts'
import { commitToRepository } from '../operations/commit-to-repository.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { badRequest } from '../simulator-error.ts'

const meta = ['message', 'author', 'branch', 'parents', 'files']

/** Fields of an upload are files but for the five with a meaning; a leading slash makes a file of those too. */
function isMeta(part: FormPart): boolean {
  return part.filename === null && meta.includes(part.name)
}

/** Paths count from the root of the repository, with a leading slash or without. */
function toPath(text: string): string {
  const path = text.replace(/^\/+/, '')
  const steps = path.split('/')
  const isBad = steps.some((step) => ['', '.', '..'].includes(step) || step.toLowerCase() === '.git')
  if (isBad || path.includes('\0')) throw badRequest('Bad request', { files: [`Invalid path: ${text}`] })
  return path
}

function toFile(part: FormPart): NewFile {
  const attribute = part.attributes['x-attributes'] ?? ''
  if (attribute === 'subrepository') throw badRequest('Bad request', { files: ['Subrepositories cannot be made.'] })
  const kind = attribute === 'executable' || attribute === 'link' ? attribute : 'file'
  return { path: toPath(part.name), bytes: part.bytes, kind }
}

async function commit(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'write')
  const form = call.form() ?? []
  const texts = (name: string) => [
    ...form.filter((part) => isMeta(part) && part.name === name).map((part) => part.bytes.toString('utf8')),
    ...call.query.getAll(name),
  ]
  const one = (name: string) => {
    const [text, ...more] = texts(name)
    if (more.length > 0) throw badRequest('Bad request', { [name]: ['This field cannot be repeated.'] })
    return text === '' ? undefined : text
  }
  const files = form.filter((part) => !isMeta(part)).map(toFile)
  const sent = new Set(files.map((file) => file.path))
  const named = texts('files').map(toPath)
  const hash = await commitToRepository(call.sim, acting, {
    files,
    // What is named and not sent is deleted.
    removed: named.filter((path) => !sent.has(path)),
    message: one('message'),
    author: one('author'),
    branch: one('branch'),
    parent: one('parents'),
  })
  return { status: 201, headers: { location: `${apiRepositoryUrl(call.sim, acting.repository)}/commit/${hash}` } }
}

export const commitFileEndpoints: Endpoint[] = [
  {
    method: 'POST',
    path: '/repositories/:workspace/:slug/src',
    need: needs.changeRepository,
    handle: commit,
  },
]
