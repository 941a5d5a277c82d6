import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { markerKey } from '../../domain/message-text.ts'
import { isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { commentListFields, containsQuery, findMarked, remoteComment, toTrackerComment } from '../bitbucket-comment.ts'
import { toBitbucketText } from '../bitbucket-text.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import { deletedWithItsItem } from '../deleted-with-its-item.ts'
import type { Fetched, ItemRef, OpenTracker, TrackerComment } from '../tracker.ts'
import { fetchDiscussion } from './discussion-items.ts'
import { type DiscussionPlace, subjectPath } from './discussion-place.ts'
import { type Remote, remote } from './schema.ts'

type Comments = Pick<OpenTracker, 'findComment' | 'createComment' | 'updateComment' | 'deleteComment' | 'fetchComment'>

/** The comments of a thread: replies to its first comment. */
export function discussionComments(place: DiscussionPlace): Comments {
  const { client, lane } = place
  const pathOf = (item: ItemRef) => `${subjectPath(place, remote.parse(item.remote))}/comments`
  const call = (what: string) => ({ what, lane, schema: remoteComment })
  const confirm = () => requireVisibleRepository(place)
  return {
    findComment: async ({ item, marker }) => {
      const query = { q: containsQuery(markerKey(marker)), pagelen: 50, fields: commentListFields }
      const list = () => client.pages(pathOf(item), { ...call('search the comments'), query })
      // Where the whole subject is gone there is no such comment either.
      const found = await deletedWhenMissing(() => findMarked(list, marker), confirm)
      return found.kind === 'found' ? found.value : undefined
    },
    createComment: (input) => reply(place, input),
    updateComment: ({ item, commentId, body, named }) =>
      deletedWhenMissing(async () => {
        const change = { ...call('change a comment'), body: { content: { raw: toBitbucketText(body, named) } } }
        return toTrackerComment(await client.put(`${pathOf(item)}/${segment(commentId)}`, change))
      }, confirm),
    deleteComment: async ({ item, commentId }) => {
      await deletedWhenMissing(async () => {
        await client.delete(`${pathOf(item)}/${segment(commentId)}`, { what: 'delete a comment', lane })
        return { kind: 'deleted' }
      }, confirm)
    },
    fetchComment: ({ item, commentId }) =>
      deletedWithItsItem(
        async () => toTrackerComment(await client.get(`${pathOf(item)}/${segment(commentId)}`, call('read a comment'))),
        () => fetchDiscussion(place, withoutTask(remote.parse(item.remote))),
      ),
  }
}

/** Where only the thread matters: its task would be one more request. */
function withoutTask(at: Remote): Remote {
  return at.kind === 'pull_request' ? { ...at, task: null } : at
}

/** A reply to a comment that is gone becomes a reply to the thread; when the thread is gone, that is the answer. */
async function reply(
  place: DiscussionPlace,
  { item, parentId, body, named }: Parameters<OpenTracker['createComment']>[0],
): Promise<Fetched<TrackerComment>> {
  const at = remote.parse(item.remote)
  const path = `${subjectPath(place, at)}/comments`
  const send = async (parent: number) => {
    const call = { what: 'write a reply', lane: place.lane, schema: remoteComment }
    const written = { content: { raw: toBitbucketText(body, named) }, parent: { id: parent } }
    return toTrackerComment(await place.client.post(path, { ...call, body: written }))
  }
  if (parentId !== null && parentId !== String(at.comment)) {
    try {
      return await send(Number(parentId))
    } catch (error) {
      if (!isAppError(error, 'remote_refused') && !isAppError(error, 'remote_not_found')) throw error
    }
  }
  try {
    return await send(at.comment)
  } catch (error) {
    if (!isAppError(error, 'remote_refused') && !isAppError(error, 'remote_not_found')) throw error
    const now = await fetchDiscussion(place, at)
    if (now.kind === 'deleted') return { kind: 'deleted' }
    if (isAppError(error, 'remote_refused')) throw error
    // It was hidden just then, and is seen again.
    return send(at.comment)
  }
}
