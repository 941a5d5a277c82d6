import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const pull = `${repository}/pullrequests/:id`
const commit = `${repository}/commit/:commit`
const report = `${commit}/reports/:report`

/** Listings that know q and sort. */
const queryable = [
  '/user/workspaces',
  '/user/workspaces/:workspace/permissions/repositories',
  '/workspaces/:workspace/members',
  '/workspaces/:workspace/permissions',
  '/workspaces/:workspace/permissions/repositories',
  '/workspaces/:workspace/permissions/repositories/:slug',
  '/workspaces/:workspace/projects',
  '/repositories/:workspace',
  `${repository}/refs`,
  `${repository}/refs/branches`,
  `${repository}/refs/tags`,
  `${repository}/pullrequests`,
  `${pull}/comments`,
  `${pull}/tasks`,
  `${pull}/statuses`,
  `${commit}/comments`,
  `${commit}/statuses`,
]

/** Listings by page number without them. */
const numbered = [
  '/user/emails',
  '/workspaces/:workspace/hooks',
  '/hook_events/:subject',
  `${repository}/hooks`,
  `${repository}/diffstat/*`,
  `${commit}/pullrequests`,
  `${commit}/reports`,
  `${report}/annotations`,
  `${pull}/commits`,
]

/** Listings by cursor. */
const byCursor = [
  `${repository}/commits`,
  `${repository}/commits/*`,
  `${repository}/pullrequests/activity`,
  `${pull}/activity`,
  `${repository}/src/:commit/*`,
]

const pages: Step[] = [...queryable, ...numbered, ...byCursor].flatMap((path): Step[] => [
  { method: 'GET', path, query: 'pagelen=0', status: 400 },
  { method: 'GET', path, query: 'pagelen=many', status: 400 },
  { method: 'GET', path, query: 'page=%00nothing', status: 400 },
])

const queries: Step[] = queryable.flatMap((path): Step[] => [
  { method: 'GET', path, query: 'q=no_such_field%3D%22x%22', status: 400 },
  { method: 'GET', path, query: 'q=((', status: 400 },
  { method: 'GET', path, query: 'sort=-no_such_field', status: 400 },
])

const missing = (method: Step['method'], path: string, values: Record<string, string>, body?: unknown): Step => ({
  method,
  path,
  with: values,
  status: 404,
  ...(body === undefined ? {} : { body }),
})

const nobody = '{00000000-0000-4000-8000-000000000000}'
const noCommit = { commit: '0123456789012345678901234567890123456789' }
const said = { content: { raw: 'x' } }

const unknownPeople: Step[] = [
  missing('GET', '/users/:user', { user: nobody }),
  missing('GET', '/user/workspaces/:workspace/permission', { workspace: 'no-such' }),
  missing('GET', '/user/workspaces/:workspace/permissions/repositories', { workspace: 'no-such' }),
  missing('GET', '/workspaces/:workspace/members/:member', { member: nobody }),
  missing('GET', '/workspaces/:workspace/projects/:key', { key: 'NONE' }),
  missing('GET', '/hook_events/:subject', { subject: 'planet' }),
  missing('GET', '/workspaces/:workspace/hooks/:uid', { uid: nobody }),
  missing('PUT', '/workspaces/:workspace/hooks/:uid', { uid: nobody }, { active: true }),
  missing('DELETE', '/workspaces/:workspace/hooks/:uid', { uid: nobody }),
  missing('GET', `${repository}/hooks/:uid`, { uid: nobody }),
  missing('PUT', `${repository}/hooks/:uid`, { uid: nobody }, { active: true }),
  missing('DELETE', `${repository}/hooks/:uid`, { uid: nobody }),
]

const unknownCommits: Step[] = [
  ...['', '/pullrequests', '/comments', '/statuses', '/statuses/build', '/reports'].map((tail) =>
    missing('GET', `${commit}${tail}`, noCommit),
  ),
  missing('POST', `${commit}/comments`, noCommit, said),
  missing('GET', `${commit}/comments/:comment`, { comment: '1' }),
  missing('PUT', `${commit}/comments/:comment`, { comment: '1' }, said),
  missing('DELETE', `${commit}/comments/:comment`, { comment: '1' }),
  missing('POST', `${commit}/statuses/build`, noCommit, { key: 'k', state: 'FAILED', url: 'https://a.example/' }),
  missing('GET', `${commit}/statuses/build/:key`, { key: 'none' }),
  missing('PUT', `${commit}/statuses/build/:key`, { key: 'none' }, { state: 'FAILED' }),
  missing('PUT', report, { ...noCommit, report: 'none' }, { title: 't', details: 'd', report_type: 'TEST' }),
  missing('GET', report, { report: 'none' }),
  missing('GET', `${report}/annotations`, { report: 'none' }),
  missing('POST', `${report}/annotations`, { report: 'none' }, []),
  missing('GET', `${report}/annotations/:annotation`, { annotation: 'none' }),
  missing('PUT', `${report}/annotations/:annotation`, { report: 'none', annotation: 'none' }, { summary: 's' }),
  missing('DELETE', `${report}/annotations/:annotation`, { report: 'none', annotation: 'none' }),
]

const unknownSource: Step[] = [
  missing('GET', `${repository}/refs/branches/*`, { '*': 'none' }),
  missing('DELETE', `${repository}/refs/branches/*`, { '*': 'none' }),
  missing('GET', `${repository}/refs/tags/*`, { '*': 'none' }),
  missing('GET', `${repository}/commits/*`, { '*': 'none' }),
  ...['diff', 'diffstat', 'patch', 'merge-base'].map((kind) =>
    missing('GET', `${repository}/${kind}/*`, { '*': 'none..main' }),
  ),
  missing('GET', `${repository}/src/:commit`, { commit: 'none' }),
  missing('GET', `${repository}/src/:commit/*`, { '*': 'no/such/file' }),
]

