import * as z from 'zod'
import { followPageTokens } from '../../jira/page-tokens.ts'
import type { JiraPlace } from './jira-place.ts'

type Search<Schema extends z.ZodType> = {
  jql: string
  fields: readonly string[]
  properties?: readonly string[]
  schema: Schema
  /** Jira gives 100 with fields at most, 5,000 with ids and keys alone. */
  pageSize?: number
}

/** Pages of a search: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ */
export async function* searchIssues<Schema extends z.ZodType>(
  { client, lane }: JiraPlace,
  { jql, fields, properties = [], schema, pageSize = 100 }: Search<Schema>,
): AsyncGenerator<z.output<Schema>[], undefined> {
  const answer = z.object({ issues: z.array(schema), nextPageToken: z.string().nullish() })
  const follow = followPageTokens()
  let nextPageToken: string | undefined
  do {
    const body = {
      jql,
      fields,
      properties,
      maxResults: pageSize,
      ...(nextPageToken !== undefined && { nextPageToken }),
    }
    const page = await client.post('/rest/api/3/search/jql', { what: 'search the issues', lane, schema: answer, body })
    yield page.issues
    nextPageToken = follow(page.nextPageToken)
  } while (nextPageToken !== undefined)
  return undefined
}
