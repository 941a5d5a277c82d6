// A Backstage catalog with `@backstage/plugin-bitbucket-cloud-common`: walks projects, repositories and branches.
import { failure, input, load, report } from './packages.mjs'

const { BitbucketCloudClient } = load('@backstage/plugin-bitbucket-cloud-common')
const workspace = 'meadow-goods'
const own = { host: 'bitbucket.org', apiBaseUrl: input.api }
const { email: username, api_token: token } = input.mara

async function walk(client) {
  const repositories = []
  const pages = client.listRepositoriesByWorkspace(workspace, { q: 'project.key = "FIN"', sort: 'slug' })
  for await (const one of pages.iterateResults({ pagelen: 1 })) repositories.push(one.slug)
  const projects = []
  for await (const one of client.listProjectsByWorkspace(workspace).iterateResults()) projects.push(one.key)
  const branches = []
  for await (const one of client.listBranchesByRepository('ledger-core', workspace).iterateResults())
    branches.push(one.name)
  return { repositories, projects: projects.length, main: branches.includes('main') }
}

const byToken = BitbucketCloudClient.fromConfig({ ...own, username, token })
const { key: clientId, secret: clientSecret } = input.consumer
const found = []
for await (const one of byToken.searchCode(workspace, 'log4j repo:ledger-core', {}).iterateResults())
  found.push(one.file.path)

report({
  byToken: await walk(byToken),
  byConsumer: await walk(BitbucketCloudClient.fromConfig({ ...own, clientId, clientSecret })),
  found,
  gone: (await failure(() => byToken.listWorkspaces().getPage())).message.includes('410'),
})