const unknownPullRequests: Step[] = [
  ...['', '/activity', '/comments', '/commits', '/diff', '/diffstat', '/patch', '/statuses', '/tasks'].map((tail) =>
    missing('GET', `${pull}${tail}`, { id: '999' }),
  ),
  missing('PUT', pull, { id: '999' }, { title: 't' }),
  ...['approve', 'request-changes'].flatMap((verdict) => [
    missing('POST', `${pull}/${verdict}`, { id: '999' }),
    missing('DELETE', `${pull}/${verdict}`, { id: '999' }),
  ]),
  missing('POST', `${pull}/decline`, { id: '999' }),
  missing('POST', `${pull}/merge`, { id: '999' }, {}),
  missing('POST', `${pull}/comments`, { id: '999' }, said),
  missing('POST', `${pull}/tasks`, { id: '999' }, said),
  ...['comments/:comment', 'tasks/:task'].flatMap((tail) => [
    missing('GET', `${pull}/${tail}`, { comment: '1', task: '1' }),
    missing('PUT', `${pull}/${tail}`, { comment: '1', task: '1' }, said),
    missing('DELETE', `${pull}/${tail}`, { comment: '1', task: '1' }),
  ]),
  missing('POST', `${pull}/comments/:comment/resolve`, { comment: '1' }),
  missing('DELETE', `${pull}/comments/:comment/resolve`, { comment: '1' }),
]

const badHooks = [
  '{',
  {},
  { url: 'https://a.example/' },
  { url: 'https://a.example/', events: [] },
  { url: 'https://a.example/', events: ['no:such'] },
  { url: 'nowhere', events: ['repo:push'] },
]

/** Bodies that are no JSON, lack what is required, or say what cannot be. */
const bodies: [method: Step['method'], path: string, ...bodies: unknown[]][] = [
  ['PUT', repository, '{'],
  ['POST', `${repository}/refs/branches`, '{', {}, { name: 'x' }, { name: 'main', target: { hash: 'main' } }],
  ['POST', `${repository}/pullrequests`, '{', {}, { title: 'x' }, { title: 'x', source: { branch: { name: 'none' } } }],
  ['PUT', pull, '{', { title: '' }, { destination: { branch: { name: 'none' } } }, { reviewers: [{ uuid: nobody }] }],
  ['POST', `${pull}/merge`, '{', { merge_strategy: 'none' }],
  ['POST', `${pull}/comments`, '{', {}, { content: {} }, { ...said, parent: { id: 1 } }],
  ['POST', `${pull}/tasks`, '{', {}, { content: {} }],
  ['POST', `${commit}/comments`, '{', {}, { content: {} }],
  ['POST', `${commit}/statuses/build`, '{', {}, { key: 'k', state: 'GREEN', url: 'https://a.example/' }],
  ['PUT', report, '{', {}, { title: 't', details: 'd', report_type: 'NONE' }],
  ['POST', `${report}/annotations`, '{', {}, [{ summary: 's' }]],
  ['PUT', `${report}/annotations/:annotation`, '{', { annotation_type: 'NONE', summary: 's' }],
  ['POST', `${repository}/hooks`, ...badHooks],
  ['POST', '/workspaces/:workspace/hooks', ...badHooks],
]

const badBodies: Step[] = bodies.flatMap(([method, path, ...refused]) =>
  refused.map((body): Step => ({ method, path, body, status: 400 })),
)

const notTheirs: Step[] = [
  { method: 'GET', path: '/workspaces/:workspace/hooks', as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${repository}/hooks`, as: 'tomas-okoye', status: 403 },
  { method: 'PUT', path: repository, body: { description: 'x' }, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: '/workspaces/:workspace/permissions/repositories', as: 'tomas-okoye', status: 403 },
  {
    method: 'GET',
    path: '/workspaces/:workspace/members',
    query: 'q=user.email~%22a%22',
    as: 'tomas-okoye',
    status: 403,
  },
  { method: 'PUT', path: `${pull}/comments/:comment`, body: said, as: 'tomas-okoye', status: 403 },
  { method: 'DELETE', path: `${pull}/comments/:comment`, as: 'tomas-okoye', status: 403 },
  { method: 'POST', path: `${pull}/comments/:comment/resolve`, status: 403 },
]

export const coreRefusalWalk: Walk = {
  name: 'what core operations refuse',
  mode: '2026',
  values: ({ users }) => {
    const mara = users[0]?.uuid ?? ''
    const source = {
      workspace: 'meadow-goods',
      slug: 'ledger-core',
      commit: 'main',
      '*': 'main',
      subject: 'repository',
    }
    return { ...source, id: '3', user: mara, member: mara, report: 'known', annotation: 'known' }
  },
  steps: [
    { method: 'GET', path: commit, keep: { commit: ['hash'] } },
    { method: 'PUT', path: report, body: { title: 't', details: 'd', report_type: 'TEST' } },
    {
      method: 'POST',
      path: `${report}/annotations`,
      body: [{ external_id: 'known', annotation_type: 'BUG', summary: 's' }],
    },
    { method: 'POST', path: `${pull}/comments`, body: said, keep: { comment: ['id'] } },
    ...pages.map((step) => (step.path.includes('/src/') ? { ...step, with: { '*': 'src/main' } } : step)),
    ...queries,
    ...unknownPeople,
    ...unknownCommits,
    ...unknownSource,
    ...unknownPullRequests,
    ...badBodies,
    ...notTheirs,
    { method: 'POST', path: `${pull}/decline` },
    { method: 'POST', path: `${pull}/decline`, status: 400 },
    { method: 'POST', path: `${pull}/merge`, body: {}, status: 400 },
  ],
}
