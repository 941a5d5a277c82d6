/** Who did it; null where the remote names nobody (closed accounts). */
export type JiraEventActor = { uuid: string; displayName: string } | null

/** What a webhook says happened to an issue, by its id. A hint where to look: whoever acts on it fetches it as it is now. */
export type JiraEvent =
  | {
      kind: 'issue'
      change: 'updated' | 'deleted'
      issueId: string
      actor: JiraEventActor
      /** Name of the status it has now, where nothing but its status changed. */
      status: string | null
    }
  | {
      kind: 'comment'
      change: 'created' | 'updated' | 'deleted'
      issueId: string
      commentId: string
      actor: JiraEventActor
      /** When the comment got the text this speaks of; null where the payload does not say. */
      toldOf: Date | null
    }

/** `ignored`: an event Weir has no use for; `malformed`: one it has, in a form it cannot read. */
export type JiraTranslation =
  | { kind: 'event'; event: JiraEvent }
  | { kind: 'ignored'; reason: string }
  | { kind: 'malformed'; reason: string }
