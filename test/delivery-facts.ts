import type { PullRequestEventKind, PullRequestState } from '../src/domain/delivery/pull-request-facts.ts'
import type { Db } from '../src/store/db.ts'

/** A pull request as a test states it. Moments in RFC 3339; people and repositories by the ids of the place. */
export type StatedPullRequest = {
  id: string
  repositoryId: string
  number: number
  authorId: string | null
  openedAt: string
  state?: PullRequestState
  isDraft?: boolean
  closedById?: string | null
  destinationBranch?: string
  firstCommitAt?: string | null
  lines?: [number, number]
  excludedReason?: string
  events?: readonly StatedEvent[]
}

export type StatedEvent = {
  kind: PullRequestEventKind
  at: string
  by?: string | null
  isDeleted?: boolean
}

export type DeliveryPlace = {
  organizationId: string
  connectionId: string
  repositories: readonly { id: string; slug: string }[]
  people: readonly { id: string; name: string; isBot?: boolean }[]
}

/** An organization with repositories and people to whom pull requests can belong. */
export async function insertDeliveryPlace(db: Db, place: DeliveryPlace): Promise<void> {
  await db.insertInto('organization').values({ organization_id: place.organizationId, name: 'Meadow Goods' }).execute()
  await fillDeliveryPlace(db, place)
}

/** The same in an organization that is there already. */
export async function fillDeliveryPlace(db: Db, place: DeliveryPlace): Promise<void> {
  const { organizationId: organization_id, connectionId: connection_id } = place
  const seen = { first_seen_at: '2026-01-01T00:00:00Z', last_seen_at: '2026-01-01T00:00:00Z' }
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: connection_id,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: 'Meadow Goods',
      api_url: 'http://127.0.0.1:9/2.0',
      web_url: 'http://127.0.0.1:9',
      workspace_uuid: '{meadow}',
      workspace_slug: 'meadow-goods',
      workspace_name: 'Meadow Goods',
      sealed_credential: 'sealed',
      state: 'active',
    })
    .execute()
  await insertDeliveryRepositories(db, place)
  await db
    .insertInto('contributor')
    .values(
      place.people.map(({ id, name, isBot = false }) => ({
        organization_id,
        id,
        kind: 'bitbucket' as const,
        remote_id: `{${id}}`,
        display_name: name,
        is_bot: isBot,
        ...seen,
      })),
    )
    .execute()
}

/** Repositories of a connection, in the workspace `meadow-goods`. */
export async function insertDeliveryRepositories(
  db: Db,
  place: { organizationId: string; connectionId: string; repositories: readonly { id: string; slug: string }[] },
): Promise<void> {
  await db
    .insertInto('repository')
    .values(
      place.repositories.map(({ id, slug }) => ({
        organization_id: place.organizationId,
        id,
        connection_id: place.connectionId,
        remote_uuid: `{${id}}`,
        workspace_uuid: '{meadow}',
        workspace_slug: 'meadow-goods',
        slug,
        name: slug,
        web_url: `http://127.0.0.1:9/meadow-goods/${slug}`,
      })),
    )
    .execute()
}

/** Writes pull requests and what happened to them, as a reading would. */
export async function insertPullRequests(
  db: Db,
  organizationId: string,
  stated: readonly StatedPullRequest[],
): Promise<void> {
  if (stated.length === 0) return
  await db
    .insertInto('pull_request')
    .values(stated.map((one) => toRow(organizationId, one)))
    .execute()
  const events = stated.flatMap((one) => toEvents(organizationId, one))
  if (events.length > 0) await db.insertInto('pull_request_event').values(events).execute()
}

/** The row of a pull request without what happened to it. */
export function toRow(organization_id: string, stated: StatedPullRequest) {
  const { events = [], lines } = stated
  const merged = events.find(({ kind }) => kind === 'merged')
  return {
    organization_id,
    id: stated.id,
    repository_id: stated.repositoryId,
    remote_id: stated.number,
    title: `Change ${stated.number}`,
    author_id: stated.authorId,
    closed_by_id: stated.closedById ?? null,
    state: stated.state ?? ('open' as const),
    is_draft: stated.isDraft ?? false,
    destination_branch: stated.destinationBranch ?? 'main',
    opened_at: stated.openedAt,
    remote_updated_at: events.map(({ at }) => at).reduce((a, b) => (a > b ? a : b), stated.openedAt),
    merged_at: merged?.at ?? null,
    first_commit_at: stated.firstCommitAt ?? null,
    lines_added: lines?.[0] ?? null,
    lines_removed: lines?.[1] ?? null,
    excluded_reason: stated.excludedReason ?? null,
    web_url: `http://127.0.0.1:9/pull-requests/${stated.number}`,
  }
}

/** The rows of what happened to a pull request. */
export function toEvents(organization_id: string, { id, events = [] }: StatedPullRequest) {
  return events.map(({ kind, at, by = null, isDeleted = false }, index) => ({
    organization_id,
    pull_request_id: id,
    kind,
    remote_key: `${kind} ${index}`,
    at,
    contributor_id: by,
    is_deleted: isDeleted,
  }))
}
