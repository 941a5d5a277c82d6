import { expect, it } from 'vitest'
import * as z from 'zod'
import { searchIssues } from '../trackers/jira/search-issues.ts'
import type { JiraClient } from './client.ts'
import { searchIncidentIssues } from './readers/incident-issues.ts'

/** A Jira that answers with these tokens, one page after the other, and stops a search that asks far too often. */
function answering(tokenOf: (page: number) => string | null, most: number) {
  let asked = 0
  const post: JiraClient['post'] = async (_path, { schema }) => {
    asked += 1
    if (asked > most) throw new Error('asked again and again')
    return schema.parse({ issues: [], nextPageToken: tokenOf(asked) })
  }
  const unused = async () => Promise.reject(new Error('not asked'))
  const client: JiraClient = {
    post,
    get: unused,
    put: unused,
    write: unused,
    delete: unused,
    upload: unused,
    download: unused,
  }
  return { client, asked: () => asked }
}

const searches = {
  incidents: (client: JiraClient) =>
    searchIncidentIssues(client, { jql: 'project = OPS', placeField: null, lane: 'collect' }),
  issues: (client: JiraClient) =>
    searchIssues({ client, lane: 'collect' } as Parameters<typeof searchIssues>[0], {
      jql: 'project = OPS',
      fields: [],
      schema: z.unknown(),
    }),
}

async function countPages(pages: AsyncGenerator): Promise<number> {
  let count = 0
  for await (const _page of pages) count += 1
  return count
}

it.each(Object.entries(searches))('a search for %s ends at a token that was given before', async (_what, search) => {
  for (const tokens of [['a'], ['a', 'b']]) {
    const jira = answering((page) => tokens[page % tokens.length] ?? null, 10)
    await expect(countPages(search(jira.client))).rejects.toMatchObject({ code: 'remote_invalid_answer' })
    expect(jira.asked()).toBe(tokens.length + 1)
  }
})

it.each(Object.entries(searches))('a search for %s that never ends is given up', async (_what, search) => {
  const jira = answering((page) => `page ${page}`, 20_000)
  await expect(countPages(search(jira.client))).rejects.toMatchObject({ code: 'remote_invalid_answer' })
})

it.each(Object.entries(searches))('a search for %s reads every page there is', async (_what, search) => {
  const jira = answering((page) => (page < 4 ? `page ${page}` : null), 10)
  expect(await countPages(search(jira.client))).toBe(4)
})
