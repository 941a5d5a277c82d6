import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { JiraClient } from '../client.ts'

const site = z
  .object({ id: z.string().min(1).max(100), url: z.url(), name: z.string(), scopes: z.array(z.string()) })
  .transform(({ id, url, name, scopes }) => ({ cloudId: id, webUrl: new URL(url).origin, name, scopes }))

/** A site a login may use, with the scopes it has there. */
export type RemoteSite = z.output<typeof site>

/** Sites with Jira that an OAuth login may use, at the root of the gateway. Confluence's are listed beside them and left out. */
export async function listSites(client: JiraClient, lane: RequestLane): Promise<RemoteSite[]> {
  const all = await client.get('/oauth/token/accessible-resources', {
    what: 'list the sites of the login',
    lane,
    schema: z.array(site),
  })
  return all.filter(({ scopes }) => scopes.some((scope) => scope.includes('jira')))
}
