import type { Step, Walk } from '../walk.ts'
import { firstKey, peopleValues } from './administration.ts'

const workspace = '/workspaces/:workspace'
const project = `${workspace}/projects/:key`
const reviewers = `${project}/default-reviewers`
const keys = `${project}/deploy-keys`

const lifecycle: Step[] = [
  { method: 'POST', path: `${workspace}/projects`, body: { key: 'MARS', name: 'Mars' }, status: 201 },
  { method: 'POST', path: `${workspace}/projects`, body: { key: 'MARS', name: 'Mars' }, status: 400 },
  { method: 'POST', path: `${workspace}/projects`, body: { key: 'X', name: 'X' }, as: 'tomas-okoye', status: 403 },
  { method: 'POST', path: `${workspace}/projects`, with: { workspace: 'none' }, body: {}, status: 404 },
  { method: 'GET', path: `${workspace}/projects`, query: 'q=key="MARS"&sort=-name' },
  { method: 'GET', path: project, with: { key: 'MARS' } },
  { method: 'GET', path: project, with: { key: 'NONE' }, status: 404 },
  { method: 'PUT', path: project, with: { key: 'MARS' }, body: { description: 'Red' }, status: 200 },
  { method: 'PUT', path: project, with: { key: 'VENUS' }, body: { name: 'Venus' }, status: 201 },
  { method: 'PUT', path: project, with: { key: 'MARS' }, body: { name: 'M' }, as: 'tomas-okoye', status: 403 },
  { method: 'DELETE', path: project, with: { key: 'MARS' }, status: 204 },
  { method: 'DELETE', path: project, with: { key: 'MARS' }, status: 404 },
  { method: 'DELETE', path: project, status: 403 },
]

const rights: Step[] = (['users/:user', 'groups/:group'] as const).flatMap((tail): Step[] => {
  const grants = `${project}/permissions-config`
  const all = `${grants}/${tail.split('/')[0] ?? ''}`
  return [
    { method: 'PUT', path: `${grants}/${tail}`, body: { permission: 'create-repo' } },
    { method: 'PUT', path: `${grants}/${tail}`, body: {}, status: 400 },
    { method: 'PUT', path: `${grants}/${tail}`, body: { permission: 'read' }, as: 'ines-calder', status: 403 },
    { method: 'PUT', path: `${grants}/${tail}`, with: { key: 'NONE' }, body: {}, status: 404 },
    { method: 'GET', path: all },
    { method: 'GET', path: all, as: 'tomas-okoye', status: 403 },
    { method: 'GET', path: `${grants}/${tail}` },
    { method: 'GET', path: `${grants}/${tail}`, with: { user: 'x', group: 'x' }, status: 404 },
    { method: 'DELETE', path: `${grants}/${tail}`, status: 204 },
    { method: 'DELETE', path: `${grants}/${tail}`, as: 'tomas-okoye', status: 403 },
  ]
})

const settings: Step[] = [
  { method: 'GET', path: `${project}/branching-model` },
  { method: 'GET', path: `${project}/branching-model`, with: { key: 'NONE' }, status: 404 },
  { method: 'GET', path: `${project}/branching-model/settings` },
  { method: 'GET', path: `${project}/branching-model/settings`, as: 'tomas-okoye', status: 403 },
  {
    method: 'PUT',
    path: `${project}/branching-model/settings`,
    body: {
      production: { enabled: true, name: 'production', use_mainbranch: false },
      branch_types: [{ kind: 'bugfix', enabled: false }],
    },
  },
  {
    method: 'PUT',
    path: `${project}/branching-model/settings`,
    body: { branch_types: [{ kind: 'feature', prefix: 'a*b' }] },
    status: 400,
  },
  { method: 'GET', path: `${project}/branching-model` },
  { method: 'PUT', path: `${reviewers}/:user` },
  { method: 'PUT', path: `${reviewers}/:user`, with: { user: 'piet-oosten' }, status: 400 },
  { method: 'PUT', path: `${reviewers}/:user`, with: { user: 'nobody' }, status: 404 },
  { method: 'GET', path: reviewers },
  { method: 'GET', path: reviewers, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${reviewers}/:user` },
  { method: 'GET', path: '/repositories/:workspace/:slug/effective-default-reviewers' },
  { method: 'DELETE', path: `${reviewers}/:user`, status: 204 },
  { method: 'DELETE', path: `${reviewers}/:user`, status: 400 },
  { method: 'GET', path: `${reviewers}/:user`, status: 400 },
]

const keySteps: Step[] = [
  { method: 'POST', path: keys, body: { key: firstKey, label: 'build' }, keep: { id: ['id'] } },
  { method: 'POST', path: keys, body: { key: firstKey }, status: 400 },
  { method: 'POST', path: keys, body: { key: 'ssh-rsa x' }, status: 400 },
  { method: 'GET', path: keys },
  { method: 'GET', path: keys, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${keys}/:id` },
  { method: 'DELETE', path: `${keys}/:id`, status: 204 },
  { method: 'GET', path: `${keys}/:id`, status: 404 },
  { method: 'DELETE', path: `${keys}/:id`, status: 404 },
]

const workspaceSteps: Step[] = [
  { method: 'GET', path: '/user/emails/:email', with: { email: 'mara@meadow-goods.example' } },
  { method: 'GET', path: '/user/emails/:email', with: { email: 'other@meadow-goods.example' }, status: 404 },
  {
    method: 'GET',
    path: `${workspace}/members`,
    query: 'q=user.email IN ("ines@meadow-goods.example")&fields=%2Bvalues.user.email',
  },
  { method: 'GET', path: `${workspace}/members`, query: 'q=user.email="x"', as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${workspace}/permissions`, query: 'q=permission="owner"' },
  { method: 'GET', path: `${workspace}/permissions/repositories`, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${workspace}/permissions/repositories/:slug`, query: 'q=permission>"read"' },
  { method: 'GET', path: `${workspace}/permissions/repositories/:slug`, as: 'tomas-okoye', status: 403 },
]

export const projectsWalk: Walk = {
  name: 'what administrators of projects and workspaces decide',
  mode: '2026',
  values: (simulator) => ({ ...peopleValues(simulator), workspace: 'meadow-goods', slug: 'ledger-core', key: 'FIN' }),
  steps: [...lifecycle, ...rights, ...settings, ...keySteps, ...workspaceSteps],
}
