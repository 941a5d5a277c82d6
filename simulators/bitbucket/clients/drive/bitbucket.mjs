// A team's script with `bitbucket`: finds its repositories, opens a pull request, has it reviewed and merges it.
import { failure, input, load, report } from './packages.mjs'

const { Bitbucket } = load('bitbucket')
const { api, mara, ines, token } = input
const as = ({ email, api_token: password }) =>
  new Bitbucket({ baseUrl: api, notice: false, auth: { username: email, password } })
const author = as(mara)
const reviewer = as(ines)
const workspace = 'meadow-goods'
const repo_slug = 'storefront-api'
const here = { workspace, repo_slug }

async function everyRepository() {
  const pages = []
  let { data } = await author.repositories.list({ workspace, pagelen: 3, sort: 'slug' })
  pages.push(data.values.length)
  const slugs = data.values.map((one) => one.slug)
  while (author.hasNextPage(data)) {
    data = (await author.getNextPage(data)).data
    pages.push(data.values.length)
    slugs.push(...data.values.map((one) => one.slug))
  }
  return { pages, slugs }
}

async function review(pull_request_id) {
  const on = { ...here, pull_request_id }
  const { data: comment } = await reviewer.repositories.createPullRequestComment({
    ...on,
    _body: { type: 'pullrequest_comment', content: { raw: 'Is this **tested**?' } },
  })
  await author.repositories.createPullRequestComment({
    ...on,
    _body: { type: 'pullrequest_comment', content: { raw: 'It is.' }, parent: { id: comment.id } },
  })
  const { data: task } = await reviewer.pullrequests.createTask({
    ...on,
    _body: { content: { raw: 'Add a test' }, comment: { id: comment.id } },
  })
  await author.pullrequests.updateTask({ ...on, task_id: task.id, _body: { state: 'RESOLVED' } })
  const { data: approval } = await reviewer.repositories.createPullRequestApproval(on)
  const { data: comments } = await author.repositories.listPullRequestComments({ ...on, sort: '-created_on' })
  const { data: diff } = await author.repositories.getPullRequestDiff(on)
  const { data: stat } = await author.repositories.getPullRequestDiffStat(on)
  return {
    html: comment.content.html,
    approved: approval.approved,
    comments: comments.values.map((one) => [one.content.raw, one.parent?.id === comment.id]),
    diff: diff.startsWith('diff --git'),
    stat: stat.values.map((one) => one.status),
  }
}

const { data: me } = await author.users.getAuthedUser({})
const repositories = await everyRepository()
const { data: main } = await author.refs.getBranch({ ...here, name: 'main' })
const { data: branch } = await author.refs.createBranch({
  ...here,
  _body: { name: 'client/try', target: { hash: input.changed } },
})
const { data: opened } = await author.pullrequests.create({
  ...here,
  _body: { type: 'pullrequest', title: 'By a client', source: { branch: { name: 'client/try' } } },
})
const reviewed = await review(opened.id)
const { data: status } = await author.commitstatuses.createBuildStatus({
  ...here,
  commit: opened.source.commit.hash,
  _body: { type: 'build', key: 'ci', state: 'SUCCESSFUL', url: 'https://ci.example/1', name: 'CI' },
})
const { data: statuses } = await author.commitstatuses.listPullRequestStatuses({ ...here, pull_request_id: opened.id })
const { data: merged } = await author.pullrequests.merge({
  ...here,
  pull_request_id: opened.id,
  _body: { type: 'pullrequest_merge_parameters', merge_strategy: 'squash', close_source_branch: true },
})
const gone = await failure(() => author.refs.getBranch({ ...here, name: 'client/try' }))
const { data: readme } = await author.source.read({ ...here, commit: main.target.hash, path: 'README.md' })
const { data: hook } = await author.webhooks.create({
  ...here,
  _body: { description: 'try', url: 'https://hooks.example/x', active: true, events: ['repo:push'], secret: 'shh' },
})
await author.webhooks.delete({ ...here, uid: hook.uuid })
const removed = await failure(() => author.repositories.listGlobal({}))
const bearer = new Bitbucket({ baseUrl: api, notice: false, auth: { token } })
const { data: byToken } = await bearer.pullrequests.get({ ...here, pull_request_id: opened.id })

report({
  me: me.display_name,
  repositories,
  branch: branch.target.hash === input.changed,
  opened: [opened.state, opened.destination.branch.name],
  reviewed,
  status: status.state,
  reported: statuses.values.some((one) => one.key === 'ci'),
  merged: [merged.state, merged.closed_by.display_name],
  gone: gone.status,
  readme: readme.startsWith('# storefront-api'),
  hook: [hook.secret_set, hook.events],
  removed: [removed.status, removed.error.error.message],
  byToken: byToken.state,
})
