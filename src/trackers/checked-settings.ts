/** A route's settings in the eyes of its remote: values as it takes them, and sentences for people. */
export type CheckedSettings = {
  settings: unknown
  /** Why they cannot be kept, by setting: `fields.customfield_10042`. */
  mistakes: Readonly<Record<string, string>>
  /** What a person should know before anything is sent. */
  notes: readonly string[]
}
