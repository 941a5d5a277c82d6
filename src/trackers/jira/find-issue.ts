import * as z from 'zod'
import type { Marker } from '../../domain/message-text.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { ItemTarget, TrackerItem } from '../tracker.ts'
import { isSameMarker, markerKeyInJira, markerLabel, readMarker } from './jira-marker.ts'
import { type JiraPlace, readIssue, requireProject, toItem } from './jira-place.ts'
import { issueFields, type RemoteIssue, remoteIssue, target } from './schema.ts'
import { searchIssues } from './search-issues.ts'

type Wish = { marker: Marker; targets: readonly ItemTarget[]; again?: boolean | undefined }

/** Numbers after the newest one the index knows that are looked at, and how many of them may be missing in a row. */
const looksAtMost = 20
const missesAtMost = 2

/** The issue with the marker's label whose property bears it out: a clone takes the label along, not the property. */
export async function findIssue(place: JiraPlace, wish: Wish): Promise<TrackerItem | undefined> {
  const { marker, targets } = wish
  try {
    const search = {
      jql: `labels = "${markerLabel(marker)}"`,
      fields: issueFields,
      properties: [markerKeyInJira],
      schema: remoteIssue,
    }
    for await (const issues of searchIssues(place, search))
      for (const issue of issues) if (carries(issue, marker)) return toItem(issue, place.siteUrl)
  } catch (error) {
    if (isAppError(error, 'remote_not_found'))
      for (const { remote } of targets) await requireProject(place, target.parse(remote).project)
    throw error
  }
  if (wish.again !== true) return undefined
  const projects = new Set(targets.map(({ remote }) => target.parse(remote).project))
  for (const project of projects) {
    const found = await findUnindexed(place, { project, marker })
    if (found !== undefined) return found
  }
  return undefined
}

function carries(issue: RemoteIssue, marker: Marker): boolean {
  return isSameMarker(readMarker(issue.properties?.[markerKeyInJira], 'defect'), marker)
}

const keyed = z.object({ key: z.string() })

/**
 * What was made a moment ago may not be in the index yet, and asking again after a lost answer must not make a second
 * one. Issues are numbered, and reading one by its key is never late: so the numbers after the newest indexed are read.
 */
async function findUnindexed(
  place: JiraPlace,
  { project, marker }: { project: string; marker: Marker },
): Promise<TrackerItem | undefined> {
  const { id, key } = await requireProject(place, project)
  const search = { jql: `project = ${id} ORDER BY created DESC`, fields: ['key'], schema: keyed, pageSize: 1 }
  const { value: newest } = await searchIssues(place, search).next()
  const last = newest === undefined ? 0 : Number(newest[0]?.key.split('-').at(-1) ?? 0)
  let misses = 0
  for (let number = last + 1; number <= last + looksAtMost && misses <= missesAtMost; number++) {
    const seen = await readOrMissing(place, `${key}-${number}`)
    if (seen === undefined) misses += 1
    else if (carries(seen.issue, marker)) return seen.item
    else misses = 0
  }
  return undefined
}

async function readOrMissing(place: JiraPlace, key: string) {
  try {
    return await readIssue(place, key, [markerKeyInJira])
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) return undefined
    throw error
  }
}
