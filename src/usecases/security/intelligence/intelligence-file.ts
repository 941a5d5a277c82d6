import type { Db } from '../../../store/db.ts'
import type { IntelligenceKind } from '../../../store/security/intelligence.ts'
import type { MoveDeps } from '../vulnerabilities/apply-move.ts'

/** A file that was begun to be read: which one it is, and the way to take it in. */
export type OpenedFile = {
  version: string | null
  /** The day it is of, as 2027-03-01, where it says so. */
  publishedOn: string | null
  /** Replaces what is loaded, in the caller's transaction; answers how many entries there are. Throws `intelligence_invalid`. */
  replace: (tx: Db) => Promise<number>
}

/** A kind of published file. Another one is a file in this folder and a line in the registry. */
export type IntelligenceFile = {
  kind: IntelligenceKind
  /** What people call it. */
  title: string
  /** One entry of it, to be counted. */
  entry: string
  /** Throws `intelligence_invalid` for what is no such file. */
  open: (bytes: AsyncIterable<Uint8Array>) => Promise<OpenedFile>
  /** What else becomes of vulnerabilities once it is loaded; answers how many changed. */
  tell?: (deps: MoveDeps & { db: Db }) => Promise<number>
}
