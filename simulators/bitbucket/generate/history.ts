import { addBranch, type FastImport, type Signature } from './fast-import.ts'
import type { Colleague } from './people.ts'
import { allPushes, type PlannedCommit, type PlannedPullRequest, type RepositoryPlan } from './plan.ts'
import { itemAt, type Random } from './random.ts'
import { type SourceFile, SourceTree, writeLine } from './source-files.ts'

/** A state of the main branch. */
export interface MainEntry {
  at: number
  mark: number
  /** null: before there were any. */
  pullRequest: PlannedPullRequest | null
}

/** Where a pull request changed something: what its remarks are pinned to. */
export interface Place {
  at: number
  path: string
  line: number
}

/** What came of a pull request in git. Marks are those of the stream. */
export interface Branch {
  tip: number
  /** The main branch where it began, and how many merges that had seen. */
  base: number
  mergesSeen: number
  changes: Map<string, number | null>
  /** The files as the main branch had them before the merge. */
  before: Map<string, readonly string[] | null>
  commits: { commit: PlannedCommit; changes: [string, number | null][] }[]
  places: Place[]
  mergeCommit: number | null
}

export interface History {
  main: MainEntry[]
  branches: Map<PlannedPullRequest, Branch>
}

interface Walk extends History {
  plan: RepositoryPlan
  random: Random
  stream: FastImport
  tree: SourceTree
  merges: number
}

export function signature(who: Colleague, at: number): Signature {
  return { name: who.person.displayName, email: who.person.email, at, offsetMinutes: who.offsetMinutes }
}

/** Writes the whole history in the order of time: every commit of every pull request, and what the merges make of them. */
export async function writeHistory(
  plan: RepositoryPlan,
  pullRequests: PlannedPullRequest[],
  into: { stream: FastImport; random: Random },
): Promise<History> {
  const walk: Walk = { plan, ...into, tree: new SourceTree(into.random), merges: 0, main: [], branches: new Map() }
  begin(walk)
  for (const step of stepsOf(pullRequests)) {
    if (step.commit === null) close(walk, step.pullRequest)
    else commit(walk, step.pullRequest, step.commit)
    await into.stream.breathe()
  }
  for (const one of pullRequests) {
    const branch = walk.branches.get(one)
    const isKept = one.outcome === null || !one.closesBranch
    if (branch !== undefined && isKept) addBranch(into.stream, one.branch, branch.tip)
  }
  addBranch(into.stream, 'main', tipOf(walk).mark)
  return walk
}

interface Step {
  at: number
  pullRequest: PlannedPullRequest
  /** null: it is closed. */
  commit: PlannedCommit | null
}

function stepsOf(pullRequests: PlannedPullRequest[]): Step[] {
  const steps: Step[] = []
  for (const pullRequest of pullRequests) {
    for (const { commits } of allPushes(pullRequest))
      for (const one of commits) steps.push({ at: one.at, pullRequest, commit: one })
    if (pullRequest.outcome !== null) steps.push({ at: pullRequest.outcome.at, pullRequest, commit: null })
  }
  return steps.toSorted((one, other) => one.at - other.at)
}

function tipOf(walk: Walk): MainEntry {
  return itemAt(walk.main, walk.main.length - 1)
}

const pipelineFile = `image: node:24

pipelines:
  default:
    - step:
        name: Build and test
        script:
          - npm ci
          - npm test
`

/** What a repository has before the first pull request. */
function begin(walk: Walk): void {
  const { plan, random, stream, tree } = walk
  const author = signature(itemAt(plan.team, 0), plan.from)
  const changes: [string, number][] = [
    ['README.md', stream.addBlob('README.md', `# ${plan.name}\n\n${plan.description}.\n`)],
    ['bitbucket-pipelines.yml', stream.addBlob('bitbucket-pipelines.yml', pipelineFile)],
    ['package.json', stream.addBlob('package.json', `{\n  "name": "${plan.slug}",\n  "private": true\n}\n`)],
  ]
  for (let index = 0; index < 24; index += 1) {
    const file = tree.create()
    const lines = Array.from({ length: random.int(8, 40) }, () => writeLine(random))
    const blob = stream.addBlob(file.path, `${lines.join('\n')}\n`)
    file.lines = lines
    file.onMain = { lines, blob }
    changes.push([file.path, blob])
  }
  const mark = stream.addCommit({ line: 'main', author, committer: author, message: 'Begin', parents: [], changes })
  walk.main.push({ at: plan.from, mark, pullRequest: null })
}

function branchOf(walk: Walk, pullRequest: PlannedPullRequest): Branch {
  let branch = walk.branches.get(pullRequest)
  if (branch === undefined) {
    const { relation } = pullRequest
    const other = relation === null || relation.kind === 'reverts' ? undefined : walk.branches.get(relation.other)
    const isHeir = relation?.kind === 'continues'
    const base = tipOf(walk).mark
    branch = {
      tip: other?.tip ?? base,
      base: other?.base ?? base,
      mergesSeen: other?.mergesSeen ?? walk.merges,
      changes: new Map(isHeir ? other?.changes : []),
      commits: isHeir && other !== undefined ? [...other.commits] : [],
      before: new Map(),
      places: [],
      mergeCommit: null,
    }
    walk.branches.set(pullRequest, branch)
    if (isHeir) for (const file of heldBy(walk, relation.other)) file.holder = pullRequest
  }
  return branch
}

function filesAt(walk: Walk, paths: Iterable<string>): SourceFile[] {
  return Array.from(paths, (path) => walk.tree.byPath.get(path)).filter((file) => file !== undefined)
}

