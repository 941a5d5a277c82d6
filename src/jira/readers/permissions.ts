import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { JiraClient } from '../client.ts'

const permissions = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) })

/** Which of the named permissions the account has somewhere on the site. */
export async function readPermissions(
  client: JiraClient,
  { asked, lane }: { asked: readonly string[]; lane: RequestLane },
): Promise<Set<string>> {
  const answer = await client.get('/rest/api/3/mypermissions', {
    what: 'read what the account may do',
    lane,
    schema: permissions,
    query: { permissions: asked.join(',') },
  })
  return new Set(asked.filter((one) => answer.permissions[one]?.havePermission === true))
}
