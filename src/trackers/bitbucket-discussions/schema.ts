import * as z from 'zod'

/** A route that leads here needs no settings. */
export const settings = z.object({})

const pullRequestPlace = z.object({
  kind: z.literal('pull_request'),
  pull_request: z.number().int(),
  comment: z.number().int(),
  task: z.number().int().nullable(),
})
const commitPlace = z.object({ kind: z.literal('commit'), commit: z.string(), comment: z.number().int() })

/** What is stored in `defect.remote`. */
export const remote = z.discriminatedUnion('kind', [pullRequestPlace, commitPlace])
export type Remote = z.output<typeof remote>
export type PullRequestPlace = z.output<typeof pullRequestPlace>

/** Where an item can be put; `path` null: a comment without a place in the code. */
export const target = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pull_request'),
    pull_request: z.number().int(),
    path: z.string(),
    line: z.number().int(),
    /** `old`: the line as it was before the pull request, which removes it. Targets stored earlier have none. */
    side: z.enum(['new', 'old']).default('new'),
  }),
  z.object({
    kind: z.literal('commit'),
    commit: z.string(),
    path: z.string().nullable(),
    line: z.number().int().nullable(),
  }),
])
export type Target = z.output<typeof target>

export const remotePullRequest = z.object({
  id: z.number().int(),
  source: z.object({
    branch: z.object({ name: z.string() }).nullish(),
    commit: z.object({ hash: z.string() }).nullish(),
    repository: z.object({ uuid: z.string() }).nullish(),
  }),
  destination: z.object({
    branch: z.object({ name: z.string() }).nullish(),
    commit: z.object({ hash: z.string() }).nullish(),
  }),
})
export type RemotePullRequest = z.output<typeof remotePullRequest>

export const pullRequestListFields = [
  'next',
  'values.id',
  'values.source.branch.name',
  'values.source.commit.hash',
  'values.source.repository.uuid',
  'values.destination.branch.name',
  'values.destination.commit.hash',
].join(',')

export const remoteFileChange = z.object({
  old: z.object({ path: z.string() }).nullish(),
  new: z.object({ path: z.string() }).nullish(),
})

export const remoteTask = z.object({
  id: z.number().int(),
  state: z.enum(['RESOLVED', 'UNRESOLVED']),
  updated_on: z.string().nullish(),
  comment: z.object({ id: z.number().int() }).nullish(),
})
export type RemoteTask = z.output<typeof remoteTask>

export const remoteCommit = z.object({ hash: z.string() })
export const remoteBranch = z.object({ target: z.object({ hash: z.string() }) })
