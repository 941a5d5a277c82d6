import { z } from 'zod'
import type { RepositoryFeedKind } from '../../src/domain/delivery/feed-kinds.ts'
import type { Told } from '../collect.ts'

export type Counts = Record<RepositoryFeedKind, number>

const sized = z.object({ size: z.number() })
const page = z.object({ values: z.array(z.unknown()), next: z.string().optional() })

/** How much there is of everything in each repository, by asking the simulator as somebody else. */
export async function countWorkspace({ api, workspace, users, repositories }: Told): Promise<Counts[]> {
  const [user] = users
  const headers = { authorization: `Bearer ${user?.api_token ?? ''}` }
  const ask = async (url: string): Promise<unknown> => (await fetch(url, { headers })).json()
  const counted: Counts[] = []
  for (const { slug } of repositories) {
    const base = `${api}/repositories/${workspace.slug}/${slug}`
    const size = async (path: string) => sized.parse(await ask(`${base}/${path}`)).size
    counted.push({
      pull_requests: await size('pullrequests?state=ALL&pagelen=1'),
      pipelines: await size('pipelines?pagelen=1'),
      deployments: await size('deployments?pagelen=1'),
      environments: await size('environments?pagelen=1'),
      activity: await countEntries(`${base}/pullrequests/activity?pagelen=50`, ask),
    })
  }
  return counted
}

/** This listing has no size: it is walked through. */
async function countEntries(first: string, ask: (url: string) => Promise<unknown>): Promise<number> {
  let count = 0
  for (let url: string | undefined = first; url !== undefined; ) {
    const { values, next }: z.infer<typeof page> = page.parse(await ask(url))
    count += values.length
    url = next
  }
  return count
}
