import { type GitRef, isRefName, createTag as makeTag, updateRef } from '../git/refs.ts'
import { badRequest, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertMayChangeBranch } from './branch-restrictions.ts'
import type { Acting } from './pull-requests.ts'
import { changeRefs } from './push.ts'

const called = { branch: 'Branch', tag: 'Tag' } as const

interface RefChange {
  kind: GitRef['kind']
  name: string
}

/** Changes refs; `apply` is told which there are. */
async function change(
  sim: Sim,
  acting: Acting,
  apply: (known: (wanted: RefChange) => GitRef | undefined) => Promise<void>,
): Promise<void> {
  await changeRefs(sim, acting, async (before) => {
    await apply(({ kind, name }) => before.find((one) => one.kind === kind && one.name === name))
  })
}

async function assertName(acting: Acting, { kind, name }: RefChange): Promise<void> {
  if (!(await isRefName(acting.repository.directory, name)))
    throw badRequest('Bad request', { name: [`Enter a valid ${kind} name.`] })
}

export async function createBranch(sim: Sim, acting: Acting, input: { name: string; hash: string }): Promise<void> {
  const wanted = { kind: 'branch', name: input.name } as const
  await assertName(acting, wanted)
  assertMayChangeBranch(acting.repository, acting.actor, { branch: input.name, deletes: false })
  await change(sim, acting, async (known) => {
    if (known(wanted) !== undefined) throw badRequest(`Branch "${input.name}" already exists.`)
    const made = { ref: `refs/heads/${input.name}`, from: null, to: input.hash }
    // git refuses a name below that of another branch, and one its file system cannot hold.
    if (!(await updateRef(acting.repository.directory, made)))
      throw badRequest('Bad request', { name: [`Branch "${input.name}" cannot be created.`] })
  })
}

/** Tags made through the API are annotated. */
export async function createTag(
  sim: Sim,
  acting: Acting,
  input: { name: string; hash: string; message: string | undefined },
): Promise<void> {
  const { name, hash } = input
  const wanted = { kind: 'tag', name } as const
  await assertName(acting, wanted)
  await change(sim, acting, async (known) => {
    if (known(wanted) !== undefined) throw badRequest(`Tag "${name}" already exists.`)
    const isMade = await makeTag(acting.repository.directory, {
      name,
      hash,
      message: input.message ?? `Added tag ${name} for changeset ${hash.slice(0, 12)}`,
      tagger: { name: acting.actor.displayName, email: acting.actor.email },
      at: Math.floor(sim.clock() / 1000),
    })
    if (!isMade) throw badRequest('Bad request', { name: [`Tag "${name}" cannot be created.`] })
  })
}

export async function deleteRef(sim: Sim, acting: Acting, wanted: RefChange): Promise<void> {
  const { repository } = acting
  await change(sim, acting, async (known) => {
    const found = known(wanted)
    if (found === undefined) throw notFound(`${called[wanted.kind]} "${wanted.name}" does not exist`)
    if (wanted.kind === 'branch' && wanted.name === repository.mainBranch)
      throw badRequest('The main branch cannot be deleted.')
    if (wanted.kind === 'branch')
      assertMayChangeBranch(repository, acting.actor, { branch: wanted.name, deletes: true })
    const folder = wanted.kind === 'branch' ? 'heads' : 'tags'
    // An annotated tag's ref stands at the tag, not at its commit: what it stood at is not asserted.
    const gone = { ref: `refs/${folder}/${wanted.name}`, from: undefined, to: null }
    if (!(await updateRef(repository.directory, gone)))
      throw new SimulatorError(409, `${called[wanted.kind]} "${wanted.name}" cannot be deleted now.`)
  })
}
