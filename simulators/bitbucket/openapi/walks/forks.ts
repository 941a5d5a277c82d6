import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const pull = `${repository}/pullrequests/:id`

const fork = { slug: 'walked-fork' }
const from = (name: string, full_name: string) => ({ branch: { name }, repository: { full_name } })
const across = { title: 'Across', source: from('chore/log4j', 'meadow-goods/walked-fork') }

const open = { method: 'POST', path: `${repository}/pullrequests` } as const
const notSources = [
  from('main', 'none/none'),
  from('main', 'meadow-goods/storefront-api'),
  from('none', 'meadow-goods/walked-fork'),
]
const refused: Step[] = [
  ...notSources.map((source): Step => ({ ...open, body: { ...across, source }, status: 400 })),
  { ...open, body: across, as: 'yuki-brandt', status: 400 },
]

/** What can be read of a pull request from elsewhere, while its fork is there. */
const readings = [
  '',
  '/activity',
  '/commits',
  '/comments',
  '/statuses',
  '/mergeability/checks',
  '/diff',
  '/diffstat',
  '/patch',
]

const reading: Step[] = readings.map((tail): Step => ({ method: 'GET', path: `${pull}${tail}` }))

const steps: Step[] = [
  { method: 'POST', path: `${repository}/forks`, body: { name: 'walked-fork' }, status: 201 },
  ...refused,
  { ...open, body: across, status: 201, keep: { id: ['id'] } },
  { method: 'PUT', path: pull, body: { title: 'Edited', source: across.source } },
  { method: 'PUT', path: pull, body: { source: from('main', 'meadow-goods/ledger-core') }, status: 400 },
  ...reading,
  { method: 'GET', path: `${repository}/pullrequests` },
  { method: 'GET', path: '/workspaces/:workspace/pullrequests/:user' },
  {
    method: 'GET',
    path: `${repository}/commit/:commit`,
    with: { ...fork, commit: 'chore/log4j' },
    keep: { commit: ['hash'] },
  },
  { method: 'GET', path: `${repository}/commit/:commit/pullrequests` },
  { method: 'POST', path: `${pull}/merge`, body: { close_source_branch: true } },
  { method: 'GET', path: `${repository}/refs/branches/*`, with: { ...fork, '*': 'chore/log4j' }, status: 404 },
  {
    ...open,
    body: { title: 'Left behind', source: from('bugfix/booked-only', 'meadow-goods/walked-fork') },
    status: 201,
    keep: { id: ['id'] },
  },
  { method: 'DELETE', path: repository, with: fork },
  { method: 'GET', path: pull },
  { method: 'GET', path: `${pull}/activity` },
  { method: 'GET', path: `${pull}/commits`, status: 404 },
  { method: 'POST', path: `${pull}/merge`, body: {}, status: 400 },
  { method: 'POST', path: `${pull}/decline` },
]

export const forkWalk: Walk = {
  name: 'pull requests from a fork',
  mode: '2026',
  values: ({ users }) => ({ workspace: 'meadow-goods', slug: 'ledger-core', user: users[0]?.uuid ?? '' }),
  steps,
}
