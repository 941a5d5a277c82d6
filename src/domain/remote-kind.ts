/** The remotes a connection can lead to. */
export const remoteKinds = ['bitbucket', 'jira'] as const
export type RemoteKind = (typeof remoteKinds)[number]

/** How each is called in sentences for people. */
export const remoteTitles = { bitbucket: 'Bitbucket', jira: 'Jira' } as const satisfies Record<RemoteKind, string>

/** Where somebody can be known from: a remote, or commits that bear an address nobody there shows. */
export const contributorKinds = [...remoteKinds, 'git'] as const
export type ContributorKind = (typeof contributorKinds)[number]
export const contributorTitles = { ...remoteTitles, git: 'Commits' } as const satisfies Record<ContributorKind, string>