function heldBy(walk: Walk, pullRequest: PlannedPullRequest): SourceFile[] {
  const paths = [...(walk.branches.get(pullRequest)?.changes.keys() ?? [])]
  return filesAt(walk, paths).filter((file) => file.holder === pullRequest)
}

function change(
  walk: Walk,
  pullRequest: PlannedPullRequest,
  branch: Branch,
  one: PlannedCommit,
): Map<string, number | null> {
  const { tree, stream, random } = walk
  const changes = new Map<string, number | null>()
  if (one.message.startsWith('Update dependency')) {
    const text = `{\n  "name": "${walk.plan.slug}",\n  "private": true,\n  "updates": "${one.message} (${one.at})"\n}\n`
    branch.places.push({ at: one.at, path: 'package.json', line: 4 })
    return changes.set('package.json', stream.addBlob('package.json', text))
  }
  for (let index = 0; index < one.files; index += 1) {
    const file = tree.choose(pullRequest, branch.mergesSeen)
    const isRemoval = pullRequest.kind === 'chore' && file.onMain.blob !== null && random.chance(0.04)
    if (isRemoval) file.lines = null
    else branch.places.push({ at: one.at, path: file.path, line: tree.edit(file, Math.ceil(one.lines / one.files)) })
    changes.set(file.path, isRemoval ? null : stream.addBlob(file.path, `${file.lines?.join('\n') ?? ''}\n`))
  }
  return changes
}

/** The files of a pull request as they were before it, where nobody has changed them since. */
function takeBack(
  walk: Walk,
  pullRequest: PlannedPullRequest,
  reverted: PlannedPullRequest,
): Map<string, number | null> {
  const changes = new Map<string, number | null>()
  const done = walk.branches.get(reverted)
  if (done === undefined) return changes
  for (const file of filesAt(walk, done.before.keys())) {
    if (file.holder !== null || file.onMain.blob !== done.changes.get(file.path)) continue
    file.holder = pullRequest
    file.lines = done.before.get(file.path) ?? null
    changes.set(file.path, file.lines === null ? null : walk.stream.addBlob(file.path, `${file.lines.join('\n')}\n`))
  }
  return changes
}

function commit(walk: Walk, pullRequest: PlannedPullRequest, one: PlannedCommit): void {
  const branch = branchOf(walk, pullRequest)
  const { relation } = pullRequest
  const isRevert = relation?.kind === 'reverts' && one === pullRequest.first.commits[0]
  let changes = isRevert ? takeBack(walk, pullRequest, relation.other) : new Map<string, number | null>()
  if (changes.size === 0) changes = change(walk, pullRequest, branch, one)
  const author = signature(one.author, one.at)
  one.mark = walk.stream.addCommit({
    line: String(pullRequest.id),
    author,
    committer: author,
    message: one.message,
    parents: [branch.tip],
    changes,
  })
  branch.tip = one.mark
  branch.commits.push({ commit: one, changes: [...changes] })
  for (const [path, blob] of changes) branch.changes.set(path, blob)
}

function close(walk: Walk, pullRequest: PlannedPullRequest): void {
  const branch = walk.branches.get(pullRequest)
  const { outcome } = pullRequest
  if (branch === undefined || outcome === null) return
  const isMerged = outcome.state === 'MERGED'
  if (isMerged) {
    walk.merges += 1
    branch.mergeCommit = merge(walk, pullRequest, branch)
    walk.main.push({ at: outcome.at, mark: branch.mergeCommit, pullRequest })
  }
  for (const file of heldBy(walk, pullRequest)) {
    file.holder = null
    if (!isMerged) file.lines = file.onMain.lines
    else {
      branch.before.set(file.path, file.onMain.lines)
      file.onMain = { lines: file.lines, blob: branch.changes.get(file.path) ?? null }
      file.mergedIn = walk.merges
    }
  }
}

function merge(walk: Walk, pullRequest: PlannedPullRequest, branch: Branch): number {
  const { outcome, author, id, title } = pullRequest
  if (outcome === null) throw new Error(`#${id} is not merged`)
  const main = tipOf(walk).mark
  const committer = signature(outcome.by, outcome.at)
  const approvers = new Set(
    pullRequest.events.flatMap((event) => (event.kind === 'approval' ? [event.by.person.displayName] : [])),
  )
  const message = [
    `Merged in ${pullRequest.branch} (pull request #${id})`,
    '',
    title,
    '',
    ...[...approvers].map((name) => `Approved-by: ${name}`),
  ].join('\n')
  const changes = branch.changes
  switch (pullRequest.strategy) {
    case 'merge_commit':
      return walk.stream.addCommit({
        line: 'main',
        author: committer,
        committer,
        message,
        parents: [main, branch.tip],
        changes,
      })
    case 'squash':
      return walk.stream.addCommit({
        line: 'main',
        author: signature(author, outcome.at),
        committer,
        message,
        parents: [main],
        changes,
      })
    case 'fast_forward': {
      if (branch.base === main) return branch.tip
      // The main branch has moved on: the commits are replayed on it, as the author's rebase would have done.
      let tip = main
      for (const { commit: one, changes: own } of branch.commits)
        tip = walk.stream.addCommit({
          line: 'main',
          author: signature(one.author, one.at),
          committer,
          message: one.message,
          parents: [tip],
          changes: own,
        })
      return tip
    }
    default:
      return pullRequest.strategy satisfies never
  }
}
