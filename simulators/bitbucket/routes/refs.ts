import { stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { type GitCommit, listBranches, readCommits } from '../git/commits.ts'
import { type GitRef, listRefs, resolveCommit } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { createBranch, createTag, deleteRef } from '../operations/change-ref.ts'
import { queryable } from '../query/select-items.ts'
import { renderCommit, renderRef } from '../render/commit.ts'
import { badRequest, notFound } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/refs'

type Kind = GitRef['kind']
const called = { branch: 'Branch', tag: 'Tag' } as const

interface Found {
  refs: GitRef[]
  commits: Map<string, GitCommit>
}

async function find({ directory }: Repository, isWanted: (ref: GitRef) => boolean): Promise<Found> {
  const refs = (await listRefs(directory)).filter(isWanted)
  const hashes = refs.map((ref) => ref.hash)
  return { refs, commits: await readCommits(directory, hashes) }
}

async function findBranches({ directory }: Repository): Promise<Found> {
  const { branches, commits } = await listBranches(directory)
  return { refs: branches, commits }
}

function renderer(call: Call, repository: Repository, { commits }: Found) {
  const place = { sim: call.sim, repository }
  return (ref: GitRef) => {
    const commit = commits.get(ref.hash)
    return renderRef(place, ref, commit === undefined ? {} : renderCommit(place, commit))
  }
}

async function list(call: Call, kinds: Kind[]): Promise<Answer> {
  const repository = repositoryOf(call)
  const found = kinds.includes('tag')
    ? await find(repository, ({ kind }) => kinds.includes(kind))
    : await findBranches(repository)
  return listItems(call, found.refs, {
    queryable: queryable.ref,
    render: renderer(call, repository, found),
    quick: { name: (ref) => ref.name, 'target.hash': (ref) => ref.hash },
    natural: ['name'],
  })
}

async function show(call: Call, kind: Kind, name: string): Promise<Answer> {
  const repository = repositoryOf(call)
  const found = await find(repository, (one) => one.kind === kind && one.name === name)
  const [ref] = found.refs
  if (ref === undefined) throw notFound(`${called[kind]} "${name}" does not exist`)
  return { body: renderer(call, repository, found)(ref) }
}

/** What a new ref is to be called, and the commit it is to stand at. */
async function readNewRef(call: Call) {
  const acting = actingOn(call, 'write')
  const name = stringAt(call.body, 'name') ?? ''
  if (name === '') throw badRequest('Bad request', { name: ['required key not provided'] })
  const target = stringAt(call.body, 'target', 'hash') ?? ''
  if (target === '') throw badRequest('Bad request', { target: ['required key not provided'] })
  const hash = await resolveCommit(acting.repository.directory, target)
  if (hash === undefined) throw badRequest('Bad request', { target: ['Commit not found.'] })
  return { acting, name, hash }
}

async function postBranch(call: Call): Promise<Answer> {
  const { acting, name, hash } = await readNewRef(call)
  await createBranch(call.sim, acting, { name, hash })
  return { ...(await show(call, 'branch', name)), status: 201 }
}

async function postTag(call: Call): Promise<Answer> {
  const { acting, name, hash } = await readNewRef(call)
  const message = stringAt(call.body, 'message')
  await createTag(call.sim, acting, { name, hash, message: message === '' ? undefined : message })
  return { ...(await show(call, 'tag', name)), status: 201 }
}

function oneOf(kind: Kind, path: string): Endpoint[] {
  return [
    {
      method: 'GET',
      path,
      need: needs.readRepository,
      handle: async (call) => await show(call, kind, call.params['*'] ?? ''),
    },
    {
      method: 'DELETE',
      path,
      need: needs.changeRepository,
      handle: async (call) => {
        await deleteRef(call.sim, actingOn(call, 'write'), { kind, name: call.params['*'] ?? '' })
        return { status: 204 }
      },
    },
  ]
}

function listOf(path: string, kinds: Kind[]): Endpoint {
  return { method: 'GET', path, need: needs.readRepository, handle: async (call) => await list(call, kinds) }
}

export const refEndpoints: Endpoint[] = [
  listOf(base, ['branch', 'tag']),
  listOf(`${base}/branches`, ['branch']),
  { method: 'POST', path: `${base}/branches`, need: needs.writeRepository, handle: postBranch },
  ...oneOf('branch', `${base}/branches/*`),
  listOf(`${base}/tags`, ['tag']),
  { method: 'POST', path: `${base}/tags`, need: needs.writeRepository, handle: postTag },
  ...oneOf('tag', `${base}/tags/*`),
]
