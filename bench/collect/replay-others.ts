import { z } from 'zod'
import type { Told } from '../collect.ts'

/** How often each listing was asked, and each thing that is asked one by one. */
export type Replayed = {
  requests: number
  /** Of them, really sent; the rest are one for each further pull request or run of a pipeline. */
  sent: number
  /** Answers that were no 2xx. A tracker that a repository does not have answers 404, and counts as a request. */
  refused: number
}

type Options = {
  /** Pull requests, and runs of pipelines, of each repository that are asked one by one; the rest are counted as one request each. */
  eachAtMost: number
}

const listed = z.object({ values: z.array(z.unknown()), next: z.string().optional(), size: z.number().optional() })
const numbered = z.object({ id: z.number() })
const named = z.object({ uuid: z.string() })
const placed = z.object({ environment: named })
const atOnce = 8

type Asker = ReturnType<typeof createAsker>

function createAsker({ users }: Told) {
  const headers = { authorization: `Bearer ${users[0]?.api_token ?? ''}` }
  const count: Replayed = { requests: 0, sent: 0, refused: 0 }
  const ask = async (url: string): Promise<z.infer<typeof listed>> => {
    count.requests += 1
    count.sent += 1
    const response = await fetch(url, { headers })
    if (!response.ok) count.refused += 1
    const body: unknown = await response.json()
    const page = listed.safeParse(body)
    return page.success ? page.data : { values: [] }
  }
  return {
    count,
    ask,
    /** Follows `next`, as the open connector's client does. */
    follow: async (first: string): Promise<unknown[]> => {
      const values: unknown[] = []
      for (let url: string | undefined = first; url !== undefined; ) {
        const page: z.infer<typeof listed> = await ask(url)
        values.push(...page.values)
        url = page.next
      }
      return values
    },
    /** Asks for the first page, and for as many more as its `size` says, as the plugin's collector does. */
    number: async (path: string, pageSize: number): Promise<unknown[]> => {
      const url = (page: number) => `${path}${path.includes('?') ? '&' : '?'}page=${page}&pagelen=${pageSize}`
      const first = await ask(url(1))
      const pages = Math.ceil((first.size ?? 0) / pageSize)
      const values = [...first.values]
      for (let page = 2; page <= pages; page += 1) values.push(...(await ask(url(page))).values)
      return values
    },
    /** One after the other in some lanes; beyond `most` only counted. */
    each: async <T>(
      items: readonly T[],
      work: { most: number; requests: number; of: (item: T) => Promise<unknown> },
    ) => {
      const own = items.slice(0, work.most)
      const queue = own.values()
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const item of queue) await work.of(item)
        }),
      )
      count.requests += (items.length - own.length) * work.requests
    },
  }
}

/**
 * The requests of Apache DevLake's Bitbucket plugin for pull requests, pipelines and deployments of every repository, with
 * the subtasks it has enabled by default: pull requests by 50, the comments and the commits of each, pipelines by 50, the
 * steps of each, deployments by 50, issues. Commits come from git there too. docs/benches.md says which version.
 */
export async function replayDevLake(told: Told, { eachAtMost }: Options): Promise<Replayed> {
  const asker = createAsker(told)
  for (const { slug } of told.repositories) {
    const base = `${told.api}/repositories/${told.workspace.slug}/${slug}`
    const numbers = (await asker.number(`${base}/pullrequests?state=all&sort=created_on`, 50)).map(toNumber)
    await asker.each(numbers, {
      most: eachAtMost,
      requests: 2,
      of: async (number) => {
        await asker.number(`${base}/pullrequests/${number}/comments?state=all`, 100)
        // Its list of fields leaves out the link to a next page: it never asks for one.
        await asker.ask(`${base}/pullrequests/${number}/commits?state=all&sort=created_on&pagelen=100`)
      },
    })
    const runs = (await asker.number(`${base}/pipelines/?sort=created_on`, 50)).map(toUuid)
    await eachRun(asker, runs, { base, eachAtMost, pageSize: 100 })
    await asker.number(`${base}/deployments/?state=all`, 50)
    await asker.ask(`${base}/issues?state=all&page=1&pagelen=100`)
  }
  return asker.count
}

/**
 * The requests of Faros' open connector for the same, without a start date: of each repository itself, branches, commits,
 * deployments by 100 and each environment once, pipelines by 100, pull requests (by 10, since the page size's name has a
 * letter too few there), and of each its diffstat and its activity. `withSteps`: its stream of pipeline steps too.
 */
export async function replayFaros(told: Told, options: Options & { withSteps: boolean }): Promise<Replayed> {
  const asker = createAsker(told)
  const workspace = `${told.api}/workspaces/${told.workspace.slug}`
  await asker.ask(workspace)
  await asker.follow(`${workspace}/members?pagelen=100`)
  await asker.follow(`${told.api}/repositories/${told.workspace.slug}?pagelen=100`)
  const states = '(state = "DECLINED" OR state = "MERGED" OR state = "OPEN" OR state = "SUPERSEDED")'
  for (const { slug } of told.repositories) {
    const base = `${told.api}/repositories/${told.workspace.slug}/${slug}`
    await asker.ask(base)
    await asker.follow(`${base}/refs/branches?pagelen=100`)
    await asker.follow(`${base}/commits?pagelen=100`)
    const deployments = await asker.follow(`${base}/deployments?pagelen=100`)
    const environments = new Set(deployments.map((one) => placed.parse(one).environment.uuid))
    for (const uuid of environments) await asker.ask(`${base}/environments/${encodeURIComponent(uuid)}`)
    const runs = (await asker.follow(`${base}/pipelines?pagelen=100&sort=-created_on`)).map(toUuid)
    if (options.withSteps) await eachRun(asker, runs, { base, eachAtMost: options.eachAtMost, pageSize: 100 })
    const query = encodeURIComponent(`${states} AND updated_on > 2000-01-01T00:00:00+00:00`)
    const numbers = (await asker.follow(`${base}/pullrequests?paglen=50&q=${query}`)).map(toNumber)
    await asker.each(numbers, {
      most: options.eachAtMost,
      requests: 2,
      of: async (number) => {
        await asker.follow(`${base}/pullrequests/${number}/diffstat?pagelen=100`)
        await asker.follow(`${base}/pullrequests/${number}/activity?pagelen=50`)
      },
    })
  }
  return asker.count
}

type Runs = { base: string; eachAtMost: number; pageSize: number }

async function eachRun(asker: Asker, runs: readonly string[], { base, eachAtMost, pageSize }: Runs): Promise<void> {
  await asker.each(runs, {
    most: eachAtMost,
    requests: 1,
    of: (uuid) => asker.number(`${base}/pipelines/${encodeURIComponent(uuid)}/steps/`, pageSize),
  })
}

function toNumber(value: unknown): number {
  return numbered.parse(value).id
}

function toUuid(value: unknown): string {
  return named.parse(value).uuid
}
