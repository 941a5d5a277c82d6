export type PersonKey = 'mara' | 'tomas' | 'yuki' | 'ines' | 'piet'

interface SeedCommit {
  branch: string
  author: PersonKey
  /** Days before the seed's today; fractions are hours. */
  daysAgo: number
  message: string
  /** Whole files; null deletes. */
  files?: Record<string, string | null>
  /** `[find, replace]` in what the branch holds; `find` must be there. */
  edits?: Record<string, [string, string][]>
  /** Brings this branch's changes in, as a merge commit. */
  merge?: string
  /** An annotated tag on this commit. */
  tag?: string
}

export interface SeedComment {
  author: PersonKey
  daysAgo: number
  raw: string
  /** Pinned to the line of the source branch's file that holds `needle`. */
  at?: { path: string; needle: string }
  replies?: { author: PersonKey; daysAgo: number; raw: string }[]
}

export interface SeedPullRequest {
  title: string
  description: string
  source: string
  author: PersonKey
  reviewers: PersonKey[]
  approvedBy?: PersonKey[]
  state: 'OPEN' | 'MERGED' | 'DECLINED'
  openedDaysAgo: number
  closedDaysAgo?: number
  closedBy?: PersonKey
  draft?: boolean
  comments?: SeedComment[]
}

export interface SeedPlace {
  /** A word a scanner's rule could be called by. */
  rule: string
  title: string
  cwe: number
  severity: 'critical' | 'high' | 'medium' | 'low'
  path: string
  /** The vulnerable line on the main branch holds this text; null: the pull request brings it in. */
  needle: string | null
  /** An open pull request that changes the line: its source branch, and the text of the line there. */
  pullRequest?: { source: string; needle: string }
}

export interface SeedRepository {
  slug: string
  name: string
  projectKey: string
  language: string
  description: string
  hasIssues: boolean
  isPrivate: boolean
  commits: SeedCommit[]
  pullRequests: SeedPullRequest[]
  places: SeedPlace[]
}
