import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const commit = `${repository}/commit/:commit`
const pull = `${repository}/pullrequests/:id`

const reading: Step[] = [
  { method: 'GET', path: `${repository}/commits`, query: 'include=main&exclude=chore%2Flog4j&path=pom.xml' },
  { method: 'GET', path: `${repository}/commits`, query: 'include=gone', status: 404 },
  { method: 'POST', path: `${repository}/commits`, body: { include: ['main'], exclude: ['chore/log4j'] } },
  { method: 'POST', path: `${repository}/commits`, body: { include: ['gone'] }, status: 404 },
  { method: 'POST', path: `${repository}/commits/*`, with: { '*': 'main' }, body: { exclude: 'chore/log4j' } },
  { method: 'POST', path: `${repository}/commits/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: commit, status: 404, with: { commit: 'gone' } },
  {
    method: 'GET',
    path: `${repository}/diff/*`,
    with: { '*': 'chore%2Flog4j..main' },
    query: 'context=0&binary=false',
  },
  { method: 'GET', path: `${repository}/diff/*`, with: { '*': 'main' }, query: 'topic=true&merge=true', status: 400 },
  { method: 'GET', path: `${repository}/diff/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: `${repository}/diffstat/*`, with: { '*': 'main' }, query: 'renames=false&path=pom.xml' },
  { method: 'GET', path: `${repository}/diffstat/*`, with: { '*': 'main' }, query: 'topic=perhaps', status: 400 },
  { method: 'GET', path: `${repository}/patch/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: `${repository}/merge-base/*`, with: { '*': 'main' }, status: 404 },
  { method: 'GET', path: `${repository}/file-conflicts/*`, with: { '*': 'chore%2Flog4j..main' } },
  { method: 'GET', path: `${repository}/file-conflicts/*`, with: { '*': 'chore%2Flog4j..gone' }, status: 404 },
  {
    method: 'GET',
    path: `${repository}/src/:commit/*`,
    with: { '*': 'pom.xml' },
    query: 'format=rendered',
    status: 400,
  },
  { method: 'GET', path: `${repository}/src/:commit/*`, with: { '*': 'src' }, query: 'max_depth=4&sort=-size' },
  { method: 'GET', path: `${repository}/src/:commit/*`, with: { '*': 'src' }, query: 'q=colour=1', status: 400 },
  { method: 'GET', path: `${repository}/src/:commit/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: `${repository}/filehistory/:commit/*`, with: { '*': 'pom.xml' } },
  { method: 'GET', path: `${repository}/filehistory/:commit/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: '/workspaces/:workspace/search/code', query: 'search_query=log4j+repo:ledger-core' },
  { method: 'GET', path: '/workspaces/:workspace/search/code', status: 400 },
  {
    method: 'GET',
    path: '/workspaces/:workspace/search/code',
    query: 'search_query=a',
    as: 'piet-oosten',
    status: 403,
  },
  {
    method: 'GET',
    path: '/teams/:username/search/code',
    with: { username: 'meadow-goods' },
    query: 'search_query=log4j',
  },
  { method: 'GET', path: '/teams/:username/search/code', query: 'search_query=x', status: 400 },
  { method: 'GET', path: '/users/:user/search/code', query: 'search_query=log4j' },
  { method: 'GET', path: '/users/:user/search/code', with: { user: 'nobody' }, query: 'search_query=x', status: 404 },
]

const changing: Step[] = [
  { method: 'POST', path: `${commit}/approve` },
  { method: 'GET', path: commit },
  { method: 'DELETE', path: `${commit}/approve` },
  { method: 'DELETE', path: `${commit}/approve`, status: 404 },
  { method: 'POST', path: `${commit}/approve`, with: { commit: 'gone' }, status: 404 },
  { method: 'POST', path: `${repository}/refs/tags`, body: { name: 'v9', target: { hash: 'main' } } },
  { method: 'POST', path: `${repository}/refs/tags`, body: { name: 'v9', target: { hash: 'main' } }, status: 400 },
  { method: 'GET', path: `${repository}/refs/tags/*`, with: { '*': 'v9' } },
  { method: 'DELETE', path: `${repository}/refs/tags/*`, with: { '*': 'v9' } },
  { method: 'DELETE', path: `${repository}/refs/tags/*`, with: { '*': 'v9' }, status: 404 },
  {
    method: 'POST',
    path: `${repository}/refs/branches`,
    body: { name: 'a..b', target: { hash: 'main' } },
    status: 400,
  },
  { method: 'DELETE', path: `${repository}/refs/branches/*`, with: { '*': 'main' }, status: 400 },
  { method: 'GET', path: `${repository}/refs/branches/*`, with: { '*': 'gone' }, status: 404 },
  { method: 'GET', path: `${repository}/refs/branches`, query: 'sort=-name' },
  { method: 'GET', path: `${repository}/refs`, query: 'sort=colour', status: 400 },
  { method: 'POST', path: `${repository}/src`, query: 'branch=fresh&parents=main&message=Begin' },
  { method: 'POST', path: `${repository}/src`, query: 'branch=fresh', status: 400 },
  { method: 'POST', path: `${repository}/src`, query: 'branch=fresh&parents=main', status: 409 },
  { method: 'POST', path: `${repository}/src`, as: 'piet-oosten', query: 'branch=other', status: 403 },
]

const pullRequests: Step[] = [
  { method: 'GET', path: `${pull}/conflicts` },
  { method: 'GET', path: `${pull}/conflicts`, with: { id: '99' }, status: 404 },
  { method: 'GET', path: `${pull}/mergeability/checks` },
  { method: 'GET', path: `${pull}/mergeability/checks`, with: { id: '99' }, status: 404 },
  { method: 'POST', path: `${repository}/pullrequests`, body: { title: 'x' }, status: 400 },
  {
    method: 'POST',
    path: `${repository}/pullrequests`,
    body: { title: 'x', source: { branch: { name: 'gone' } } },
    status: 400,
  },
  { method: 'PUT', path: pull, body: { reviewers: [{ nickname: 'Mara Lind' }] }, status: 400 },
  { method: 'PUT', path: pull, body: { draft: true } },
  { method: 'POST', path: `${pull}/merge`, body: {}, status: 400 },
  { method: 'PUT', path: pull, body: { draft: false } },
  { method: 'POST', path: `${pull}/merge`, body: { merge_strategy: 'octopus' }, status: 400 },
  { method: 'POST', path: `${pull}/merge`, body: { merge_strategy: 'squash' }, as: 'piet-oosten', status: 403 },
  { method: 'POST', path: `${pull}/merge`, query: 'async=true', body: {}, status: 202 },
  { method: 'GET', path: `${pull}/merge/task-status/:task`, with: { task: 'never-given-out' } },
  { method: 'GET', path: `${pull}/merge/task-status/:task`, with: { task: 'x', id: '99' }, status: 404 },
]

export const codeWalk: Walk = {
  name: 'source, refs, ranges, search and merges',
  mode: '2026',
  values: ({ users }) => ({
    workspace: 'meadow-goods',
    slug: 'ledger-core',
    id: '3',
    commit: 'main',
    user: users[0]?.uuid ?? '',
    username: 'mara-lind',
  }),
  steps: [...reading, ...changing, ...pullRequests],
}
