import type { JiraTracker } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { checkSettings, listFormFields } from './check-settings.ts'
import { openJira } from './jira-issues.ts'
import { settings } from './schema.ts'

/** Issues of Jira Cloud: https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
export const jira: JiraTracker = {
  name: 'jira',
  title: 'Jira',
  connectionKind: 'jira',
  settings,
  capabilities: {
    comments: true,
    replies: false,
    states: true,
    files: true,
    links: true,
    webhookEvents: [
      'jira:issue_updated',
      'jira:issue_deleted',
      'comment_created',
      'comment_updated',
      'comment_deleted',
    ],
  },
  // Which step leads there depends on where the issue stands.
  requests: {
    create_defect: 1,
    push_state: 2,
    push_fields: 2,
    release_item: 3,
    create_comment: 1,
    update_comment: 1,
    delete_comment: 1,
  },
  hasState: () => true,
  wantedState,
  states: null,
  nameState: () => null,
  placeOf: (given) => settings.parse(given),
  listFormFields,
  checkSettings,
  open: openJira,
}
