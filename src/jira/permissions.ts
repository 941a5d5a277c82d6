/** One thing the account has to be allowed in Jira: `required` ones are refused without, `may` completes "The account may not …". */
export type JiraPermission = {
  readonly permission: string
  readonly neededFor: string
  readonly may: string
  readonly required: boolean
}

/** Permissions by their built-in keys: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/ */
export const jiraPermissions: readonly JiraPermission[] = [
  {
    permission: 'BROWSE_PROJECTS',
    neededFor: 'seeing projects and their issues',
    may: 'see any project',
    required: true,
  },
  {
    permission: 'CREATE_ISSUES',
    neededFor: 'making an issue of a vulnerability',
    may: 'create issues',
    required: false,
  },
  {
    permission: 'EDIT_ISSUES',
    neededFor: 'keeping title, priority and due date right',
    may: 'edit issues',
    required: false,
  },
  {
    permission: 'TRANSITION_ISSUES',
    neededFor: 'moving an issue when the vulnerability changes its status',
    may: 'move issues to another status',
    required: false,
  },
  { permission: 'ADD_COMMENTS', neededFor: 'carrying comments to developers', may: 'comment', required: false },
  {
    permission: 'EDIT_OWN_COMMENTS',
    neededFor: 'carrying edits of comments',
    may: 'edit its own comments',
    required: false,
  },
  {
    permission: 'DELETE_OWN_COMMENTS',
    neededFor: 'removing comments that were deleted here',
    may: 'delete its own comments',
    required: false,
  },
]

/** Makes the webhook; without it somebody who has it makes it by hand, so that its absence is no flaw of the credential. */
export const hookPermission = 'ADMINISTER'
const hookNeededFor = 'making and repairing the webhook (without it an administrator of Jira makes it by hand)'

/** Classic scopes of OAuth and of API tokens with scopes, with what each is for. */
export const jiraScopes: readonly { readonly scope: string; readonly neededFor: string }[] = [
  { scope: 'read:jira-work', neededFor: 'reading projects, issues and comments' },
  { scope: 'write:jira-work', neededFor: 'making and changing issues and comments' },
  {
    scope: 'read:jira-user',
    neededFor: 'knowing which account Weir writes as, so that its own comments do not come back',
  },
]

/** All that is needed, with what each is for: permissions, and before them the scopes of a token that has some. */
export function listJiraNeeds(isScoped: boolean): { scope: string; needed_for: string }[] {
  return [
    ...(isScoped ? jiraScopes.map(({ scope, neededFor }) => ({ scope, needed_for: neededFor })) : []),
    ...jiraPermissions.map(({ permission, neededFor }) => ({ scope: permission, needed_for: neededFor })),
    { scope: hookPermission, needed_for: hookNeededFor },
  ]
}

/** What is missing as a sentence each; names that are no longer asked for are left out. */
export function describeMissing(missing: readonly string[]): string[] {
  const scopes = jiraScopes.filter((one) => missing.includes(one.scope)).map((one) => one.scope)
  const acts = jiraPermissions.filter((one) => missing.includes(one.permission)).map((one) => one.may)
  return [
    ...(scopes.length === 0
      ? []
      : [`The credential lacks ${scopes.join(', ')}. Renew it with a credential that has them.`]),
    ...(acts.length === 0
      ? []
      : [
          `The account may not ${acts.join(', nor ')}. Give it a role in the project whose permission scheme allows it.`,
        ]),
  ]
}
