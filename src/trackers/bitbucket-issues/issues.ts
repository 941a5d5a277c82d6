import { segment } from '../../bitbucket/client.ts'
import { repositoryPathOf } from '../../bitbucket/require-visible-repository.ts'
import { composeItemBody, composeItemTitle } from '../../domain/item-text.ts'
import { markerKey, parseMarker } from '../../domain/message-text.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { containsQuery, deletedWhenMissing, findMarked, remoteComment, toTrackerComment } from '../bitbucket-comment.ts'
import type { ItemRef, OpenTracker, OpenTrackerInput, TrackerItem } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { fetchIssue, type IssuePlace, issuePath, requireIssueTracker, toItem } from './issue-place.ts'
import { remoteStateFor } from './issue-states.ts'
import { listIssueChanges } from './list-issue-changes.ts'
import { issueListFields, remoteIssue, settings } from './schema.ts'

/** The tracker of one repository. Every call turns the removal of trackers (410) into `tracker_gone` with the way out. */
export function openIssues(input: OpenTrackerInput): OpenTracker {
  const repositoryPath = repositoryPathOf(input.repository)
  const place: IssuePlace = { ...input, repositoryPath, base: `${repositoryPath}/issues` }
  const explained = explainedAt(place)
  return {
    chooseTarget: async () => ({ key: 'issues', remote: {} }),
    findItem: ({ marker }) => explained(() => findIssue(place, markerKey(marker))),
    createItem: ({ content, marker, begun }) =>
      explained(async () => {
        if (begun !== undefined) return begun
        const { priorities } = settings.parse(input.settings)
        const body = {
          title: composeItemTitle(content),
          content: { raw: composeItemBody(content, { kind: 'issue', marker }) },
          kind: 'bug',
          priority: priorities[content.severity],
        }
        return toItem(
          await input.client.post(place.base, { what: 'create an issue', lane: input.lane, schema: remoteIssue, body }),
        )
      }),
    fetchItem: (item) => explained(() => fetchIssue(place, item)),
    pushState: ({ item, status }) =>
      explained(() =>
        deletedWhenMissing(
          async () => {
            const now = await fetchIssue(place, item)
            const wanted = wantedState(status)
            if (now.kind === 'deleted' || wanted === null || now.value.state === wanted) return now
            const call = { what: 'change an issue', lane: input.lane, schema: remoteIssue }
            const body = { state: remoteStateFor(status) }
            return { kind: 'found', value: toItem(await input.client.put(issuePath(place, item), { ...call, body })) }
          },
          () => requireIssueTracker(place),
        ),
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
  const explained = explainedAt(place)
  const confirm = () => requireIssueTracker(place)
  return {
    findComment: ({ item, marker }) =>
      explained(async () => {
        const query = { q: containsQuery(markerKey(marker)), pagelen: 100 }
        const pages = client.pages(comments(item), { ...call('read the comments of an issue'), query })
        // Where the whole issue is gone there is no such comment either.
        const found = await deletedWhenMissing(() => findMarked(pages, marker), confirm)
        return found.kind === 'found' ? found.value : undefined
      }),
    createComment: ({ item, body }) =>
      explained(async () => {
        try {
          const said = { ...call('comment on an issue'), body: { content: { raw: body } } }
          return toTrackerComment(await client.post(comments(item), said))
        } catch (error) {
          if (!isAppError(error, 'remote_not_found')) throw error
          if ((await fetchIssue(place, item)).kind === 'found') throw error
          return { kind: 'deleted' }
        }
      }),
    updateComment: ({ item, commentId, body }) =>
      explained(() =>
        deletedWhenMissing(async () => {
          const change = { ...call('change a comment'), body: { content: { raw: body } } }
          return toTrackerComment(await client.put(`${comments(item)}/${segment(commentId)}`, change))
        }, confirm),
      ),
    deleteComment: ({ item, commentId }) =>
      explained(async () => {
        await deletedWhenMissing(async () => {
          await client.delete(`${comments(item)}/${segment(commentId)}`, { what: 'delete a comment', lane })
          return { kind: 'deleted' }
        }, confirm)
      }),
    fetchComment: ({ item, commentId }) =>
      explained(() =>
        deletedWhenMissing(
          async () =>
            toTrackerComment(await client.get(`${comments(item)}/${segment(commentId)}`, call('read a comment'))),
          confirm,
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

/** Runs what is asked at a place, and turns failures that mean more than they say into their meaning. */
function explainedAt(place: IssuePlace) {
  return async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    try {
      return await ask()
    } catch (error) {
      if (isAppError(error, 'remote_not_found')) await requireIssueTracker(place)
      if (!isAppError(error, 'remote_gone')) throw error
      throw new AppError(
        'tracker_gone',
        'Bitbucket has removed its issue tracker (CHANGE-3071, since 2026-08-20 on bitbucket.org). Send to Bitbucket discussions instead.',
        { cause: error, ...(error.meta !== undefined && { meta: error.meta }) },
      )
    }
  }
}
