import * as z from 'zod'
import { type Marker, parseMarker } from '../../domain/message-text.ts'
import { isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import { deletedWithItsItem } from '../deleted-with-its-item.ts'
import {
  type Fetched,
  type FetchedComment,
  formerUser,
  type ItemRef,
  type OpenTracker,
  type RemoteAccount,
  type TrackerComment,
} from '../tracker.ts'
import { listMentions } from './adf/list-mentions.ts'
import { fromCommentDocument, toCommentDocument } from './comment-document.ts'
import { isSameMarker, markerKeyInJira, markerProperties, readMarker } from './jira-marker.ts'
import { fetchIssue, issuePath, type JiraPlace, readIssue } from './jira-place.ts'
import { type RemoteComment, remote, remoteComment } from './schema.ts'

/** Comments Jira gives in one page, and takes by their ids: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/ */
const pageSize = 100

export function openComments(
  place: JiraPlace,
): Pick<OpenTracker, 'findComment' | 'createComment' | 'updateComment' | 'deleteComment' | 'fetchComment'> {
  const { client, lane } = place
  const call = (what: string) => ({ what, lane, schema: remoteComment })
  return {
    findComment: async ({ item, marker }) => {
      const found = await deletedWhenMissing(
        () => findMarked(place, item, marker),
        () => fetchIssue(place, item),
      )
      return found.kind === 'found' ? found.value : undefined
    },
    createComment: async ({ item, parentId, body, named }) => {
      const marker = parseMarker(body)
      const answersTo = parentId === null ? undefined : await readAuthor(place, item, parentId)
      const said = {
        ...call('comment on an issue'),
        body: {
          body: toCommentDocument(body, { answersTo, named }),
          ...(marker !== undefined && { properties: markerProperties(marker) }),
        },
      }
      const send = async (): Promise<Fetched<TrackerComment>> => ({
        kind: 'found',
        value: toTrackerComment(await client.post(commentsPath(item), said), marker),
      })
      try {
        return await send()
      } catch (error) {
        if (!isAppError(error, 'remote_not_found')) throw error
        // It was hidden just then, and is seen again.
        return (await fetchIssue(place, item)).kind === 'found' ? send() : { kind: 'deleted' }
      }
    },
    updateComment: async ({ item, commentId, body, named }) => {
      const change = { ...call('change a comment'), body: { body: toCommentDocument(body, { named }) } }
      const ask = async (): Promise<Fetched<TrackerComment>> => {
        const changed = await client.put(`${commentsPath(item)}/${segment(commentId)}`, change)
        return { kind: 'found', value: toTrackerComment(changed, parseMarker(body)) }
      }
      return deletedWhenMissing(ask, () => fetchIssue(place, item))
    },
    deleteComment: async ({ item, commentId }) => {
      const ask = async (): Promise<Fetched<never>> => {
        await client.delete(`${commentsPath(item)}/${segment(commentId)}`, { what: 'delete a comment', lane })
        return { kind: 'deleted' }
      }
      await deletedWhenMissing(ask, () => fetchIssue(place, item))
    },
    fetchComment: ({ item, commentId }) => fetchComment(place, item, commentId),
  }
}

function commentsPath(item: ItemRef): string {
  return `${issuePath(item)}/comment`
}

/** Deleted where the issue is seen without it; where that is gone, its project has to be seen. */
async function fetchComment(place: JiraPlace, item: ItemRef, commentId: string): Promise<FetchedComment> {
  const ask = async (): Promise<Fetched<TrackerComment>> => {
    const [found] = await readComments(place, [commentId])
    if (found !== undefined) return { kind: 'found', value: found }
    await readIssue(place, remote.parse(item.remote).issue)
    return { kind: 'deleted' }
  }
  return deletedWithItsItem(ask, () => fetchIssue(place, item))
}

const commentPage = z.object({ comments: z.array(remoteComment), total: z.number() })

/** Every comment of an issue, without the properties it may carry. Throws `remote_not_found`. */
export async function* listComments(place: JiraPlace, item: ItemRef): AsyncGenerator<RemoteComment[]> {
  const { client, lane } = place
  for (let startAt = 0, total = 1; startAt < total; startAt += pageSize) {
    const query = { startAt, maxResults: pageSize }
    const call = { what: 'list the comments of an issue', lane, schema: commentPage, query }
    const page = await client.get(commentsPath(item), call)
    total = page.total
    yield page.comments
  }
}

const listedComments = z.object({ values: z.array(remoteComment) })

/** Comments by their ids (at most a page of them) with the marker of those that are ours; what is gone is left out. */
export async function readComments(
  { client, lane }: JiraPlace,
  commentIds: readonly string[],
): Promise<TrackerComment[]> {
  if (commentIds.length === 0) return []
  const call = {
    what: 'read comments',
    lane,
    schema: listedComments,
    query: { expand: 'properties' },
    body: { ids: commentIds.map(Number) },
  }
  const { values } = await client.post('/rest/api/3/comment/list', call)
  return values.map((comment) => toTrackerComment(comment, markerOf(comment)))
}

async function findMarked(place: JiraPlace, item: ItemRef, marker: Marker): Promise<Fetched<TrackerComment>> {
  for await (const page of listComments(place, item))
    for (const comment of await readComments(
      place,
      page.map(({ id }) => id),
    ))
      if (isSameMarker(parseMarker(comment.body), marker)) return { kind: 'found', value: comment }
  return { kind: 'deleted' }
}

/** Replies have no place of their own in what Jira lets a program write: whom one answers is said in words. */
async function readAuthor(place: JiraPlace, item: ItemRef, commentId: string): Promise<string | undefined> {
  const parent = await fetchComment(place, item, commentId)
  return parent.kind === 'found' ? parent.value.author.name : undefined
}

function markerOf({ properties = [] }: RemoteComment): Marker | undefined {
  return readMarker(properties.find(({ key }) => key === markerKeyInJira)?.value, 'message')
}

export function toTrackerComment(comment: RemoteComment, marker: Marker | undefined): TrackerComment {
  const { parentId } = comment
  return {
    id: comment.id,
    parentId: parentId === null || parentId === undefined ? null : String(parentId),
    author: toAccount(comment.author),
    body: fromCommentDocument(comment.body.content, marker),
    named: listMentions(comment.body.content),
    createdAt: comment.created,
    updatedAt: comment.updated,
  }
}

export function toAccount(author: RemoteComment['author']): RemoteAccount {
  const { accountId, displayName, emailAddress, active, accountType } = author ?? {}
  return {
    uuid: accountId ?? null,
    name: displayName ?? formerUser,
    accountId,
    // Whoever writes to a service desk gives an address that nobody has checked.
    email: accountType === 'customer' ? undefined : emailAddress,
    isBot: accountType === 'app',
    isClosed: active === false,
  }
}
