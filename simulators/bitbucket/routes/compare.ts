import { diffstatPage } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { readCommit } from '../git/commits.ts'
import { type FileConflict, tryMerge } from '../git/conflicts.ts'
import {
  type Comparison,
  type DiffOptions,
  emptyTree,
  readCommitPatch,
  readDiffstat,
  readPatchSeries,
  readRawDiff,
} from '../git/diff.ts'
import { topicBase } from '../git/merge.ts'
import { mergeBase } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { renderCommit, renderFileChange } from '../render/commit.ts'
import { badRequest, notFound, tookTooLong } from '../simulator-error.ts'
import { commitOf } from './commits.ts'

const base = '/repositories/:workspace/:slug'

interface Spec {
  repository: Repository
  source: string
  /** undefined: one commit, compared with its first parent. */
  destination: string | undefined
}

/** `sha`, `source..destination`, or `{ws}/{repo}:{source}\r{destination}`: source first, as the remote has it. */
async function readSpec(call: Call): Promise<Spec> {
  const repository = repositoryOf(call)
  const spec = (call.params['*'] ?? '').replace(/^[^/]+\/[^:]+:/, '')
  const [first = '', second, ...more] = spec.split(/\r|\.\./)
  if (more.length > 0) throw notFound('Changeset not found.')
  const source = await commitOf(call, repository, first)
  return {
    repository,
    source,
    destination: second === undefined ? undefined : await commitOf(call, repository, second),
  }
}

interface Range extends Comparison {
  /** The commits that the files are shown of, where a tree is compared. */
  shown: Comparison
  conflicts: FileConflict[]
}

function flag(call: Call, name: string): boolean | undefined {
  const text = call.query.get(name)?.toLowerCase()
  if (text === undefined || text === '') return undefined
  if (['true', '1', 'yes'].includes(text)) return true
  if (['false', '0', 'no'].includes(text)) return false
  throw badRequest('Bad request', { [name]: ['Enter a boolean.'] })
}

async function readRange(call: Call): Promise<Range & { repository: Repository }> {
  const { repository, source, destination } = await readSpec(call)
  const { directory } = repository
  const [topic, merge] = [flag(call, 'topic'), flag(call, 'merge')]
  if (topic !== undefined && merge !== undefined)
    throw badRequest("The 'merge' and 'topic' parameters cannot be both used at the same time.")
  const plain = (from: string) => ({ repository, from, to: source, shown: { from, to: source }, conflicts: [] })
  if (destination === undefined) return plain((await readCommit(directory, source))?.parents[0] ?? emptyTree)
  if (topic === false || merge === false) return plain(destination)
  if (merge !== true) return plain(await topicBase(directory, source, destination))
  const merged = await tryMerge(directory, { source, destination })
  if (merged === undefined) return plain(destination)
  return { ...plain(destination), to: merged.tree, conflicts: merged.conflicts }
}

function readOptions(call: Call): DiffOptions {
  const text = call.query.get('context')
  const context = text === null ? undefined : Number(text)
  if (context !== undefined && (text === '' || !Number.isInteger(context) || context < 0))
    throw badRequest('Bad request', { context: ['Enter a whole number.'] })
  return {
    ...(context === undefined ? {} : { context }),
    ignoreWhitespace: flag(call, 'ignore_whitespace') ?? false,
    renames: flag(call, 'renames') ?? true,
    binary: flag(call, 'binary') ?? true,
    paths: call.query.getAll('path').filter((path) => path !== ''),
  }
}

/** Throws 555 for what the real one would give up on; see the switch. */
function assertInTime(call: Call, bytes: number): void {
  const { largestDiff } = call.sim.switches
  if (largestDiff !== null && bytes > largestDiff) throw tookTooLong('The diff took too long to generate.')
}

/** As it is: not decoded, so without a character set. */
function plainText(call: Call, bytes: Buffer): Answer {
  assertInTime(call, bytes.length)
  return { raw: { contentType: 'text/plain', bytes } }
}

async function diff(call: Call): Promise<Answer> {
  const range = await readRange(call)
  return plainText(call, await readRawDiff(range.repository.directory, range, readOptions(call)))
}

async function diffstat(call: Call): Promise<Answer> {
  const range = await readRange(call)
  const { repository, conflicts } = range
  const options = readOptions(call)
  const changes = await readDiffstat(repository.directory, range, options)
  if (call.sim.switches.largestDiff !== null)
    assertInTime(call, (await readRawDiff(repository.directory, range, options)).length)
  const inConflict = new Set(conflicts.map((one) => one.path))
  const place = { sim: call.sim, repository }
  return listItems(call, changes, {
    size: diffstatPage,
    render: (change) => {
      const rendered = renderFileChange(place, change, range.shown)
      return inConflict.has(change.newPath ?? change.oldPath ?? '')
        ? { ...rendered, status: 'merge conflict' }
        : rendered
    },
  })
}

async function patch(call: Call): Promise<Answer> {
  const { repository, source, destination } = await readSpec(call)
  const { directory } = repository
  const bytes =
    destination === undefined
      ? await readCommitPatch(directory, source)
      : await readPatchSeries(directory, { from: destination, to: source })
  return plainText(call, bytes)
}

async function fileConflicts(call: Call): Promise<Answer> {
  const { repository, source, destination } = await readSpec(call)
  const merged = destination === undefined ? undefined : await tryMerge(repository.directory, { source, destination })
  return listItems(call, merged?.conflicts ?? [], {
    size: diffstatPage,
    render: ({ path, scenario, message }) => ({ type: 'file_conflict', path, scenario, message }),
  })
}

async function commonAncestor(call: Call): Promise<Answer> {
  const { repository, source, destination } = await readSpec(call)
  const { directory } = repository
  const hash = destination === undefined ? undefined : await mergeBase(directory, source, destination)
  const commit = hash === undefined ? undefined : await readCommit(directory, hash)
  if (commit === undefined) throw notFound('Changeset not found.')
  return { body: renderCommit({ sim: call.sim, repository }, commit) }
}

export const compareEndpoints: Endpoint[] = [
  { method: 'GET', path: `${base}/diffstat/*`, need: needs.readRepository, handle: diffstat },
  { method: 'GET', path: `${base}/diff/*`, need: needs.readRepository, handle: diff },
  { method: 'GET', path: `${base}/patch/*`, need: needs.readRepository, handle: patch },
  { method: 'GET', path: `${base}/merge-base/*`, need: needs.readRepository, handle: commonAncestor },
  { method: 'GET', path: `${base}/file-conflicts/*`, need: needs.readRepository, handle: fileConflicts },
]
