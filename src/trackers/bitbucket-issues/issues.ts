import { segment } from '../../bitbucket/client.ts'
import { composeItemBody, composeItemTitle } from '../../domain/item-text.ts'
import { markerKey, parseMarker } from '../../domain/message-text.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { containsQuery, deletedWhenMissing, remoteComment, toTrackerComment } from '../bitbucket-comment.ts'
import type { ItemRef, OpenTracker, OpenTrackerInput, TrackerItem } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { fetchIssue, type IssuePlace, issuePath, toItem } from './issue-place.ts'
import { remoteStateFor } from './issue-states.ts'
import { listIssueChanges } from './list-issue-changes.ts'
import { issueListFields, remoteIssue, settings } from './schema.ts'

/** The tracker of one repository. Every call turns the removal of trackers (410) into `tracker_gone` with the way out. */
export function openIssues(input: OpenTrackerInput): OpenTracker {
  const { repository } = input
  const base = `/repositories/${segment(repository.workspaceUuid)}/${segment(repository.remoteUuid)}/issues`
  const place: IssuePlace = { ...input, base }
  return {
    chooseTarget: async () => ({ key: 'issues', remote: {} }),
    findItem: ({ marker }) => explained(() => findIssue(place, markerKey(marker))),
    createItem: ({ content, marker, begun }) =>
      explained(async () => {
        if (begun !== undefined) return begun
        const { priorities } = settings.parse(input.settings)
        const body = {
          title: composeItemTitle(content),
          content: { raw: composeItemBody(content, marker) },
          kind: 'bug',
          priority: priorities[content.severity],
        }
        return toItem(
          await input.client.post(base, { what: 'create an issue', lane: input.lane, schema: remoteIssue, body }),
        )
      }),
    fetchItem: (item) => explained(() => fetchIssue(place, item)),
    pushState: ({ item, status }) =>
      explained(() =>
        deletedWhenMissing(async () => {
          const now = await fetchIssue(place, item)
          const wanted = wantedState(status)
          if (now.kind === 'deleted' || wanted === null || now.value.state === wanted) return now
          const call = { what: 'change an issue', lane: input.lane, schema: remoteIssue }
          const body = { state: remoteStateFor(status) }
          return { kind: 'found', value: toItem(await input.client.put(issuePath(place, item), { ...call, body })) }
        }),
      ),
    ...issueComments(place),
    listChanges: (wish) => explained(() => listIssueChanges(place, wish)),
  }
}

function issueComments(
  place: IssuePlace,
): Pick<OpenTracker, 'findComment' | 'createComment' | 'updateComment' | 'deleteComment' | 'fetchComment'> {
  const { client, lane } = place
  const comments = (item: ItemRef) => `${issuePath(place, item)}/comments`
  const call = (what: string) => ({ what, lane, schema: remoteComment })
  return {
    findComment: ({ item, marker }) =>
      explained(async () => {
        const query = { q: containsQuery(markerKey(marker)), pagelen: 100 }
        for await (const page of client.pages(comments(item), { ...call('read the comments of an issue'), query }))
          for (const comment of page.values) {
            const found = toTrackerComment(comment)
            if (found.kind === 'found' && parseMarker(found.value.body)?.id === marker.id) return found.value
          }
        return undefined
      }),
    createComment: ({ item, body }) =>
      explained(() =>
        deletedWhenMissing(async () =>
          toTrackerComment(
            await client.post(comments(item), { ...call('comment on an issue'), body: { content: { raw: body } } }),
          ),
        ),
      ),
    updateComment: ({ item, commentId, body }) =>
      explained(() =>
        deletedWhenMissing(async () => {
          const path = `${comments(item)}/${segment(commentId)}`
          return toTrackerComment(
            await client.put(path, { ...call('change a comment'), body: { content: { raw: body } } }),
          )
        }),
      ),
    deleteComment: ({ item, commentId }) =>
      explained(async () => {
        try {
          await client.delete(`${comments(item)}/${segment(commentId)}`, { what: 'delete a comment', lane })
        } catch (error) {
          if (!isAppError(error, 'remote_not_found')) throw error
        }
      }),
    fetchComment: ({ item, commentId }) =>
      explained(() =>
        deletedWhenMissing(async () =>
          toTrackerComment(await client.get(`${comments(item)}/${segment(commentId)}`, call('read a comment'))),
        ),
      ),
  }
}

async function findIssue(place: IssuePlace, key: string): Promise<TrackerItem | undefined> {
  const query = { q: containsQuery(key), fields: issueListFields, pagelen: 10 }
  const call = { what: 'search the issues', lane: place.lane, schema: remoteIssue, query }
  for await (const page of place.client.pages(place.base, call))
    for (const issue of page.values) {
      const marker = parseMarker(issue.content?.raw ?? '')
      if (marker !== undefined && markerKey(marker) === key) return toItem(issue)
    }
  return undefined
}

async function explained<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    if (!isAppError(error, 'remote_gone')) throw error
    throw new AppError(
      'tracker_gone',
      'Bitbucket has removed its issue tracker (CHANGE-3071, since 2026-08-20 on bitbucket.org). Send to Bitbucket discussions instead.',
      { cause: error, ...(error.meta !== undefined && { meta: error.meta }) },
    )
  }
}
