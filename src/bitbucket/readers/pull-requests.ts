import * as z from 'zod'
import type { FeedRequest } from './feed-request.ts'
import { account, counted, maybeMoment, moment, type RecordAccount, text } from './record.ts'

/** Longest page Bitbucket gives; a longer one is refused. */
export const pullRequestsPerPage = 50

/**
 * All pull requests, changed last first: what changes while they are read moves to the front, so that the pages behind
 * repeat something and never leave anything out. Lists leave out who takes part unless `fields` asks for it.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
 */
export function requestPullRequests(repositoryPath: string): FeedRequest {
  return {
    path: `${repositoryPath}/pullrequests`,
    what: 'list the pull requests',
    query: {
      state: ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'],
      sort: '-updated_on',
      pagelen: pullRequestsPerPage,
      fields: '+values.reviewers,+values.participants,-values.rendered,-values.summary',
    },
  }
}

const states = { OPEN: 'open', MERGED: 'merged', DECLINED: 'declined', SUPERSEDED: 'superseded' } as const
const commit = z.object({ hash: z.string() }).nullish()
const endpoint = z.object({ branch: z.object({ name: text }).nullish(), commit }).nullish()

const participant = z.object({
  user: account,
  role: z.string().nullish(),
  state: z.string().nullish(),
  approved: z.boolean().nullish(),
  participated_on: maybeMoment,
})

export type ReviewerEntry = {
  account: RecordAccount
  role: 'reviewer' | 'participant'
  state: 'approved' | 'changes_requested' | null
  participatedAt: Date | null
}

/** One pull request as a listing shows it. */
export const pullRequestRecord = z
  .object({
    id: counted,
    title: text.nullish(),
    description: text.nullish(),
    state: z.enum(['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']),
    draft: z.boolean().nullish(),
    author: account,
    closed_by: account,
    source: endpoint,
    destination: endpoint,
    merge_commit: commit,
    created_on: moment,
    updated_on: moment,
    closed_on: maybeMoment,
    comment_count: counted.nullish(),
    task_count: counted.nullish(),
    reviewers: z.array(account).nullish(),
    participants: z.array(participant).nullish(),
    links: z.object({ html: z.object({ href: z.string() }).nullish() }).nullish(),
  })
  .transform((value) => ({
    key: String(value.id),
    remoteId: value.id,
    title: value.title ?? '',
    description: value.description ?? '',
    state: states[value.state],
    isDraft: value.draft ?? false,
    author: value.author,
    closedBy: value.closed_by,
    sourceBranch: value.source?.branch?.name ?? null,
    destinationBranch: value.destination?.branch?.name ?? null,
    sourceCommit: value.source?.commit?.hash ?? null,
    mergeCommit: value.merge_commit?.hash ?? null,
    openedAt: value.created_on,
    updatedAt: value.updated_on,
    closedAt: value.closed_on,
    commentCount: value.comment_count ?? 0,
    taskCount: value.task_count ?? 0,
    webUrl: value.links?.html?.href ?? '',
    reviewers: toReviewers(value.reviewers ?? [], value.participants ?? []),
  }))

export type PullRequestEntry = z.output<typeof pullRequestRecord>

/** Once each: as a participant they say more than as somebody who was only asked. */
function toReviewers(
  asked: readonly (RecordAccount | null)[],
  participants: readonly z.output<typeof participant>[],
): ReviewerEntry[] {
  const found = new Map<string, ReviewerEntry>()
  for (const one of asked)
    if (one !== null) found.set(one.uuid, { account: one, role: 'reviewer', state: null, participatedAt: null })
  for (const { user, role, state, approved, participated_on: participatedAt } of participants) {
    if (user === null) continue
    const isReviewer = found.has(user.uuid) || role === 'REVIEWER'
    found.set(user.uuid, {
      account: user,
      role: isReviewer ? 'reviewer' : 'participant',
      state: state === 'changes_requested' ? state : approved === true || state === 'approved' ? 'approved' : null,
      participatedAt,
    })
  }
  return [...found.values()]
}
