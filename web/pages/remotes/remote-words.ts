import type { Connection } from '../../../contract/remotes/connections.ts'

type RemoteWords = {
  readonly title: string
  /** What a connection is for there. */
  readonly place: string
  /** Where connections of this kind begin. */
  readonly page: '/integrations' | '/integrations/trackers'
}

export const remoteWords: Record<Connection['kind'], RemoteWords> = {
  bitbucket: { title: 'Bitbucket', place: 'workspace', page: '/integrations' },
  jira: { title: 'Jira', place: 'site', page: '/integrations/trackers' },
}
