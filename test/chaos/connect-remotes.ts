import { createConnection, getConnection } from '../../contract/remotes/connections.ts'
import { chooseRepositories, getConnectionProgress } from '../../contract/remotes/repositories.ts'
import { createTrackerRoute } from '../../contract/sync/tracker-routes.ts'
import { userOf } from '../../simulators/jira/try-api.ts'
import { until } from '../processes/weir-process.ts'
import { type AssetUnderScan, createAsset } from './asset-under-scan.ts'
import { type BitbucketSide, startBitbucketSide } from './bitbucket-side.ts'
import { type JiraSide, startJiraSide } from './jira-side.ts'
import type { RemoteSide } from './remote-side.ts'
import { type WeirCluster } from './weir-cluster.ts'

/** Both simulated hosts and the site; the two hosts have UUIDs of their own. */
export type Remotes = { discussions: BitbucketSide; issues: BitbucketSide; jira: JiraSide }

export async function startRemotes(): Promise<Remotes> {
  const [discussions, issues, jira] = await Promise.all([
    startBitbucketSide('2026', 1),
    startBitbucketSide('legacy', 2),
    startJiraSide(1),
  ])
  return { discussions, issues, jira }
}

/** An asset, and where its vulnerabilities go. */
export type Room = {
  asset: AssetUnderScan
  side: RemoteSide
  rename: (name: string) => Promise<void>
  /** Weir may not see its repository any more, until what this answers is called. */
  loseAccess: (status: 403 | 404) => () => void
}

/** What of which host is followed; `platform-infra` has its items in Jira. */
const chosen = {
  discussions: ['storefront-api', 'ledger-core', 'platform-infra'],
  issues: ['invoice-service'],
} as const

/** Connects all three and answers the assets that lead to them, with the ids of the connections. */
export async function connectRemotes(
  cluster: WeirCluster,
  { discussions, issues, jira }: Remotes,
): Promise<{ rooms: Room[]; connectionIds: string[] }> {
  const { admin } = cluster
  const first = await connectBitbucket(cluster, discussions, chosen.discussions)
  const second = await connectBitbucket(cluster, issues, chosen.issues)
  const mara = userOf(jira.simulator, 'mara')
  const site = await admin.call(createConnection, {
    body: { kind: 'jira', site_url: jira.simulator.site, email: mara.email, token: mara.api_token },
  })
  const titles = { count: 0 }
  const nextTitle = (): string => `Problem ${(titles.count += 1)}`
  const rooms = await Promise.all(
    [
      ...chosen.discussions.map((slug) => ({ slug, host: discussions })),
      ...chosen.issues.map((slug) => ({ slug, host: issues })),
    ].map(async ({ slug, host }): Promise<Room> => {
      const repository = host.simulator.repositories.find((one) => one.slug === slug)
      if (repository === undefined) throw new Error(`There is no ${slug}.`)
      const { id, key } = await findAsset(cluster, slug)
      const isForJira = slug === 'platform-infra'
      if (isForJira)
        await admin.call(createTrackerRoute, {
          body: {
            asset_id: id,
            tracker: 'jira',
            connection_id: site.id,
            settings: { project: 'SHOP', issueType: '10004' },
          },
        })
      const commit = await readHead(host, slug)
      return {
        asset: createAsset(cluster, { key, repository: slug, commit, nextTitle }),
        side: isForJira ? jira : host,
        rename: (name) => host.rename(repository.uuid, name),
        loseAccess: (status) => host.loseAccess(repository.uuid, status),
      }
    }),
  )
  return { rooms, connectionIds: [first, second, site.id] }
}

async function connectBitbucket(
  { admin }: WeirCluster,
  { simulator }: BitbucketSide,
  slugs: readonly string[],
): Promise<string> {
  const [owner] = simulator.users
  const { id } = await admin.call(createConnection, {
    body: {
      kind: 'bitbucket',
      credential: { kind: 'basic', username: owner?.email ?? '', secret: owner?.api_token ?? '' },
      workspace: simulator.workspace.slug,
      api_url: simulator.api,
      web_url: simulator.web,
    },
  })
  const params = { id }
  const uuids = simulator.repositories.filter(({ slug }) => slugs.includes(slug)).map(({ uuid }) => uuid)
  await admin.call(chooseRepositories, { params, body: { selection: { kind: 'some', uuids } } })
  await until('repositories and webhooks', async () => {
    const progress = await admin.call(getConnectionProgress, { params })
    if (progress.state === 'failed') throw new Error(progress.error ?? 'setting up failed')
    const seen = await admin.call(getConnection, { params })
    return progress.state === 'idle' && seen.assets === slugs.length && seen.webhooks_ok > 0
  })
  return id
}

async function findAsset({ db }: WeirCluster, slug: string): Promise<{ id: string; key: string }> {
  return db
    .selectFrom('asset')
    .innerJoin('repository', 'repository.id', 'asset.repository_id')
    .select(['asset.id', 'asset.key'])
    .where('repository.slug', '=', slug)
    .executeTakeFirstOrThrow()
}

async function readHead({ simulator }: BitbucketSide, slug: string): Promise<string> {
  const [person] = simulator.users
  const authorization = `Basic ${Buffer.from(`${person?.email}:${person?.api_token}`).toString('base64')}`
  const url = `${simulator.api}/repositories/${simulator.workspace.slug}/${slug}/refs/branches/main`
  const answer = await fetch(url, { headers: { authorization } })
  return ((await answer.json()) as { target: { hash: string } }).target.hash
}
