import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { JiraOpening, OpenTracker } from '../tracker.ts'
import { createIssue } from './create-issue.ts'
import { findIssue } from './find-issue.ts'
import { openComments } from './jira-comments.ts'
import { openFields } from './jira-fields.ts'
import { jiraFiles } from './jira-files.ts'
import { openLinks } from './jira-links.ts'
import { fetchIssue, requireProjectOf } from './jira-place.ts'
import { listJiraChanges } from './list-jira-changes.ts'
import { pushIssueState } from './push-issue-state.ts'
import { settings } from './schema.ts'
import { whoSetIssueStatus } from './who-set-state.ts'

/** The issues of one Jira site; only where a new one goes depends on the route. */
export function openJira(place: JiraOpening): OpenTracker {
  return {
    chooseTarget: async () => {
      const { project, issueType } = settings.parse(place.settings)
      return { key: `${project}:${issueType}`, remote: { project, issueType } }
    },
    findItem: (wish) => findIssue(place, wish),
    createItem: async ({ begun, ...wish }) => begun ?? createIssue(place, wish),
    fetchItem: (item) => fetchIssue(place, item),
    pushState: (wish) =>
      deletedWhenMissing(
        () => pushIssueState(place, wish),
        () => requireProjectOf(place, wish.item),
      ),
    whoSetState: (item) => whoSetIssueStatus(place, item),
    ...openComments(place),
    files: jiraFiles(place),
    fields: openFields(place),
    links: openLinks(place),
    listChanges: (wish) => listJiraChanges(place, wish),
  }
}
