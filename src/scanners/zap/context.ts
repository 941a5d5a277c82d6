import { countOf } from '../count-of.ts'
import type { Problems } from '../same-problem.ts'
import type { ReportTool } from '../scanner.ts'
import type { Alert } from './alert.ts'

export type Context = {
  version: string | null
  /** Addresses of the sites: by their place in the list in JSON, by where they begin in XML. */
  sites: Map<number, string>
  problems: Problems
  /** Requests and answers that stand in the report. */
  exchanges: number
  /** Places that ZAP counted and did not list. */
  unlisted: number
}

export function newContext(): Context {
  return { version: null, sites: new Map(), problems: new Map(), exchanges: 0, unlisted: 0 }
}

/** What ZAP calls systemic is one finding a site, however many examples are listed. */
export function countUnlisted(context: Context, { count, isSystemic }: Alert, listed: number): void {
  if (!isSystemic && listed > 0) context.unlisted += Math.max(0, (count ?? 0) - listed)
}

export function toTools({ version, unlisted }: Context): ReportTool[] {
  const problem = unlisted === 0 ? null : 'the report lists only a part of the places ZAP found'
  return [{ name: 'ZAP', version, problem }]
}

export function describeUnread({ exchanges, unlisted }: Context): string[] {
  return [
    ...(exchanges === 0
      ? []
      : [`${countOf(exchanges, 'recorded message')} of ZAP (requests, answers), which Weir does not keep.`]),
    ...(unlisted === 0
      ? []
      : [`${countOf(unlisted, 'place')} that ZAP counted and did not list: what is missing may be there still.`]),
  ]
}
