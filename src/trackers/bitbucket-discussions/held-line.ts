import { maskSecrets } from '../../domain/mask-secrets.ts'
import { isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import type { ItemPlace } from '../tracker.ts'
import { type DiffPlace, type DiffSide, findInDiff } from './diff-lines.ts'
import type { DiscussionPlace } from './discussion-place.ts'
import { type RemotePullRequest, remoteCommit, remoteFileChange } from './schema.ts'

/** An open pull request that can speak of a scanned line, and the side of its diff the scanned branch is. */
type Candidate = { pullRequest: RemotePullRequest; side: DiffSide }

/** A line of the code as the scan saw it. */
type ScannedLine = Pick<ItemPlace, 'commitHash' | 'lineText'> & { path: string; line: number }

/**
 * Pull requests out of the scanned branch, then those into it. All others are about other versions of the file, where
 * the same number is another line.
 */
export function listCandidates(
  open: readonly RemotePullRequest[],
  { branch, remoteUuid }: { branch: string; remoteUuid: string },
): Candidate[] {
  // A fork may call its branch the same.
  const isOut = ({ source }: RemotePullRequest) =>
    source.branch?.name === branch && source.repository?.uuid === remoteUuid
  const out = open.filter(isOut).map((pullRequest) => ({ pullRequest, side: 'new' as const }))
  const into = open
    .filter((one) => one.destination.branch?.name === branch && !isOut(one))
    .map((pullRequest) => ({ pullRequest, side: 'old' as const }))
  return [...out, ...into]
}

/** Where the pull request's diff shows the scanned line; undefined when it does not, or when it may be another line. */
export async function findHeldLine(
  place: DiscussionPlace,
  { pullRequest, side }: Candidate,
  wanted: ScannedLine,
): Promise<DiffPlace | undefined> {
  const source = pullRequest.source.commit?.hash
  const destination = pullRequest.destination.commit?.hash
  if (source === undefined || destination === undefined) return undefined
  const spec = `${segment(source)}..${segment(destination)}`
  const changes = await readChanges(place, pullRequest, spec)
  const change = changes.find((one) => one[side] === wanted.path)
  if (change === undefined) return undefined
  const diff = await readDiff(place, spec, change)
  const found = findInDiff(diff, { path: wanted.path, line: wanted.line, side })
  if (found === undefined) return undefined
  const readSide = async () => (side === 'new' ? source : readMergeBase(place, spec))
  return (await isSameLine(found.text, wanted, readSide)) ? found : undefined
}

/** The same text, or the very commit the scan saw. A scan that knows neither is taken to have seen what is there now. */
async function isSameLine(
  shown: string,
  { lineText, commitHash }: ScannedLine,
  readSide: () => Promise<string | undefined>,
): Promise<boolean> {
  // Snippets are stored with their secrets masked.
  if (lineText !== null && [shown, maskSecrets(shown)].some((text) => flat(text) === flat(lineText))) return true
  if (commitHash === null) return lineText === null
  const hash = await readSide()
  return hash !== undefined && (hash.startsWith(commitHash) || commitHash.startsWith(hash))
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

type Change = { old: string | undefined; new: string | undefined }

function readChanges(place: DiscussionPlace, pullRequest: RemotePullRequest, spec: string): Promise<Change[]> {
  const { client, lane, repositoryPath } = place
  return place.remember(`${repositoryPath}:files:${spec}`, async () => {
    const found: Change[] = []
    // A pull request's own list leads on to this one, which is a request more; commits of a fork are found by it alone.
    const isFork = pullRequest.source.repository?.uuid !== place.repository.remoteUuid
    const path = isFork ? `pullrequests/${pullRequest.id}/diffstat` : `diffstat/${spec}`
    const query = { pagelen: 500, ...(!isFork && { topic: true }) }
    const call = { what: 'list the files of a pull request', lane, schema: remoteFileChange, query }
    for await (const page of client.pages(`${repositoryPath}/${path}`, call))
      for (const change of page.values) found.push({ old: change.old?.path, new: change.new?.path })
    return found
  })
}

function readDiff(place: DiscussionPlace, spec: string, change: Change): Promise<string> {
  const { client, lane, repositoryPath } = place
  // Both names of a renamed file: with one alone the diff would show it as added or removed whole.
  const path = [...new Set([change.new, change.old].filter((name) => name !== undefined))]
  return place.remember(`${repositoryPath}:diff:${spec}:${path.join('\n')}`, () =>
    client.text(`${repositoryPath}/diff/${spec}`, { what: 'read a diff', lane, query: { path, topic: true } }),
  )
}

/** The commit the old side of a pull request's diff is made of; one request for each pull request that needs it. */
function readMergeBase(place: DiscussionPlace, spec: string): Promise<string | undefined> {
  const { client, lane, repositoryPath } = place
  return place.remember(`${repositoryPath}:base:${spec}`, async () => {
    try {
      const call = { what: 'read where the branches parted', lane, schema: remoteCommit, query: { fields: 'hash' } }
      return (await client.get(`${repositoryPath}/merge-base/${spec}`, call)).hash
    } catch (error) {
      // Branches without a common commit, or commits of a fork: then nothing is known, and nothing is claimed.
      if (isAppError(error, 'remote_not_found')) return undefined
      throw error
    }
  })
}
