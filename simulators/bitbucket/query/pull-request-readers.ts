import type { Json } from '../../shared/json.ts'
import type { Person, PullRequest, Repository } from '../model.ts'
import { fullName } from '../render/links.ts'
import { shortHash } from '../render/place.ts'
import type { Readers } from './select-items.ts'

interface Subject {
  repository: Repository
  pullRequest: PullRequest
}

type Quick = NonNullable<Readers<Subject>['quick']>

/** Fields of accounts as they are rendered; of several people, several values. */
function accountReaders(name: string, people: (pullRequest: PullRequest) => readonly (Person | null)[]): Quick {
  const each = (read: (person: Person) => Json) => (one: Subject) =>
    people(one.pullRequest).map((person) => (person === null || person.isDeleted === true ? null : read(person)))
  return {
    [`${name}.uuid`]: each(({ uuid }) => uuid),
    [`${name}.account_id`]: each(({ accountId }) => accountId),
    [`${name}.display_name`]: each(({ displayName }) => displayName),
    // Apps have none.
    [`${name}.nickname`]: each(({ kind, displayName }) => (kind === 'user' ? displayName : null)),
  }
}

/** Every field that `q` and `sort` may name, so that of thousands of pull requests none is rendered but the page. */
const readers: Quick = {
  id: (one) => one.pullRequest.id,
  type: () => 'pullrequest',
  title: (one) => one.pullRequest.title,
  description: (one) => one.pullRequest.description,
  'summary.raw': (one) => one.pullRequest.description,
  state: (one) => one.pullRequest.state,
  draft: (one) => one.pullRequest.draft,
  queued: () => false,
  reason: (one) => one.pullRequest.reason,
  comment_count: (one) => one.pullRequest.comments.filter((comment) => !comment.deleted).length,
  task_count: (one) => one.pullRequest.tasks.filter((task) => task.state === 'UNRESOLVED').length,
  close_source_branch: (one) => one.pullRequest.closeSourceBranch,
  created_on: (one) => one.pullRequest.createdOn,
  updated_on: (one) => one.pullRequest.updatedOn,
  'source.branch.name': (one) => one.pullRequest.sourceBranch,
  'source.commit.hash': (one) => shortHash(one.pullRequest.sourceHash),
  'destination.branch.name': (one) => one.pullRequest.destinationBranch,
  'destination.commit.hash': (one) => shortHash(one.pullRequest.destinationHash),
  'destination.repository.full_name': (one) => fullName(one.repository),
  'destination.repository.uuid': (one) => one.repository.uuid,
  'merge_commit.hash': ({ pullRequest: { mergeCommit } }) => (mergeCommit === null ? null : shortHash(mergeCommit)),
  ...accountReaders('author', ({ author }) => [author]),
  ...accountReaders('closed_by', ({ closedBy }) => [closedBy]),
  ...accountReaders('reviewers', ({ reviewers }) => reviewers),
  ...accountReaders('participants.user', ({ participants }) => participants.map(({ person }) => person)),
}

/** How `q` and `sort` read pull requests that are not rendered. */
export function pullRequestReaders<Item>(subjectOf: (item: Item) => Subject): Record<string, (item: Item) => Json> {
  return Object.fromEntries(Object.entries(readers).map(([field, read]) => [field, (item) => read(subjectOf(item))]))
}
