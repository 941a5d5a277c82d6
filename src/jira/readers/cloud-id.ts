import * as z from 'zod'
import type { HttpClient } from '../../lib/http-client.ts'

const tenant = z.object({ cloudId: z.string().min(1).max(100) })

/**
 * The id of the site at an address, which never changes; undefined where no Jira Cloud site answers. Open to everybody:
 * https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/. Throws as the HTTP client does.
 */
export async function readCloudId(http: HttpClient, siteUrl: string): Promise<string | undefined> {
  const answer = await http.request({
    url: `${siteUrl}/_edge/tenant_info`,
    headers: { accept: 'application/json' },
    timeoutMs: 10_000,
    redirect: 'same-origin',
  })
  if (answer.status !== 200) return undefined
  return tenant.safeParse(parse(answer.text())).data?.cloudId
}

/** A server of another kind answers with a page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
