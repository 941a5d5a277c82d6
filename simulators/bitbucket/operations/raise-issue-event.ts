import type { Issue, IssueChange } from '../model/issue-tracker.ts'
import type { Comment } from '../model.ts'
import { renderComment } from '../render/comment.ts'
import { renderIssue } from '../render/issue.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import type { Acting } from './pull-requests.ts'

interface IssueEvent {
  key: 'created' | 'updated' | 'comment_created'
  change?: IssueChange
  comment?: Comment
}

/** In payloads the state's change is called `status`. */
function toPayloadChanges(change: IssueChange): IssueChange['changes'] {
  const { state, ...rest } = change.changes
  return state === undefined ? rest : { status: state, ...rest }
}

/** The tracker's three webhooks. Edits and deletions of comments, votes and attachments never had one. */
export function raiseIssueEvent(sim: Sim, on: Acting & { issue: Issue }, event: IssueEvent): void {
  const { repository, actor, issue } = on
  const place = { sim, repository }
  raiseEvent(sim, {
    event: `issue:${event.key}`,
    repository,
    actor,
    payload: {
      issue: renderIssue(place, issue),
      ...(event.change === undefined ? {} : { changes: toPayloadChanges(event.change) }),
      ...(event.comment === undefined
        ? {}
        : { comment: renderComment(place, { kind: 'issue', issue }, event.comment) }),
    },
  })
}
