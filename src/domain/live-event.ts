/** What changed, never the content itself: open pages fetch what they show. */
export type LiveEvent =
  | { kind: 'message'; vulnerability_id: string }
  | { kind: 'vulnerability'; vulnerability_id: string }
  | { kind: 'notification' }
  | { kind: 'delivery' }
  | { kind: 'import'; import_id: string }
  | { kind: 'bulk_change'; bulk_change_id: string }
  /** It goes on; nothing but how far it is has changed. */
  | { kind: 'import_progress'; import_id: string }
  | { kind: 'connection'; connection_id: string }
  /** Risk scores were worked out anew. */
  | { kind: 'risk' }
