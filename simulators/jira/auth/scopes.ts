/** The classic scopes a tracker meets. */
export const jiraScopes = ['read:jira-work', 'write:jira-work', 'read:jira-user', 'manage:jira-webhook'] as const

export type Scope = (typeof jiraScopes)[number]

/** What an app may ask for at /authorize. */
export const grantableScopes: string[] = [
  ...jiraScopes,
  'manage:jira-project',
  'manage:jira-configuration',
  'read:me',
  'offline_access',
]

export const scopeWords: Record<string, string> = {
  'read:jira-work': 'View Jira issue data',
  'write:jira-work': 'Create and manage issues',
  'read:jira-user': 'View user profiles',
  'manage:jira-webhook': 'Manage Jira webhooks',
  'manage:jira-project': 'Manage project settings',
  'manage:jira-configuration': 'Manage Jira global settings',
  'read:me': 'View active user profile',
  offline_access: 'Keep access while you are away',
}
