// A build server with `screwdriver-scm-bitbucket`: finds the repository, takes its hook, reports a build.
import { input, load, report } from './packages.mjs'

const Scm = load('screwdriver-scm-bitbucket')
const { token } = input
const scm = new Scm({
  oauthClientId: input.consumer.key,
  oauthClientSecret: input.consumer.secret,
  username: 'build-bot',
  email: 'build-bot@example.com',
})
const scmUri = await scm.parseUrl({
  checkoutUrl: 'https://bitbucket.org/meadow-goods/storefront-api.git#main',
  scmContext: 'bitbucket:bitbucket.org',
  token,
})
const sha = await scm.getCommitSha({ scmUri, token })
const author = await scm.decorateCommit({ scmUri, sha, token })
const file = await scm.getFile({ scmUri, path: 'package.json', token })
const pulls = await scm.getOpenedPRs({ scmUri, token })
const branches = await scm.getBranchList({ scmUri, token })
const permissions = await scm.getPermissions({ scmUri, token, scmContext: 'bitbucket:bitbucket.org' })
const status = await scm.updateCommitStatus({
  scmUri,
  sha,
  token,
  buildStatus: 'SUCCESS',
  url: 'https://cd.example/1',
  jobName: 'main',
  pipelineId: 1,
})
const hook = { scmUri, token, webhookUrl: 'https://cd.example/hook', actions: [] }
await scm.addWebhook(hook)
await scm.addWebhook(hook)
const url = await scm.decorateUrl({ scmUri, token })

const { values } = await scm.breaker.runCommand({ url: input.hooks, method: 'GET', token }).then(({ body }) => body)

report({
  repository: scmUri.includes(input.uuid),
  sha: sha.length,
  author: author.author.name,
  file: JSON.parse(file).name,
  pulls: pulls.map((one) => one.name),
  main: branches.some((one) => one.name === 'main'),
  permissions,
  status: status.body.state,
  hooks: values.length,
  url,
})
