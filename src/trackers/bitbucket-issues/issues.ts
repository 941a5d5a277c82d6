import { repositoryPathOf } from '../../bitbucket/require-visible-repository.ts'
import { composeItemBody, composeItemTitle } from '../../domain/item-text.ts'
import { markerKey, parseMarker } from '../../domain/message-text.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { containsQuery, findMarked, remoteComment, toTrackerComment } from '../bitbucket-comment.ts'
import { toBitbucketText } from '../bitbucket-text.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import { deletedWithItsItem } from '../deleted-with-its-item.ts'
import type { BitbucketOpening, ItemFiles, ItemLinks, ItemRef, OpenTracker, TrackerItem } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { issueFiles } from './issue-files.ts'
import { issueLinks } from './issue-links.ts'
import { fetchIssue, type IssuePlace, issuePath, requireIssueTracker, toItem } from './issue-place.ts'
import { remoteStateFor } from './issue-states.ts'
import { listIssueChanges } from './list-issue-changes.ts'
import { issueListFields, remoteIssue, settings } from './schema.ts'
import { whoSetIssueState } from './who-set-state.ts'

/** The tracker of one repository. Every call turns the removal of trackers (410) into `tracker_gone` with the way out. */
export function openIssues(input: BitbucketOpening): OpenTracker {
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
    pushState: ({ item, status, wish }) =>
      explained(() =>
        deletedWhenMissing(
          async () => {
            if (wish === undefined && wantedState(status) === null) return fetchIssue(place, item)
            // Without a look before: writing the same state again does nothing.
            const call = { what: 'change an issue', lane: input.lane, schema: remoteIssue }
            const body = { state: wish?.name ?? remoteStateFor(status) }
            return { kind: 'found', value: toItem(await input.client.put(issuePath(place, item), { ...call, body })) }
          },
          () => requireIssueTracker(place),
        ),
      ),
    whoSetState: (item) => explained(() => whoSetIssueState(place, item)),
    ...issueComments(place),
    files: explainedFiles(place),
    fields: null,
    links: explainedLinks(place),
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
        const list = () => client.pages(comments(item), { ...call('read the comments of an issue'), query })
        // Where the whole issue is gone there is no such comment either.
        const found = await deletedWhenMissing(() => findMarked(list, marker), confirm)
        return found.kind === 'found' ? found.value : undefined
      }),
    createComment: ({ item, body, named }) =>
      explained(async () => {
        const said = { ...call('comment on an issue'), body: { content: { raw: toBitbucketText(body, named) } } }
        const send = async () => toTrackerComment(await client.post(comments(item), said))
        try {
          return await send()
        } catch (error) {
          if (!isAppError(error, 'remote_not_found')) throw error
          // It was hidden just then, and is seen again.
          return (await fetchIssue(place, item)).kind === 'found' ? send() : { kind: 'deleted' }
        }
      }),
    updateComment: ({ item, commentId, body, named }) =>
      explained(() =>
        deletedWhenMissing(async () => {
          const change = { ...call('change a comment'), body: { content: { raw: toBitbucketText(body, named) } } }
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
        deletedWithItsItem(
          async () =>
            toTrackerComment(await client.get(`${comments(item)}/${segment(commentId)}`, call('read a comment'))),
          () => fetchIssue(place, item),
        ),
      ),
  }
}

function explainedFiles(place: IssuePlace): ItemFiles {
  const explained = explainedAt(place)
  const { list, upload, download, remove } = issueFiles(place)
  return {
    list: (item) => explained(() => list(item)),
    upload: (wish) => explained(() => upload(wish)),
    download: (wish) => explained(() => download(wish)),
    remove: (wish) => explained(() => remove(wish)),
  }
}

function explainedLinks(place: IssuePlace): ItemLinks {
  const explained = explainedAt(place)
  const { find, mark, unmark } = issueLinks(place)
  return {
    find: (named) => explained(() => find(named)),
    mark: (wish) => explained(() => mark(wish)),
    unmark: (wish) => explained(() => unmark(wish)),
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
