import { type JsonObject, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import { listCommits } from '../git/commits.ts'
import { type GitRef, listRefs, resolveCommit, updateRef } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { recordPush } from '../operations/push.ts'
import { queryable } from '../query/select-items.ts'
import { renderCommit, renderRef } from '../render/commit.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { inGitQueue } from '../state.ts'

const base = '/repositories/:workspace/:slug/refs'

async function render(call: Call, repository: Repository, refs: GitRef[]): Promise<JsonObject[]> {
  const place = { sim: call.sim, repository }
  return await Promise.all(
    refs.map(async (ref) => {
      const [commit] = await listCommits(repository.directory, { include: [ref.hash], exclude: [], limit: 1 })
      return renderRef(place, ref, commit === undefined ? {} : renderCommit(place, commit))
    }),
  )
}

async function list(call: Call, kinds: GitRef['kind'][]): Promise<Answer> {
  const repository = repositoryOf(call)
  const refs = (await listRefs(repository.directory)).filter((ref) => kinds.includes(ref.kind))
  return listing(call, await render(call, repository, refs), { queryable: queryable.ref })
}

async function getOne(call: Call, kind: GitRef['kind']): Promise<Answer> {
  const repository = repositoryOf(call)
  const name = call.params['*'] ?? ''
  const ref = (await listRefs(repository.directory)).find((one) => one.kind === kind && one.name === name)
  if (ref === undefined) throw notFound(`${kind === 'branch' ? 'Branch' : 'Tag'} "${name}" does not exist`)
  return { body: (await render(call, repository, [ref]))[0] ?? {} }
}

async function change(call: Call, input: { ref: string; to: string | null }): Promise<void> {
  const acting = actingOn(call, 'write')
  const { directory } = acting.repository
  await inGitQueue(call.sim, acting.repository, async () => {
    const before = await listRefs(directory)
    const from = (await resolveCommit(directory, input.ref)) ?? null
    if (from === null && input.to === null) throw notFound(`Branch "${input.ref}" does not exist`)
    if (from !== null && input.to !== null) throw badRequest(`Branch "${input.ref}" already exists.`)
    await updateRef(directory, { ref: input.ref, from, to: input.to })
    await recordPush(call.sim, acting, { before, after: await listRefs(directory) })
  })
}

async function createBranch(call: Call): Promise<Answer> {
  const name = stringAt(call.body, 'name') ?? ''
  const { repository } = actingOn(call, 'write')
  const to = await resolveCommit(repository.directory, stringAt(call.body, 'target', 'hash') ?? '')
  if (to === undefined) throw badRequest('Bad request', { target: ['Commit not found.'] })
  if (!/^[\w][\w./-]*$/.test(name) || name.includes('..'))
    throw badRequest('Bad request', { name: ['Enter a valid branch name.'] })
  await change(call, { ref: `refs/heads/${name}`, to })
  const answer = await getOne({ ...call, params: { ...call.params, '*': name } }, 'branch')
  return { ...answer, status: 201 }
}

export const refEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readRepository,
    handle: async (call) => await list(call, ['branch', 'tag']),
  },
  {
    method: 'GET',
    path: `${base}/branches`,
    need: needs.readRepository,
    handle: async (call) => await list(call, ['branch']),
  },
  { method: 'POST', path: `${base}/branches`, need: needs.writeRepository, handle: createBranch },
  {
    method: 'GET',
    path: `${base}/branches/*`,
    need: needs.readRepository,
    handle: async (call) => await getOne(call, 'branch'),
  },
  {
    method: 'DELETE',
    path: `${base}/branches/*`,
    need: needs.deleteBranch,
    handle: async (call) => {
      await change(call, { ref: `refs/heads/${call.params['*'] ?? ''}`, to: null })
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${base}/tags`,
    need: needs.readRepository,
    handle: async (call) => await list(call, ['tag']),
  },
  {
    method: 'GET',
    path: `${base}/tags/*`,
    need: needs.readRepository,
    handle: async (call) => await getOne(call, 'tag'),
  },
]
