import * as z from 'zod'
import { routeSending } from '../../domain/sending/sending-rules.ts'
import { routeStates } from '../../domain/sending/state-maps.ts'
import { severities } from '../../domain/severity.ts'

/** What a route that leads here can say; what is left out has the default that its form shows. */
export const settings = z.object({
  ...routeSending.shape,
  ...routeStates.shape,
  must_fix: z.enum(severities).optional().meta({
    title: 'Must fix',
    description: 'From this severity on, a thread on a pull request has a task, which may keep it from being merged.',
    default: 'high',
  }),
  commit_report: z.boolean().optional().meta({
    title: 'Code Insights report',
    description: 'Each import puts a report with annotations on the commit that was scanned.',
    default: true,
  }),
  build_status: z.enum(['off', 'informs', 'follows_gate']).optional().meta({
    title: 'Build status',
    description: 'On the commit that was scanned. One that follows the security gate fails when the gate does.',
    default: 'informs',
  }),
  pull_request_summary: z.boolean().optional().meta({
    title: 'Summary comment',
    description: 'One comment on the pull request that was scanned, kept up to date.',
    default: true,
  }),
  threads_at_most: z.number().int().min(0).max(100).optional().meta({
    title: 'Threads for one pull request',
    description: 'Policies begin no more of them, worst first. The rest is in the summary.',
    default: 10,
  }),
})

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
