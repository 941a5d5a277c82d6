// A model's host with `@nexus2520/bitbucket-mcp-server`: a whole review by its tools.
import { startServer } from './mcp.mjs'
import { failure, input, report } from './packages.mjs'

const start = ({ email, api_token: password }) =>
  startServer({
    script: '@nexus2520/bitbucket-mcp-server/build/index.js',
    env: { BITBUCKET_BASE_URL: input.api, BITBUCKET_USERNAME: email, BITBUCKET_APP_PASSWORD: password },
  })
const author = await start(input.mara)
const reviewer = await start(input.ines)
const here = { workspace: 'meadow-goods', repository: 'storefront-api' }
const json = async (server, name, args) => JSON.parse(await server.call(name, { ...here, ...args }))

// It lists projects across workspaces, which has ended.
const projects = (await failure(() => json(author, 'list_projects', {}))).message
const repositories = await json(author, 'list_repositories', { limit: 3 })
const branches = await json(author, 'list_branches', { filter: 'main' })
const directory = await author.call('list_directory_content', { ...here, branch: 'main' })
const file = await author.call('get_file_content', { ...here, file_path: 'package.json', branch: 'main' })
const history = await json(author, 'list_branch_commits', { branch_name: 'main', limit: 3 })
const created = await json(author, 'create_pull_request', {
  title: 'By a model',
  source_branch: input.branch,
  destination_branch: 'main',
  description: 'Asked for.',
})
const on = { pull_request_id: created.id ?? created.pull_request?.id }
const diff = await reviewer.call('get_pull_request_diff', { ...here, ...on })
const comment = await json(reviewer, 'add_comment', { ...on, comment_text: 'Why?' })
await json(author, 'add_comment', {
  ...on,
  comment_text: 'Because.',
  parent_comment_id: comment.id ?? comment.comment?.id,
})
await reviewer.call('set_review_status', { ...here, ...on, status: 'APPROVED' })
const updated = await author.call('update_pull_request', { ...here, ...on, title: 'By a model, again' })
const seen = await json(author, 'get_pull_request', on)
const commits = await json(author, 'list_pr_commits', on)
const merged = await json(author, 'merge_pull_request', {
  ...on,
  merge_strategy: 'squash',
  commit_message: 'By a model',
})
// It reads the reviewers of a listing, which has none: recorded in October 2026.
const listed = await failure(() => author.call('list_pull_requests', { ...here, state: 'ALL', limit: 5 }))
const branch = await json(author, 'get_branch', { branch_name: 'main', include_merged_prs: true })
const missing = await failure(() => author.call('get_pull_request', { ...here, pull_request_id: 999 }))
await author.stop()
await reviewer.stop()

report({
  tools: author.tools.length,
  projects,
  repositories: repositories.repositories.map((one) => one.slug).length,
  more: repositories.has_more,
  main: branches.branches.map((one) => one.name),
  directory: directory.includes('package.json'),
  file: file.includes('"name": "storefront-api"'),
  history: [history.commits.length, history.has_more],
  created: created.state,
  diff: diff.includes('diff --git'),
  updated: JSON.parse(updated).title,
  approved: seen.approved_by,
  comments: seen.active_comments.map((one) => one.text),
  files: seen.file_changes.length > 0,
  commits: commits.commits.length > 0,
  merged: merged.merged,
  head: branch.branch.latest_commit.message,
  listed: listed.message,
  missing: missing.message,
})
