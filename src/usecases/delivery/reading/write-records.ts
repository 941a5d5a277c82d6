import type { DeploymentEntry, EnvironmentEntry } from '../../../bitbucket/readers/deployments.ts'
import type { MemberEntry } from '../../../bitbucket/readers/members.ts'
import type { PipelineEntry } from '../../../bitbucket/readers/pipelines.ts'
import type { PullRequestEntry } from '../../../bitbucket/readers/pull-requests.ts'
import type { RecordAccount } from '../../../bitbucket/readers/record.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { upsertAccounts } from '../../../store/delivery/accounts.ts'
import { type SeenDeployment, upsertDeployments, upsertEnvironments } from '../../../store/delivery/deployments.ts'
import { upsertPipelines } from '../../../store/delivery/pipelines.ts'
import { settleClosings, upsertEvents } from '../../../store/delivery/pull-request-events.ts'
import { replaceReviewers, upsertPullRequests } from '../../../store/delivery/pull-requests.ts'

/** Where records belong. `force`: they are understood anew, so that an equal telling counts too. */
export type Writing = {
  organizationId: string
  repositoryId: string
  newId: NewId
  /** When the remote told it. */
  at: Date
  force: boolean
}

/** Keys of the records that were new, or newer than what was known. */
export type Written = ReadonlySet<string>

/** The ids of everybody named, each written down once. */
export async function knowAccounts(
  tx: Db,
  { organizationId, newId, at }: Pick<Writing, 'organizationId' | 'newId' | 'at'>,
  named: readonly (RecordAccount | null)[],
): Promise<(account: RecordAccount | null) => string | null> {
  const once = new Map(named.flatMap((one) => (one === null ? [] : [[one.uuid, one] as const])))
  const ids = await upsertAccounts(
    tx,
    { organizationId, seenAt: at },
    [...once.values()].map(({ uuid, ...one }) => ({ ...one, id: newId(), remoteId: uuid })),
  )
  return (account) => (account === null ? null : (ids.get(account.uuid) ?? null))
}

/** Pull requests with who reviews them, and that they were opened. */
export async function writePullRequests(
  tx: Db,
  writing: Writing,
  entries: readonly PullRequestEntry[],
): Promise<Written> {
  const { organizationId, repositoryId, newId, at, force } = writing
  const once = [...new Map(entries.map((one) => [one.remoteId, one])).values()]
  const idOf = await knowAccounts(
    tx,
    writing,
    once.flatMap((one) => [one.author, one.closedBy, ...one.reviewers.map(({ account }) => account)]),
  )
  const changed = await upsertPullRequests(
    tx,
    { organizationId, repositoryId, now: at, force },
    once.map((one) => ({ ...one, id: newId(), authorId: idOf(one.author), closedById: idOf(one.closedBy) })),
  )
  const byNumber = new Map(changed.map(({ id, remoteId }) => [remoteId, id]))
  const news = once.flatMap((entry) => {
    const id = byNumber.get(entry.remoteId)
    return id === undefined ? [] : [{ id, entry }]
  })
  const pullRequestIds = news.map(({ id }) => id)
  const reviewers = news.flatMap(({ id, entry }) =>
    entry.reviewers.flatMap(({ account, ...one }) => {
      const contributorId = idOf(account)
      return contributorId === null ? [] : [{ ...one, pullRequestId: id, contributorId }]
    }),
  )
  await replaceReviewers(tx, { organizationId, pullRequestIds }, reviewers)
  await upsertEvents(
    tx,
    organizationId,
    news.map(({ id, entry }) => ({
      pullRequestId: id,
      kind: 'opened' as const,
      key: '',
      at: entry.openedAt,
      contributorId: idOf(entry.author),
      parentKey: null,
      path: null,
      isDeleted: false,
      commit: entry.sourceCommit,
      keys: null,
    })),
  )
  await settleClosings(tx, { organizationId, pullRequestIds })
  return new Set(news.map(({ entry }) => entry.key))
}

export async function writePipelines(tx: Db, writing: Writing, entries: readonly PipelineEntry[]): Promise<Written> {
  const { organizationId, repositoryId, newId, force } = writing
  const once = [...new Map(entries.map((one) => [one.uuid, one])).values()]
  const idOf = await knowAccounts(
    tx,
    writing,
    once.map(({ creator }) => creator),
  )
  const seen = once.map((one) => ({ ...one, id: newId(), remoteUuid: one.uuid, creatorId: idOf(one.creator) }))
  return new Set(await upsertPipelines(tx, { organizationId, repositoryId, force }, seen))
}

export async function writeEnvironments(
  tx: Db,
  writing: Writing,
  entries: readonly EnvironmentEntry[],
): Promise<Written> {
  const { organizationId, repositoryId, newId, at } = writing
  const once = [...new Map(entries.map((one) => [one.uuid, one])).values()]
  await upsertEnvironments(
    tx,
    { organizationId, repositoryId, now: at },
    once.map((one) => ({ id: newId(), remoteUuid: one.uuid, name: one.name, kind: one.kind })),
  )
  return new Set(once.map(({ key }) => key))
}

/** Deployments; an environment that is deleted at the remote is kept by its UUID, and so is what went there. */
export async function writeDeployments(
  tx: Db,
  writing: Writing,
  entries: readonly DeploymentEntry[],
): Promise<Written> {
  const { organizationId, repositoryId, newId, at, force } = writing
  const once = [...new Map(entries.map((one) => [one.uuid, one])).values()]
  const named = new Map(once.map(({ environment }) => [environment.uuid, environment.name]))
  const place = { organizationId, repositoryId, now: at }
  const ids = await upsertEnvironments(
    tx,
    place,
    [...named].map(([uuid, name]) => ({
      id: newId(),
      remoteUuid: uuid,
      name: name ?? 'Deleted environment',
      kind: null,
    })),
  )
  const seen = once.flatMap((one): SeenDeployment[] => {
    const environmentId = ids.get(one.environment.uuid)
    return environmentId === undefined ? [] : [{ ...one, id: newId(), remoteKey: one.uuid, environmentId }]
  })
  return new Set(await upsertDeployments(tx, { ...place, force }, seen))
}

export async function writeMembers(
  tx: Db,
  writing: Pick<Writing, 'organizationId' | 'newId' | 'at'>,
  entries: readonly MemberEntry[],
): Promise<Written> {
  await knowAccounts(
    tx,
    writing,
    entries.map(({ account }) => account),
  )
  return new Set(entries.map(({ key }) => key))
}
