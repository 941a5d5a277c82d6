import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const issue = `${repository}/issues/:id`

const steps: Step[] = [
  { method: 'GET', path: '/repositories' },
  { method: 'GET', path: '/workspaces' },
  { method: 'GET', path: '/user/permissions/workspaces' },
  { method: 'GET', path: '/user/permissions/repositories' },
  { method: 'GET', path: '/snippets' },
  { method: 'GET', path: repository },
  { method: 'GET', path: '/hook_events/:subject', with: { subject: 'repository' } },
  {
    method: 'POST',
    path: `${repository}/issues`,
    body: { title: 'one', content: { raw: 'text' } },
    keep: { id: ['id'] },
  },
  { method: 'GET', path: `${repository}/issues` },
  { method: 'PUT', path: issue, body: { state: 'open' } },
  {
    method: 'POST',
    path: `${issue}/changes`,
    body: { changes: { state: { new: 'resolved' } }, message: { raw: 'done' } },
    keep: { change: ['id'] },
  },
  { method: 'GET', path: `${issue}/changes` },
  { method: 'GET', path: `${issue}/changes/:change` },
  { method: 'POST', path: `${issue}/comments`, body: { content: { raw: 'hello' } }, keep: { comment: ['id'] } },
  { method: 'GET', path: `${issue}/comments` },
  { method: 'GET', path: `${issue}/comments/:comment` },
  { method: 'PUT', path: `${issue}/comments/:comment`, body: { content: { raw: 'hi' } } },
  { method: 'DELETE', path: `${issue}/comments/:comment` },
  { method: 'GET', path: issue },
  { method: 'DELETE', path: issue },
]

export const trackerWalk: Walk = {
  name: 'the issue tracker and the listings across workspaces',
  mode: 'legacy',
  values: () => ({ workspace: 'meadow-goods', slug: 'ledger-core' }),
  steps,
}
