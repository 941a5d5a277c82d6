import type { Json, JsonObject } from '../../shared/json.ts'
import { type GitCommit, listCommits, readCommits } from '../git/commits.ts'
import { type GitRef, isAncestor, listRefs } from '../git/refs.ts'
import { renderPayloadCommit, renderRef } from '../render/commit.ts'
import { apiRepositoryUrl, fullName, href, webRepositoryUrl } from '../render/links.ts'
import type { Place } from '../render/place.ts'
import { notFound } from '../simulator-error.ts'
import { inGitQueue, type Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { followBranch, followFromElsewhere, type RefChange } from './follow-branch.ts'
import { adoptMainBranch } from './main-branch.ts'
import { runPushedPipelines } from './pipeline-clock.ts'
import type { Acting } from './pull-requests.ts'

const commitsPerChange = 5
const changesPerPush = 100

function key(ref: GitRef): string {
  return `${ref.kind}/${ref.name}`
}

function compareRefs(before: GitRef[], after: GitRef[]): RefChange[] {
  const old = new Map(before.map((ref) => [key(ref), ref]))
  const now = new Map(after.map((ref) => [key(ref), ref]))
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => ({ before: old.get(name), after: now.get(name) }))
    .filter(({ before, after }) => before?.object !== after?.object)
}

function renderSide(place: Place, targets: Map<string, GitCommit>, ref: GitRef | undefined): Json {
  const commit = targets.get(ref?.hash ?? '')
  if (ref === undefined || commit === undefined) return null
  const rendered = renderRef(place, ref, renderPayloadCommit(place, commit, 'few'))
  // Payloads leave out who made a tag, as they leave out who committed.
  return ref.annotation === null ? rendered : { ...rendered, type: 'annotated_tag', tagger: {} }
}

/** A deleted ref has none; a new or rewritten branch has its own page, where nothing can be compared. */
function changeLinks(
  { sim, repository }: Place,
  { before, after, forced }: { before: GitRef | undefined; after: GitRef; forced: boolean },
): JsonObject {
  const api = apiRepositoryUrl(sim, repository)
  const web = webRepositoryUrl(sim, repository)
  const exclude = before === undefined ? '' : `&exclude=${before.hash}`
  const links: JsonObject = { commits: href(`${api}/commits?include=${after.hash}${exclude}`) }
  if (before !== undefined && !forced) {
    links['diff'] = href(`${api}/diff/${after.hash}..${before.hash}`)
    links['html'] = href(`${web}/branches/compare/${after.hash}..${before.hash}`)
  } else if (after.kind === 'branch') links['html'] = href(`${web}/branch/${after.name}`)
  return links
}

async function renderChange(
  sim: Sim,
  acting: Acting,
  input: { change: RefChange; known: string[]; targets: Map<string, GitCommit> },
): Promise<JsonObject> {
  const { before, after } = input.change
  const { repository } = acting
  const place = { sim, repository }
  const isBranch = (after ?? before)?.kind === 'branch'
  const exclude = before === undefined ? input.known : [before.hash]
  const commits =
    after === undefined || !isBranch
      ? []
      : await listCommits(repository.directory, { include: [after.hash], exclude, limit: commitsPerChange + 1 })
  const forced =
    before !== undefined && after !== undefined && !(await isAncestor(repository.directory, before.hash, after.hash))
  return {
    old: renderSide(place, input.targets, before),
    new: renderSide(place, input.targets, after),
    truncated: commits.length > commitsPerChange,
    created: before === undefined,
    forced,
    closed: after === undefined,
    ...(after === undefined ? {} : { links: changeLinks(place, { before, after, forced }) }),
    ...(isBranch && after !== undefined
      ? { commits: commits.slice(0, commitsPerChange).map((commit) => renderPayloadCommit(place, commit)) }
      : {}),
  }
}

/** What follows from changed refs in their own repository: repo:push, and pull requests whose branches moved. */
async function recordPush(
  sim: Sim,
  acting: Acting,
  refs: { before: GitRef[]; after: GitRef[]; changes: RefChange[] },
): Promise<void> {
  const { changes } = refs
  if (changes.length === 0) return
  const { repository } = acting
  await adoptMainBranch(repository, refs.after)
  repository.updatedOn = sim.now()
  const known = refs.before.filter((ref) => ref.kind === 'branch').map((ref) => ref.hash)
  const rendered: JsonObject[] = []
  const told = changes.slice(0, changesPerPush)
  const hashes = told.flatMap(({ before, after }) => [before?.hash, after?.hash]).filter((hash) => hash !== undefined)
  const targets = await readCommits(repository.directory, hashes)
  for (const change of told) rendered.push(await renderChange(sim, acting, { change, known, targets }))
  raiseEvent(sim, { event: 'repo:push', repository, actor: acting.actor, payload: { push: { changes: rendered } } })
  for (const change of changes) await followBranch(sim, acting, change)
  const moved = changes.map(({ after }) => after).filter((ref) => ref !== undefined)
  await runPushedPipelines(sim, acting, moved)
}

/**
 * Changes refs behind the queue of their repository and does what follows, however they are changed. Pull requests of
 * other repositories follow when that queue is left: who waited in one for another could wait for ever.
 */
export async function changeRefs<Result>(
  sim: Sim,
  acting: Acting,
  change: (before: GitRef[]) => Promise<Result>,
): Promise<Result> {
  const { repository } = acting
  const { directory } = repository
  const { result, changes } = await inGitQueue(sim, repository, async () => {
    // Deleted while this waited for its turn.
    if (!sim.repositories.includes(repository)) throw notFound(`Repository ${fullName(repository)} not found`)
    const before = await listRefs(directory)
    const done = await change(before)
    const after = await listRefs(directory)
    const refs = { before, after, changes: compareRefs(before, after) }
    await recordPush(sim, acting, refs)
    return { result: done, changes: refs.changes }
  })
  await followFromElsewhere(sim, acting, changes)
  return result
}
