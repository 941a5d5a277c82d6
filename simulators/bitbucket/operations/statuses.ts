import { readCommit } from '../git/commits.ts'
import type { CommitStatus, Repository } from '../model.ts'
import { renderStatus, renderStatusCommit } from '../render/commit.ts'
import { badRequest, notFound, wrongField } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { assertWebUrl } from './assert-web-url.ts'
import type { Acting } from './pull-requests.ts'

export interface StatusInput {
  hash: string
  key: string | undefined
  state: string | undefined
  url: string | undefined
  name: string | undefined
  description: string | undefined
  refname: string | null | undefined
}

const states = ['SUCCESSFUL', 'FAILED', 'INPROGRESS', 'STOPPED'] as const
const longestKey = 40

function findStatus(repository: Repository, hash: string, key: string): CommitStatus | undefined {
  return repository.statuses.find((one) => one.hash === hash && one.key === key)
}

export function getStatus(repository: Repository, hash: string, key: string): CommitStatus {
  const found = findStatus(repository, hash, key)
  if (found === undefined) throw notFound('Build status not found.')
  return found
}

/** The same key on the same commit overwrites. */
export async function putStatus(sim: Sim, acting: Acting, input: StatusInput): Promise<CommitStatus> {
  const { repository } = acting
  if (input.key === undefined || input.key === '')
    throw badRequest('Bad request', { key: ['required key not provided'] })
  const { length } = [...input.key]
  if (length > longestKey)
    throw wrongField('key', `Ensure this value has at most ${longestKey} characters (it has ${length}).`)
  const known = findStatus(repository, input.hash, input.key)
  const state = states.find((one) => one === (input.state ?? known?.state))
  if (state === undefined) throw badRequest('Bad request', { state: [`"${input.state ?? ''}" is not a valid choice.`] })
  const url = input.url ?? known?.url
  if (url === undefined) throw badRequest('Bad request', { url: ['required key not provided'] })
  assertWebUrl('url', url)
  const date = sim.now()
  const status: CommitStatus = known ?? {
    hash: input.hash,
    key: input.key,
    state,
    url,
    name: '',
    description: '',
    refname: null,
    createdOn: date,
    updatedOn: date,
  }
  Object.assign(status, {
    state,
    url,
    name: input.name ?? status.name,
    description: input.description ?? status.description,
    refname: input.refname ?? status.refname,
    updatedOn: date,
  })
  if (known === undefined) repository.statuses.push(status)
  const commit = await readCommit(repository.directory, input.hash)
  const place = { sim, repository }
  const rendered = renderStatus(place, status)
  raiseEvent(sim, {
    event: known === undefined ? 'repo:commit_status_created' : 'repo:commit_status_updated',
    repository,
    actor: acting.actor,
    payload: {
      commit_status: commit === undefined ? rendered : { ...rendered, commit: renderStatusCommit(place, commit) },
    },
  })
  return status
}
