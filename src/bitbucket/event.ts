/** The repository an event is about; `uuid` in braces is its identity, the rest may be stale. */
export type EventRepository = { uuid: string; fullName: string }

/** Who did it; null where the remote names nobody (deleted accounts). */
export type EventActor = { uuid: string; displayName: string } | null

/** The item a comment hangs on. Commit hashes come with 12 or 40 digits. */
export type EventItem =
  | { kind: 'pull_request'; id: number }
  | { kind: 'commit'; hash: string }
  | { kind: 'issue'; id: number }

type About = { repository: EventRepository; actor: EventActor }

/** What a webhook says happened. A hint where to look: whoever acts on it fetches the thing as it is now. */
export type BitbucketEvent =
  | (About & {
      kind: 'comment'
      change: 'created' | 'updated' | 'deleted' | 'resolved' | 'reopened'
      item: EventItem
      commentId: string
      parentId: string | null
      /** When the comment got the text this speaks of; null where the payload does not say. */
      toldOf: Date | null
    })
  | (About & {
      kind: 'issue'
      change: 'created' | 'updated'
      issueId: number
      /** The state named by the payload's change, when it names one. */
      state: string | null
      /** The comment that every edit of an issue writes beside it. */
      commentId: string | null
      /** Whether that comment has words of its own, or came with a file, which says something too. */
      hasWords: boolean
    })
  | (About & {
      kind: 'pull_request'
      change: 'created' | 'updated' | 'pushed' | 'reviewed' | 'merged' | 'declined'
      pullRequestId: number
    })
  | (About & { kind: 'push'; branches: { name: string; oldHash: string | null; newHash: string | null }[] })
  | (About & { kind: 'repository'; change: 'created' | 'updated' | 'transferred' | 'deleted' | 'imported' | 'forked' })

/** `ignored`: an event Weir has no use for; `malformed`: one it has, in a form it cannot read. */
export type Translation =
  | { kind: 'event'; event: BitbucketEvent }
  | { kind: 'ignored'; reason: string }
  | { kind: 'malformed'; reason: string }
