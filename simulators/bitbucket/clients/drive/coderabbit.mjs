// A review bot with `@coderabbitai/bitbucket`: reads what changed, comments on a line and asks for changes.
import { input, load, report } from './packages.mjs'

const { createBitbucketCloudClient } = load('@coderabbitai/bitbucket/cloud')
const { toBase64 } = load('@coderabbitai/bitbucket')
const { email, api_token: token } = input.ines
const client = createBitbucketCloudClient({
  baseUrl: input.api,
  headers: { Accept: 'application/json', Authorization: `Basic ${toBase64(`${email}:${token}`)}` },
})

const repository = '/repositories/{workspace}/{repo_slug}'
const here = { workspace: 'meadow-goods', repo_slug: 'storefront-api' }
const on = { ...here, pull_request_id: 4 }

const open = await client.GET(`${repository}/pullrequests`, {
  params: { path: here, query: { fields: '+values.reviewers', q: 'state = "OPEN" AND draft = false' } },
})
const one = await client.GET(`${repository}/pullrequests/{pull_request_id}`, { params: { path: on } })
const stat = await client.GET(`${repository}/pullrequests/{pull_request_id}/diffstat`, { params: { path: on } })
const diff = await client.GET(`${repository}/pullrequests/{pull_request_id}/diff`, {
  params: { path: on },
  parseAs: 'text',
})
const [changed] = stat.data.values
const comment = await client.POST(`${repository}/pullrequests/{pull_request_id}/comments`, {
  params: { path: on },
  body: {
    type: 'pullrequest_comment',
    content: { raw: 'Consider a constant.' },
    inline: { path: changed.new.path, to: 1 },
  },
})
const verdict = await client.POST(`${repository}/pullrequests/{pull_request_id}/request-changes`, {
  params: { path: on },
})
const commits = await client.GET(`${repository}/pullrequests/{pull_request_id}/commits`, { params: { path: on } })
const unknown = await client.GET(`${repository}/pullrequests/{pull_request_id}`, {
  params: { path: { ...here, pull_request_id: 999 } },
})

report({
  open: open.data.values.every((pull) => pull.state === 'OPEN' && Array.isArray(pull.reviewers)),
  title: typeof one.data.title,
  diff: diff.data.startsWith('diff --git'),
  comment: [comment.response.status, comment.data.inline.path === changed.new.path, comment.data.inline.to],
  verdict: verdict.data.state,
  commits: commits.data.values.length > 0,
  unknown: [unknown.response.status, unknown.error.type],
})
