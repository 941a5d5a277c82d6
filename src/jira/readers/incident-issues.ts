import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { JiraClient } from '../client.ts'
import { followPageTokens } from '../page-tokens.ts'

/** PostgreSQL's text holds no NUL and no half of a pair. */
const text = z.string().transform((value) => value.replaceAll('\0', '').toWellFormed())
const named = z.object({ name: text })
/** A field of any kind that can name something: text, option, several of either, labels. */
const nameOf = z
  .union([
    z.string(),
    z.object({ value: z.string() }).transform(({ value }) => value),
    named.transform(({ name }) => name),
  ])
  .nullable()
  .catch(null)

/** Moments in RFC 3339 with an offset as `+0000`. */
const moment = z.string().transform((text, context) => {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  context.addIssue({ code: 'custom', message: 'no time' })
  return z.NEVER
})

const fields = z.looseObject({
  summary: text.nullish(),
  created: moment,
  resolutiondate: moment.nullish(),
  priority: named.nullish(),
  labels: z.array(text).nullish(),
  components: z.array(named).nullish(),
})
const called = text.pipe(z.string().min(1))
const issue = z.object({ id: called, key: called, fields })
/** One that cannot be read is told apart, and stops none of the others. */
const entry = z.union([issue, z.looseObject({ key: text }).transform(({ key }) => ({ unread: key }))])

/** An issue as an incident: `places` are the texts of the chosen field. */
export type IncidentIssue = {
  id: string
  key: string
  summary: string
  createdAt: Date
  resolvedAt: Date | null
  priority: string | null
  labels: string[]
  components: string[]
  places: string[]
}
export type IncidentPage = { issues: IncidentIssue[]; unread: string[] }

type Search = {
  jql: string
  /** Id of the field that names a repository. */
  placeField: string | null
  lane: RequestLane
}

const asked = ['summary', 'created', 'resolutiondate', 'priority', 'labels', 'components']
/** Jira's most with fields: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ */
const pageSize = 100

/** Pages of the issues a search finds. Throws as the client does; `remote_invalid` with Jira's words for a search it cannot read. */
export async function* searchIncidentIssues(
  client: JiraClient,
  { jql, placeField, lane }: Search,
): AsyncGenerator<IncidentPage> {
  const answer = z.object({ issues: z.array(entry), nextPageToken: z.string().nullish() })
  const all = placeField === null ? asked : [...asked, placeField]
  const follow = followPageTokens()
  let nextPageToken: string | undefined
  do {
    const body = { jql, fields: all, maxResults: pageSize, ...(nextPageToken !== undefined && { nextPageToken }) }
    const page = await client.post('/rest/api/3/search/jql', {
      what: 'search the incidents',
      lane,
      schema: answer,
      body,
    })
    yield {
      issues: page.issues.flatMap((one) => ('unread' in one ? [] : [toIncident(one, placeField)])),
      unread: page.issues.flatMap((one) => ('unread' in one ? [one.unread] : [])),
    }
    nextPageToken = follow(page.nextPageToken)
  } while (nextPageToken !== undefined)
}

function toIncident({ id, key, fields: of }: z.output<typeof issue>, placeField: string | null): IncidentIssue {
  const value: unknown = placeField === null ? null : of[placeField]
  const texts = (Array.isArray(value) ? value : [value]).flatMap((one) => nameOf.parse(one) ?? [])
  const { created: createdAt, resolutiondate: resolvedAt = null } = of
  return {
    id,
    key,
    summary: of.summary ?? '',
    createdAt,
    // Clocks disagree: nothing ends before it began.
    resolvedAt: resolvedAt !== null && resolvedAt < createdAt ? createdAt : resolvedAt,
    priority: of.priority?.name ?? null,
    labels: of.labels ?? [],
    components: (of.components ?? []).map(({ name }) => name),
    places: texts,
  }
}
